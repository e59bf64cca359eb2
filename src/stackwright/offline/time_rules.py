"""Rules of times: no overlap, lengths, not in the past, deadlines."""

import re
from collections.abc import Sequence
from re import Match
from typing import Literal

from stackwright.offline import lexicon
from stackwright.offline.asked import Built, Made
from stackwright.offline.places import (
    DATES,
    TIMES,
    kind_named,
    kinds_named,
    length_of,
    lower,
    moment_of,
    only,
    required,
    span_of,
    stems,
    with_field,
)
from stackwright.offline.rule_slots import (
    PEOPLE,
    SAME_TIME,
    SERVED,
    Slot,
    explains,
    is_time,
    preferred,
    slots_in,
)
from stackwright.offline.rule_words import number_in, with_made_rule
from stackwright.offline.slots import Clause, Token
from stackwright.offline.unique_rules import no_two
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Deadline, InTime, NoOverlap

_HOURLY = frozenset(
    {"room", "hall", "court", "table", "desk", "studio", "machine", "stylist", "doctor", "dentist"}
    | {"teacher", "therapist", "instrument", "lane", "pitch", "field", "barber", "trainer", "coach"}
)
"""Things that are taken for hours, not for days."""


_DAY = r"|\bsame (?:day|date)s?\b"
OVERLAP = re.compile(
    r"\boverlap(?:s|ping|ped)?\b|\bdouble book(?:s|ed|ing|ings)?\b|\bdoublebook|\bbooked twice\b|\bclash(?:es|ing)?\b|\bconflict(?:s|ing)?\b|"
    + SAME_TIME.pattern
    + _DAY
)
_TIME = re.compile(OVERLAP.pattern.removesuffix(_DAY))
_OVERLAP_WORDS = word_set(
    "overlap overlaps overlapping overlapped double twice clash clashes clashing conflict conflicts conflicting same time times moment"
    " hour slot period simultaneous simultaneously once parallel than more place different two several multiple another other put down between"
    " booking bookings reservation reservations hours when date dates day days"
)


def no_overlap_of(clause: Clause) -> Made | None:
    """Two records of the same thing at the same time: which record it is, and what has to be the same."""
    is_one = re.search(r"\b(?:only|one|single|1)\b", clause.low) and "at a time" in clause.low
    if any(clause.before(one) == "than" or (one.number or 0) > 2 for one in clause.numbers if one.number != 1):  # fmt: skip
        return None  # of more than two at a time, two may overlap
    if not (clause.refuses or is_one) or not explains(clause, _OVERLAP_WORDS, anybody=False):
        return None
    spans = [one for one in clause.spec.entities if span_of(one) or length_of(one)]
    timed = [one for one in clause.spec.entities if any(map(is_time, one.fields))]
    for entities in (spans, timed):
        found = [(e, slots) for e in entities if (slots := slots_in(clause, e)) is not None]
        place = preferred(clause, found)
        if place is not None:
            break
    else:
        return None
    entity, slots = place
    span = span_of(entity)
    is_day = not _TIME.search(clause.low)
    if is_day and (span is None or span[0].type != "date"):
        return None
    if not clause.named and not clause.deeds and SAME_TIME.search(clause.low):
        return None  # 'we cannot be at two places at the same time'
    is_twice = re.search(r"\bbe \w+(?: out)? (?:twice|more than once|two times|by)\b", clause.low)
    if is_twice and not any(one.field for one in slots):
        return None  # a board that is rented twice: of the rentals nothing is known
    on = _things_of(clause, entity, slots)
    if on is None:
        return None
    if entity in spans:
        return _no_overlap(clause.spec, entity, on)
    return _slot(clause.spec, entity, on)


_DAYS = frozenset({"day", "weekday", "day_of_week", "day_of_the_week"})


