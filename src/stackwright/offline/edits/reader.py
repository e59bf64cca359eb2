"""Reads a follow-up message as changes to an existing specification, without a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.offline import normalise
from stackwright.offline.accounts import Clause, Granted, take_accounts, with_accounts
from stackwright.offline.edits.clauses import (
    EMPTY,
    POLITE,
    VERBS,
    read_clause,
    to_repeat,
    without_short,
)
from stackwright.offline.edits.fields import Rename
from stackwright.offline.edits.refusals import left_over, nothing_asked
from stackwright.offline.edits.session import NOTHING, Session, Spoken
from stackwright.offline.edits.wordings import one_sentence, two_requests
from stackwright.offline.fulfilled import Fulfilled, with_pictures
from stackwright.scaffold.spec import AppSpec

__all__ = ["Change", "Rename", "read_change"]


@dataclass(frozen=True)
class Change:
    """The new specification, what was done to reach it, and what could not be done."""

    spec: AppSpec
    operations: tuple[str, ...]
    renames: tuple[Rename, ...]
    refused: tuple[str, ...]
    granted: tuple[Granted, ...] = ()
    """Logins and rights."""
    fulfilled: tuple[Fulfilled, ...] = ()
    """Rules, figures and views among the operations."""


_CLAUSE = re.compile(
    rf"(?:(?:\.(?=\s|$)|[;!?\n])\s*|,?\s*\b(?:and then|then|and also|also|and|so|but)\s+(?:please\s+)?(?={VERBS}\b)|,\s*(?={VERBS}\b))",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\b((?:for|on|in) (?:each|every|the|all) [\w -]{1,40}),\s*", re.IGNORECASE)


def read_change(
    text: str,
    spec: AppSpec,
    *,
    spoken: Spoken = NOTHING,
    earlier: Sequence[AppSpec] = (),
    before: str = "",
) -> Change:
    """Apply what `text` asks for to `spec`. Never raises; an empty change carries a refusal.

    `spoken`: what "it" means, from the message before; `earlier`: the versions from which something can
    be brought back; `before`: the last message that changed something, which "the same" repeats."""
    knows = spec.kit("accounts") is not None
    plain, rights = take_accounts(POLITE.sub("", normalise.plain(text).strip()), is_sure=knows)
    if rights:
        return _with_rights(plain, spec, rights)
    session = Session(spec, spoken=spoken, earlier=earlier)
    session.last = to_repeat(spec, without_short(POLITE.sub("", before.strip(" .!?"))))
    text = re.sub(r"\bdrag and drop\b", "drag-and-drop", text, flags=re.IGNORECASE)
    clean = _LEAD.sub(r"\1 ", one_sentence(normalise.plain(text).strip()))
    clean = two_requests(clean)
    asked = POLITE.sub("", clean)
    if not clean or EMPTY.match(without_short(asked)):
        return Change(spec, (), (), (nothing_asked(spec),))
    quoted = re.sub(r'"([^"\n]{1,60})"', lambda m: '"' + m[1].replace(" ", "\u2423") + '"', clean)
    for clause in _CLAUSE.split(" ".join(quoted.split("\n"))):
        words = clause.strip(" ,.;")
        if words:
            read_clause(session, words)
    session.refused += left_over(session.spec, session.unread, is_all=not session.operations)
    if not session.operations and not session.refused:
        session.refused.append(nothing_asked(spec))
    refused = tuple(dict.fromkeys(session.refused))
    changed, pictures = with_pictures(session.spec, spec)
    fulfilled = (*session.fulfilled, *pictures)
    return Change(
        changed,
        _with_pictures(session.operations, pictures),
        tuple(session.renames),
        refused,
        fulfilled=fulfilled,
    )


def _with_pictures(operations: Sequence[str], pictures: Sequence[Fulfilled]) -> tuple[str, ...]:
    """A picture is told as an upload, not as the field that it was read as."""
    named = tuple(f'Added "{one.words}" (url)' for one in pictures)
    others = [one for one in operations if not (named and one.startswith(named))]
    return (*others, *(one.text for one in pictures))


def _with_rights(rest: str, spec: AppSpec, rights: Sequence[Clause]) -> Change:
    """Logins and rights, and what the message says beside them."""
    rest = re.sub(
        r"^\W*(?:let|allow|and|but|please|so|that|now)\W*$", "", rest, flags=re.IGNORECASE
    )
    other = read_change(rest, spec) if re.search(r"\w", rest) else Change(spec, (), (), ())
    changed, granted, unbuilt = with_accounts(other.spec, rights)
    return Change(
        changed,
        (*other.operations, *(one.text for one in granted)),
        other.renames,
        (*other.refused, *(f"“{one.words}”: {one.reason}" for one in unbuilt)),
        granted,
        other.fulfilled,
    )
