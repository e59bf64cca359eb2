"""Rules of what is there once."""

import re
from collections.abc import Sequence
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.asked import Made
from stackwright.offline.places import DATES, lower, only, required, span_of
from stackwright.offline.rule_slots import (
    SAME_TIME,
    Slot,
    day_of,
    explains,
    preferred,
    slots_in,
)
from stackwright.offline.rule_words import with_made_rule
from stackwright.offline.slots import Clause, Token
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Unique

UNIQUE: Final = re.compile(
    r"\b(?:unique|distinct|different|duplicates?|duplicated|twice|once|again|two times|repeated|repeats?)\b"
    r"|\bmore than (?:one|1|once)\b|\bsame\b|\btwo\b|\b(?:one|1|single)\b.*\b(?:per|each|every)\b|\b(?:per|each|every|same)\b.*\b(?:one|1|single)\b"
    r"|\b(?:only|most|max|maximum|than|just|exactly)(?: of)?(?: \w+)? (?:one|1|a single)\b"
)
_WORDS = word_set(
    "unique uniquely distinct different duplicate duplicates duplicated twice once again times time repeat repeats repeated more than same two one per each at most max"
    " maximum exactly single together combination exist exists occur occurs appear appears within across among between day date lie sit stand live use used share carry"
    " entered stored put number issue which that per new more be across both"
)
_ONCE = re.compile(r"\b(?:unique|distinct|different|once|together)\b")
_TWICE = re.compile(r"\b(?:twice|more than (?:one|1|once)|duplicates?|duplicated|again|two|two times|repeated|repeats?|same)\b")  # fmt: skip
_NEEDED = re.compile(r"\b(?:required|mandatory|obligatory)\b")
_ONE = re.compile(r"\b(?:one|1|single)\b")
_LIMITS = re.compile(r"\b(?:per|only|at most|max|maximum|no more|just|exactly|never more|not more)\b|\b(?:one|1|single) [\w -]+ (?:each|every|for each|for every)\b")  # fmt: skip


def unique(clause: Clause) -> Made | None:
    """Which fields must differ: 'a member can book a class only once', 'one vote per member and film',
    'jersey numbers are unique within a team', 'no two invoices have the same number'."""
    is_twice, is_one = bool(_TWICE.search(clause.low)), _is_one(clause)
    is_once = bool(_ONCE.search(clause.low)) and not (clause.refuses and not is_twice)
    if (
        SAME_TIME.search(clause.low)
        or "same as" in clause.low
        or not explains(clause, _WORDS, anybody=False)
    ):
        return None
    if not ((is_twice and clause.refuses) or is_once or is_one):
        return None
    found = [(e, slots) for e in clause.spec.entities if (slots := _fitting(clause, e)) is not None]
    place = preferred(clause, found)
    if place is None:
        return None
    entity, slots = place
    fields = _fields_of(clause, entity, slots)
    is_bare = (
        is_once
        and not _NEEDED.search(clause.low)
        and not is_twice
        and not is_one
        and "once" not in clause.low
    )
    return no_two(clause.spec, entity, fields, is_there=not is_bare) if fields else None


def _is_one(clause: Clause) -> bool:
    """'At most one loan per book': what is counted is a kind of record."""
    return bool(_ONE.search(clause.low) and _LIMITS.search(clause.low))


def _fitting(clause: Clause, entity: EntitySpec) -> list[Slot] | None:
    """The slots, if the record has them all and it is it that is counted."""
    counted = _counted(clause)
    if counted is not None and (counted.kind is None or counted.kind.name != entity.name):
        return None
    slots = slots_in(clause, entity, itself=True)
    if slots is not None and not any(one.field for one in slots) and len(clause.kinds) < 2:
        slots = slots_in(clause, entity, itself=False) or slots
    day, span = day_of(clause, entity), span_of(entity)
    if slots is None or day is None or (day and span and span[0].type == "date"):
        return None
    return slots if _fields_of(clause, entity, slots) else None


def _counted(clause: Clause) -> Token | None:
    """What stands behind 'two', 'more than one' or 'at most one', where nothing is called the same."""
    if re.search(r"\bsame (?!day|date)", clause.low) or _ONCE.search(clause.low):
        return None
    for at, token in enumerate(clause.tokens[:-1]):
        if token.number in (1, 2) and clause.tokens[at + 1].text[0].isalpha():
            return clause.tokens[at + 1]
    return None


def _fields_of(clause: Clause, entity: EntitySpec, slots: Sequence[Slot]) -> list[FieldSpec]:
    things = [one for one in slots if one.field is not None]
    told = [one for one in things if one.mark != "many"]
    fields = [one.field for one in told if one.field is not None and one.field.computed is None]
    fields += day_of(clause, entity) or ()
    is_somebody = not fields and re.search(r"\beach\b", clause.low)
    if is_somebody or (len(fields) == 1 and re.search(r"\bonce (?:per|for each|for every)\b", clause.low)):  # fmt: skip
        people = only([f for f in entity.fields if f.target in lexicon.PARTIES])
        fields = [people, *fields] if people else []
    is_odd = any(one.type in ("boolean", "text", "references") for one in fields)
    return [] if is_odd else list(dict.fromkeys(fields))


def no_two(
    spec: AppSpec, entity: EntitySpec, fields: Sequence[FieldSpec], *, is_there: bool = True
) -> Made:
    """`is_there`: the fields must be filled in."""
    fields = _told_apart(entity, list(dict.fromkeys(fields)))
    names = tuple(one.name for one in fields)
    what = " and ".join(lower(one.label) for one in fields)
    text = f"No two {lower(entity.label_plural)} have the same {what}."
    entity = required(entity, *names) if is_there else entity
    return with_made_rule(spec, entity, Unique(rule="unique", fields=names), text)


def _told_apart(entity: EntitySpec, fields: list[FieldSpec]) -> list[FieldSpec]:
    """A rule is called by its first field: no two lessons of a teacher at a time, and none in a room."""
    others = [one.fields for one in entity.rules if one.rule == "unique"]
    names = {one.name for one in fields}
    taken = {one[0] for one in others if {*one} != names}
    if fields[0].name not in taken:
        return fields
    free = [one for one in fields if one.name not in taken]
    first = next((one for one in free if one.type not in (*DATES, "time")), (free or fields)[0])
    return [first, *(one for one in fields if one is not first)]
