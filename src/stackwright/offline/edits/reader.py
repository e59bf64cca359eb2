"""Reads a follow-up message as changes to an existing specification, without a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stackwright.offline import normalise, unsupported
from stackwright.offline.accounts import Clause, Granted, take_accounts, with_accounts
from stackwright.offline.edits.commands import RULES, Session, choice, title
from stackwright.offline.edits.fields import Rename
from stackwright.offline.edits.wordings import (
    one_sentence,
    plain_listing,
    plain_request,
    two_requests,
)
from stackwright.offline.fulfilled import Fulfilled, fulfil, with_pictures
from stackwright.offline.link_forms import speaks_of_links
from stackwright.scaffold.spec import AppSpec

__all__ = ["Change", "Rename", "read_change"]

ABILITIES: Final = (
    "Without a model key I can add, rename or remove a field or a kind of record, change the title,"
    " add a filter, a status or choices, make a field required or optional, relate two kinds of"
    " record, add rules, figures, charts, a board or a calendar, sort, import, export"
    " or print a list, add pictures or documents to"
    " records, and make a landing page or a public form."
)


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


_VERBS = r"(?:add|include|introduce|create|append|insert|put|attach|rename|remove|delete|drop|get rid of|change|make|set|call|let|filter|link|connect|relate|mark|allow|track|record|store|replace|turn|convert|kick|throw|scrap|sort|hide|show|import|export|print|each|every)"
_CLAUSE = re.compile(
    rf"(?:[.;!\n]\s*|,?\s*\b(?:and then|then|and also|also|and)\s+(?:please\s+)?(?={_VERBS}\b)|,\s*(?={_VERBS}\b))",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\b((?:for|on|in) (?:each|every|the|all) [\w -]{1,40}),\s*", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:oh|ah|hmm?|well|actually|sorry|by the way|btw|one more thing|hi|hello|hey|please|ok|okay|now|great|nice|thanks|thank you|cool|perfect|so|and|also|then|could you|can you|would you|will you|i'd (?:also )?like(?: you)? to|i would (?:also )?like(?: you)? to|i want(?: you)? to|we want to|we need to|i need to|let's|you should|kindly|just)\b[\s,!.]*)+",
    re.IGNORECASE,
)
_WANT = re.compile(
    r"^(?:i|we) (?:also )?(?:want|need|would like)\s+|^(?:there should be|it needs|it should have|we should have|give me)\s+",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^(?:what|why|how|who|when|where|is|are|does|do|did)\b|^(?:hi|hello|hey|thanks|thank you)?\W*$",
    re.IGNORECASE,
)


def read_change(text: str, spec: AppSpec) -> Change:
    """Apply what `text` asks for to `spec`. Never raises; an empty change carries a refusal."""
    plain, rights = take_accounts(_POLITE.sub("", normalise.plain(text).strip()))
    if rights:
        return _with_rights(plain, spec, rights)
    session = Session(spec)
    text = re.sub(r"\bdrag and drop\b", "drag-and-drop", text, flags=re.IGNORECASE)
    clean = _LEAD.sub(r"\1 ", one_sentence(normalise.plain(text).strip()))
    clean = two_requests(clean)
    if not clean or _ANSWER.match(_POLITE.sub("", clean)) or _ANSWER.match(clean):
        return Change(
            spec, (), (), (f"This message asks for no change that I understand. {ABILITIES}",)
        )
    quoted = re.sub(r'"([^"\n]{1,60})"', lambda m: '"' + m[1].replace(" ", "\u2423") + '"', clean)
    for clause in _CLAUSE.split(" ".join(quoted.split("\n"))):
        words = clause.strip(" ,.;")
        if words:
            _read_clause(session, words)
    if not session.operations and not session.refused:
        session.refused.append(f"I found no change in this message. {ABILITIES}")
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


def _read_clause(session: Session, clause: str) -> None:
    asked = plain_request(_POLITE.sub("", clause))
    words = plain_listing(_WANT.sub("add ", asked).strip())
    if not words:
        return
    if _fulfil(session, words, asked):
        return
    if speaks_of_links(_shown(asked)):
        session.refused.append(
            f'"{_shown(asked)}": I find no two kinds of record here that can be linked or ordered so. '
            "Records that are linked already keep their link."
        )
        return
    if unsupported.needs_model(words) and not re.match(
        r"^(?:rename|remove|delete|drop|call|change the (?:title|name))", words, re.IGNORECASE
    ):
        session.refused.append(f'"{_shown(words)}" needs a model key.')
        return
    added = re.sub(r"^(?:add|include|create|insert|put)\s+", "", words, flags=re.IGNORECASE)
    if added != words and unsupported.is_built_in(added):
        session.refused.append(f'"{_shown(added)}": every application has this already.')
        return
    if added != words and (unsupported.needs_model(added) or unsupported.asks_for_records(added)):
        session.refused.append(f'"{_shown(words)}" needs a model key.')
        return
    plain = normalise.rewrite(words)
    for pattern, act in RULES:
        found = pattern.match(words if act in (title, choice) else plain)
        if found and act(session, found):
            return
    session.refused.append(f'I cannot do "{_shown(words)}" without a model key. {ABILITIES}')


def _fulfil(session: Session, words: str, asked: str) -> bool:
    """Rules, figures and views, in the wordings that a first message may have too."""
    shown = re.sub(
        r"^(?:make|create|build|give (?:me|us)) (?=an? )", "add ", words, flags=re.IGNORECASE
    )
    for said in dict.fromkeys((asked.strip(), words, shown)):
        spec, done = fulfil(session.spec, [_shown(said)])
        if not done:
            continue
        if spec == session.spec:
            session.refused.append(f"{done[0].text} That is so already.")
        else:
            session.spec = spec
            session.operations.append(done[0].text)
            session.fulfilled += done
            session.focus = done[0].entity
        return True
    return False


def _shown(words: str) -> str:
    return words.replace("\u2423", " ").replace("<", "(").replace(">", ")").replace("|", ", ")[:120]