def _things_of(clause: Clause, entity: EntitySpec, slots: Sequence[Slot]) -> list[FieldSpec] | None:
    """The fields that have to be the same. Where none is named, it is the one that the record is of, if
    that is not a person; None if that may be several."""
    things = [one for one in slots if one.field is not None and not is_time(one.field)]
    same = [one for one in things if one.mark == "same"]
    alone = [one for one in things if one.mark != "many" and not _is_single(clause, one.token)]
    told = [one.field for one in same or alone if one.field is not None]
    if told:
        return list(dict.fromkeys(told))
    if things and not all(one.mark == "many" for one in things):
        return None
    links = [f for f in entity.fields if f.target]
    is_anybody = re.search(r"\b(?:nobody|no one|noone|person|people|anyone|someone)\b", clause.low)
    if is_anybody and SAME_TIME.search(clause.low):
        person = only([f for f in links if f.target in lexicon.PARTIES])
        return None if person is None else [person]
    taken = [f for f in links if f.target not in lexicon.PARTIES | SERVED]
    return None if len(taken) > 1 else taken


def _is_single(clause: Clause, token: Token) -> bool:
    """'By only one guest at a time'."""
    at = clause.tokens.index(token)
    follows = " ".join(one.low for one in clause.tokens[at + 1 : at + 4])
    is_one = at > 0 and clause.tokens[at - 1].number == 1
    return is_one and follows.startswith(("at a time", "at once"))


def _no_overlap(spec: AppSpec, entity: EntitySpec, on: list[FieldSpec]) -> Made | None:
    span = span_of(entity) or length_of(entity)
    assert span is not None
    start, end = span
    if start.type == "date" and _is_hourly(start, end, on):
        for one in span:
            entity = with_field(entity, one.model_copy(update={"type": "datetime"}))
    names = [one.name for one in on]
    if start.type == "time":
        day = only([one for one in entity.fields if one.type == "date" or one.name in _DAYS])
        if day is None:
            return None
        names.append(day.name)
    entity = required(entity, start.name, end.name, *names)
    until = {"end" if end.type in TIMES else "minutes": end.name}
    rule = NoOverlap(rule="no_overlap", start=start.name, on=tuple(names), **until)
    of = f" of the same {' and '.join(lower(one.label) for one in on)}" if on else ""
    return with_made_rule(
        spec, entity, rule, f"Two {lower(entity.label_plural)}{of} cannot overlap."
    )


def _is_hourly(start: FieldSpec, end: FieldSpec, on: list[FieldSpec]) -> bool:
    is_bare = "date" not in f"{start.name}_{end.name}" and "day" not in f"{start.name}_{end.name}"
    return is_bare and any(stems(one.label) & _HOURLY for one in on)


