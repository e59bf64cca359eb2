"""Which fields of which record the names in a rule are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.places import TIMES, moment_of, only, stems
from stackwright.offline.slots import Clause, Token
from stackwright.offline.verbs import KNOWN, PARTICIPLES, lemma
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import EntitySpec, FieldSpec

SERVED: Final = word_set("hirer renter borrower dog cat pet horse animal")
"""For whom something is booked; what is taken is another thing."""
PEOPLE: Final = (
    word_set("participant people person attendee student member guest player kid child pupil visitor")
    | word_set("volunteer signup registration booking place seat spot ticket attendance")
)  # fmt: skip
DAYS: Final = frozenset({"day", "date"})
_AND: Final = frozenset({"and", "or", ",", "&"})
_MANY: Final = word_set("two several multiple different other another many")


@dataclass(frozen=True)
class Slot:
    """A name of the clause as one record means it: one of its fields, or the record itself (None)."""

    token: Token
    field: FieldSpec | None
    mark: str
    """'same', 'many' (two, several, more than one) or ''."""


def mark_of(clause: Clause, token: Token) -> str:
    """What stands before a name; of names in a row, what stands before the first."""
    at = clause.tokens.index(token)
    while at and clause.tokens[at - 1].low in _AND | word_set("the a an"):
        at -= 1
        if clause.tokens[at - 1].names is not None and clause.tokens[at].low in _AND:
            at -= 1
    said = clause.tokens[at - 1] if at else None
    if said is None:
        return ""
    if said.low == "same":
        return "same"
    is_over = said.number == 1 and clause.before(said) == "than"
    return "many" if is_over or said.low in _MANY or (said.number or 0) > 1 else ""


def slots_in(clause: Clause, entity: EntitySpec, *, itself: bool = True) -> list[Slot] | None:
    """Every name of the clause, as this record has it; None if it lacks one. `itself`: a name that is
    both the record's and that of one of its fields means the record."""
    found: list[Slot] = []
    for token in clause.named:
        mark = mark_of(clause, token)
        fields = [f for e, f in token.fields if e.name == entity.name]
        own = fields[0] if fields and all(map(is_time, fields)) else only(fields)
        is_entity = token.kind is not None and token.kind.name == entity.name
        if is_entity and (itself or own is None or stems(own.label) != stems(token.text)):
            found.append(Slot(token, None, mark))
            continue
        linked = [f for f in entity.fields if token.kind and f.target == token.kind.name]
        field = own or only(linked)
        is_verb = not token.kind and not token.fields and is_known_verb(token.low)
        if field is None and is_verb and all(e.name != entity.name for e, _, _ in token.choices):
            continue  # 'reserved' may be a choice of another record
        if field is None and token.low in ("time", "times", "date", "dates", "day"):
            continue  # the same time is one, though only other records have a field of that name
        if field is None and token.kind is not None and mark == "many":
            continue  # 'two hirers can't have the same space': whoever they are
        if field is None:
            return None
        found.append(Slot(token, field, mark))
    return found


_DONE = re.compile(r"[a-z]{2,30}[^\We]ed")
"""'Booked', and neither 'red' nor 'speed'."""


def is_known_verb(word: str) -> bool:
    base = lemma(word)
    return (
        (base in KNOWN and len(base) > 2)
        or word in PARTICIPLES
        or _DONE.fullmatch(word) is not None
    )


def explains(
    clause: Clause, words: frozenset[str], *, anybody: bool = True, deeds: bool = True
) -> bool:
    """Beside names and numbers only words of the intent, deeds, and words without meaning. People who are
    no record are such, too; if not `anybody`, only those for whom something is done, or where something is the same."""
    verbs = {one.low for one in clause.tokens if deeds and is_known_verb(one.low)}
    people = {
        one.low
        for one in clause.tokens
        if one.stem in lexicon.PARTIES | SERVED
        and (anybody or SAME_THING.search(clause.low) or _is_for(clause, one))
    }
    return clause.is_told_by(words | verbs | people)


def preferred(
    clause: Clause, found: Sequence[tuple[EntitySpec, list[Slot]]]
) -> tuple[EntitySpec, list[Slot]] | None:
    """The record that is named, that a verb leaves behind, or else the only one."""
    named = [one for one in found if any(slot.field is None for slot in one[1])]
    left = [one for one in found if one[0] in clause.deeds]
    return only(list(left)) or only(named) or only(list(found))


def day_of(clause: Clause, entity: EntitySpec) -> tuple[FieldSpec, ...] | None:
    """The date that 'per day', 'on the same day' means; None if there is none, () if it is not said."""
    if not any(one.low in DAYS and one.names is None for one in clause.tokens):
        return ()
    moment = moment_of(entity)
    return (moment,) if moment is not None and moment.type == "date" else None


def _is_for(clause: Clause, token: Token) -> bool:
    """'Given to two guests', and not 'has two guests'."""
    is_many = mark_of(clause, token) == "many"
    return is_many and clause.before(token, 2) in ("to", "by", "for", "with")


def is_time(field: FieldSpec) -> bool:
    return field.type in TIMES


SAME_THING = re.compile(r"\bsame (?!time|moment|hour|slot|period|day|date)")
SAME_TIME = re.compile(r"\bsame (?:time|moment|hour|slot|period)s?\b|\bsimultaneous(?:ly)?\b|\bat once\b|\bat a time\b|\bin parallel\b")  # fmt: skip
