"""Rights and logins in clauses that were left over, by their words in any order.

Who it is stands before the first verb of what may be done ("only", "can", "must not" say which of them);
with which records stands behind. Each other word must mean nothing, or the clause is left as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from stackwright.offline.account_forms import ACTIONS, GENERIC
from stackwright.offline.account_words import Clause as Right
from stackwright.offline.slots import EMPTY, Clause, Token, clause_of
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec

_WRITES: Final = ("add", "change", "delete")
_ADVERBS: Final = word_set("look at but only own others other other's others' each full able log logged logging in sign signed signing without login account password logins accounts read only access else's someone somebody ones one")  # fmt: skip
_ALL: Final = word_set("everything anything all them it these those things data records entries nothing")  # fmt: skip
_OPEN: Final = re.compile(
    r"\bwithout (?:(?:an? )?(?:login|account|password)|(?:logging|signing) in)\b"
)
_OWN: Final = re.compile(r"\b(?:their|his|her|its|my) own\b|\bown\b")
_OTHERS: Final = re.compile(r"\beach other(?:'s)?\b|\b(?:others?'?|other's|other people's|someone else's|somebody else's)(?= )")  # fmt: skip
_LOGIN: Final = re.compile(
    r"\b(?:log in|login|logins|sign in|(?:their|his|her|an?|own) account|own accounts|password)\b"
)
_NO: Final = word_set("not never cannot can't don't doesn't mustn't shouldn't won't nothing cant dont mustnt may't")  # fmt: skip
_EXPORT: Final = re.compile(r" (?:or|and) (?:export|print|import)\b| ?\b(?:export|print|import) (?:or|and)(?= )", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """`allowed` and `refused` are verbs in their base form, each with the records behind it."""

    who: str
    allowed: tuple[str, ...]
    refused: tuple[str, ...]
    kinds: tuple[EntitySpec, ...]
    is_all: bool


def rights_in(spec: AppSpec, phrases: Sequence[str], who: str = "") -> Iterator[Right]:
    """What the phrases say of rights and logins. `who` was spoken of before."""
    for words in phrases:
        told = list(_rights(clause_of(spec, _EXPORT.sub("", words)), who))
        for kind, name, verbs, nouns in told:
            who = name or who
            yield Right(_EXPORT.sub("", words), kind, name, verbs, nouns)


_Told = tuple[str, str, str, str]


def _rights(clause: Clause, before: str) -> Iterator[_Told]:
    said = _said(clause)
    if said is None:
        if _LOGIN.search(clause.low) and (who := _who_logs_in(clause)):
            yield "login", who, "", ""
        return
    who, low = said.who or before, clause.low
    nouns = " and ".join(one.label_plural for one in said.kinds)
    named = nouns or ("everything" if said.is_all else "")
    verbs, refused = " and ".join(said.allowed), " and ".join(said.refused)
    is_only = re.search(r"\bonly\b", low) is not None
    if _OWN.search(low) and is_only and verbs and nouns:
        yield "own", who, verbs, nouns
    elif _OTHERS.search(low) and refused and nouns:
        yield "own", who, refused, nouns
    elif _OPEN.search(low) and verbs and not refused:
        every = " and ".join(one.label_plural for one in clause.spec.entities)
        yield "anyone", who, verbs, nouns or every
    elif _OWN.search(low) or _OTHERS.search(low) or _OPEN.search(low):
        return
    elif re.match(
        r"(?:and |but |so )*(?:only |(?:nobody|none) (?:but|except|else than|other than) )", low
    ):
        if verbs and not refused and who and said.who:
            yield "only", who, verbs, named or "everything"
    elif who and not {who} & GENERIC and verbs and named and (refused or is_only):
        yield from _limited(clause.spec, who, said, is_only=is_only)


def _limited(spec: AppSpec, who: str, said: _Said, *, is_only: bool) -> Iterator[_Told]:
    """'Workers can add harvests only', 'assistants can add visits but not delete them', 'my niece may look
    at everything but change nothing': what they may not do is left to the highest role."""
    allowed = {one for verb in said.allowed for one in ACTIONS[verb]}
    refused = {one for verb in said.refused for one in ACTIONS[verb]}
    if "change" in refused and said.is_all:
        refused |= {"add", "delete"}
    kinds = said.kinds or spec.entities
    if is_only:
        others = [one for one in spec.entities if one not in kinds]
        refused |= {one for one in _WRITES if one not in allowed}
        if others:
            names = " and ".join(one.label_plural for one in others)
            yield "higher", who, "add and change and delete", names
    verbs = [
        {"add": "add", "change": "change", "delete": "delete"}[o] for o in _WRITES if o in refused
    ]
    if verbs:
        names = " and ".join(one.label_plural for one in kinds)
        yield "higher", who, " and ".join(verbs), names


def _verb(token: Token) -> str:
    """The base form of a verb that says what may be done."""
    low = token.low
    return next((o for o in (low, low.removesuffix("s"), low.removesuffix("es"), low.removesuffix("ing")) if o in ACTIONS), "")  # fmt: skip


def _said(clause: Clause) -> _Said | None:
    """Who, which verbs, which records; None if any word is left."""
    verbs = [at for at, one in enumerate(clause.tokens) if _verb(one) and not one.kind]
    if not verbs:
        return None
    head = clause.tokens[: verbs[0]]
    starts = next((at for at, one in enumerate(head) if one.low not in _LEADS), 0)
    modals = [at for at, one in enumerate(head) if one.low in _MODALS and at >= starts]
    actor = [one for one in head[: modals[0] if modals else None] if one.low not in _LEADS]
    rest = clause.tokens[modals[0] if modals else verbs[0] :]
    if len(actor) > 3 or any(one.text[0] in ",:;" or one.number for one in actor):
        return None
    kinds = tuple(dict.fromkeys(one.kind.name for one in rest if one.kind))
    allowed, refused, is_refused = list[str](), list[str](), False
    for token in rest:
        if token.low in _NO:
            is_refused = True
        elif token.low == "but" and is_refused:
            is_refused = False
        elif (verb := _verb(token)) and not token.kind:
            (refused if is_refused else allowed).append(verb)
        elif (token.names and not token.kind and not _is_of(token, kinds)) or not (
            token.names or token.low in EMPTY | _ADVERBS | _ALL or not token.text[0].isalnum()
        ):
            return None
    is_all = not kinds and any(one.low in _ALL for one in rest)
    entities = tuple(clause.spec.entity(name) for name in kinds)
    who = " ".join(one.low for one in actor)
    return _Said(who, tuple(allowed), tuple(refused), entities, is_all)


def _is_of(token: Token, kinds: Sequence[str]) -> bool:
    """A field of a record that is named is read with it."""
    return bool(token.fields) and all(entity.name in kinds for entity, _ in token.fields)


_MODALS: Final = word_set("can could may might must should shall will would is are be have has to only cannot can't don't doesn't mustn't shouldn't do does not never get gets")  # fmt: skip
_LEADS: Final = word_set("the a an only my our all each every and but so also then nobody none except else than other please i want let that")  # fmt: skip


def _who_logs_in(clause: Clause) -> str:
    """'My friends should have their own login': whoever stands in front."""
    words = [one for one in clause.tokens if one.low not in _LEADS]
    end = next((at for at, one in enumerate(words) if one.low in _MODALS | word_set("need needs log sign")), 0)  # fmt: skip
    known = EMPTY | _ADVERBS | word_set("need needs with email mail e")
    is_plain = all(one.low in known for one in words[end:])
    return " ".join(one.low for one in words[:end]) if 0 < end < 3 and is_plain else ""