def lasts(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A lesson takes 45 minutes': what the form of a new one says at first."""
    minutes = int(found["number"]) * (60 if found["unit"].lower().startswith("h") else 1)
    kind = kind_named(spec, found["kind"] or "")
    for entity in [kind] if kind else spec.entities:
        for field in entity.fields:
            if field.name == "duration" and field.default == minutes:
                text = f"A new {lower(entity.label)} lasts {minutes} minutes, which can be changed."
                return spec, Built(text, "field", entity.name, field.name)
    return None


def _slot(spec: AppSpec, entity: EntitySpec, on: Sequence[FieldSpec]) -> Made | None:
    """Where records have a moment but no end, no two may be at the same one."""
    times = [f for f in entity.fields if f.type in TIMES]
    if (
        not times
        or len(times) > 2
        or (len(times) == 2 and {f.type for f in times} != {"date", "time"})
    ):
        return None
    return no_two(spec, entity, [*times, *on])


_Action = Literal["create", "change", "delete"]


IN_TIME = re.compile(
    r"\b(?:past|future|before today|after today|(?:earlier|later) than today|before now|backdated?)\b"
)
_IN_TIME_WORDS = word_set("past future today now lie lies earlier later than before after backdate backdated back new date already")  # fmt: skip


def in_time(clause: Clause) -> Made | None:
    """'A harvest can't be in the future', 'nobody can book in the past', 'no date before today'."""
    found = IN_TIME.search(clause.low)
    if found is None or not explains(clause, _IN_TIME_WORDS):
        return None
    is_future = found[0] == "future" or found[0].startswith(("after", "later"))
    side: Literal["not_past", "not_future"] = (
        "not_future" if is_future == clause.refuses else "not_past"
    )
    if not clause.refuses and not re.search(r"\b(?:must|should|has to|have to|only|always)\b", clause.low):  # fmt: skip
        return None
    places: list[tuple[EntitySpec, list[Slot]]] = []
    fields: dict[str, FieldSpec] = {}
    for entity in clause.spec.entities:
        slots = slots_in(clause, entity, itself=False)
        times = [one.field for one in slots or () if one.field and is_time(one.field)]
        field = only(times) if times else moment_of(entity)
        if slots is not None and field is not None and field.type in DATES and len(times) < 2:
            places.append((entity, slots))
            fields[entity.name] = field
    place = preferred(clause, places) if clause.named or clause.deeds else _spoken(clause, places)
    if place is None:
        return None
    entity, field = place[0], fields[place[0].name]
    entity = required(entity, field.name)
    rule = InTime(rule=side, field=field.name)
    when = "past" if side == "not_past" else "future"
    text = f"{field.label} of {lower(entity.label_plural)} is not in the {when}."
    return with_made_rule(clause.spec, entity, rule, text)


def _spoken(
    clause: Clause, places: Sequence[tuple[EntitySpec, list[Slot]]]
) -> tuple[EntitySpec, list[Slot]] | None:
    """'It can't be in the past': what was spoken of before."""
    return only([one for one in places if one[0] is clause.spoken])


_ACTIONS: tuple[tuple[str, Literal["create", "change", "delete"]], ...] = (
    (r"cancel|withdraw|delete|unsubscribe|sign(?:ed)? out|take back", "delete"),
    (r"chang|edit|mov|reschedul", "change"),
    (r"book(?:ed)?\b|register|sign(?:ed)? up|enrol|reserv", "create"),
)


def deadline(spec: AppSpec, found: Match[str]) -> Made | None:
    verb = found["verb"]
    action: _Action | None = next(
        (one for words, one in _ACTIONS if re.search(words, verb, re.IGNORECASE)), None
    )
    hours = number_in(found["number"]) * {"hour": 1, "day": 24, "week": 168}[found["unit"].lower()]
    named = kinds_named(spec, verb)
    moment = stems(found["moment"] or "")
    places: list[tuple[EntitySpec, str, FieldSpec]] = []
    for entity in spec.entities:
        own = moment_of(entity)
        if own is not None and own.type in DATES:
            places.append((entity, own.name, own))
        for link in (f for f in entity.fields if f.target):
            other = moment_of(spec.entity(str(link.target)))
            if other is not None and other.type in DATES:
                places.append((entity, f"{link.name}.{other.name}", other))
    fitting = [
        p
        for p in places
        if not moment or moment & (stems(p[2].label) | {"start", "begin", "beginning"})
    ]
    of_named = [p for p in fitting if p[0] in named]
    linked = [p for p in fitting if "." in p[1]]
    place = only(of_named) or (only(linked) if stems(verb) & PEOPLE else None) or only(fitting)
    if place is None or action is None:
        return None
    entity, path, field = place
    entity = required(entity, path.partition(".")[0])
    rule = Deadline(rule="deadline", field=path, hours=hours, actions=(action,))
    done = {"delete": "deleted", "change": "changed", "create": "added"}[action]
    time = f"{found['number']} {found['unit'].lower()}{'' if found['number'] == '1' else 's'}"
    text = f"{entity.label_plural} can be {done} until {time} before the {lower(field.label)}."
    return with_made_rule(spec, entity, rule, text)
