"""Rules of times: no overlap, lengths, not in the past, deadlines."""

import re
from re import Match
from typing import Literal

from stackwright.offline import lexicon
from stackwright.offline.asked import Built, Made
from stackwright.offline.places import (
    DATES,
    TIMES,
    field_named,
    fields_named,
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
from stackwright.offline.rule_words import NOT, PEOPLE, number_in, with_made_rule
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import (
    Deadline,
    InTime,
    NoOverlap,
    Unique,
)

_HOURLY = frozenset(
    {"room", "hall", "court", "table", "desk", "studio", "machine", "stylist", "doctor", "dentist"}
    | {"teacher", "therapist", "instrument", "lane", "pitch", "field", "barber", "trainer", "coach"}
)
"""Things that are taken for hours, not for days."""


_SERVED = frozenset({"hirer", "renter", "borrower", "dog", "cat", "pet", "horse", "animal"})
"""For whom something is booked; what is taken is another thing."""


def no_overlap_of(spec: AppSpec, found: Match[str]) -> Made | None:
    words = found.string
    spans = [one for one in spec.entities if span_of(one) or length_of(one)]
    named = kinds_named(spec, words)
    entity = only([one for one in spans if one in named]) or only(spans)
    if entity is None:
        return _slot(spec, words, named)
    on = _things_of(spec, entity, words)
    return None if on is None else _no_overlap(spec, entity, on)


_DAYS = frozenset({"day", "weekday", "day_of_week", "day_of_the_week"})


_NO_THING = frozenset({"time", "day", "date", "moment", "hour", "slot", "two", "them", "it"})


_THING = re.compile(
    r"\b(?:same|of an?|of the|of each|of one) (?P<of>[\w-]+)"
    r"|^(?:(?:an?|the|each|every|no|one) )?(?P<subject>[\w-]+) (?:must|can|may|should|is|never)",
    re.IGNORECASE,
)


def _things_of(spec: AppSpec, entity: EntitySpec, words: str) -> list[FieldSpec] | None:
    """The fields that have to be the same; None if one is named that the record does not have.

    Where no thing is named, it is the one that the record is of, if that is not a person."""
    found: list[FieldSpec] = []
    for told in _THING.finditer(words):
        thing = stems(told["of"] or told["subject"])
        if not thing or thing <= _NO_THING or thing <= stems(f"{entity.label} booking"):
            continue
        fields = [
            f for f in entity.fields if f.target and stems(spec.entity(f.target).label) >= thing
        ]
        field = only(fields_named(entity, " ".join(thing))) or only(fields)
        if field is None:
            return None
        if field.type not in TIMES:
            found.append(field)
    things = [f for f in entity.fields if f.target and f.target not in lexicon.PARTIES | _SERVED]
    if not found and len(things) > 1:
        return None
    return list(dict.fromkeys(found or things))


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


def _slot(spec: AppSpec, words: str, named: list[EntitySpec]) -> Made | None:
    """Where records have a moment but no end, no two may be at the same one."""
    with_time = [one for one in spec.entities if any(f.type in TIMES for f in one.fields)]
    entity = only([one for one in with_time if one in named]) or only(with_time)
    if _WE_CANNOT.match(words) and entity not in named:
        return None
    if entity is None or not re.search(r"double|twice|same time", words, re.IGNORECASE):
        return None
    if re.search(r"\bbe [a-z]+(?:ed|t|en) twice\b", words) and len(named) == 1 and entity in named:
        return None  # a board that is rented twice: of the rentals nothing is known
    times = [f for f in entity.fields if f.type in TIMES]
    on = _things_of(spec, entity, words)
    if on is None:
        return None
    if (
        not times
        or len(times) > 2
        or (len(times) == 2 and {f.type for f in times} != {"date", "time"})
    ):
        return None
    fields = [*(f.name for f in times), *(f.name for f in on)]
    what = " and ".join(lower(f.label) for f in (*times, *on))
    entity = required(entity, *fields)
    rule = Unique(rule="unique", fields=tuple(fields))
    return with_made_rule(
        spec, entity, rule, f"No two {lower(entity.label_plural)} have the same {what}."
    )


_WE_CANNOT = re.compile(
    rf"(?:(?:i|we|they|you|he|she|nobody|people) )?{NOT} be (?:at|in|on) ", re.IGNORECASE
)
"""'We cannot be at two places at the same time' says of no record that it is the one meant."""


_Action = Literal["create", "change", "delete"]


def in_time(spec: AppSpec, found: Match[str]) -> Made | None:
    side: Literal["not_past", "not_future"] = "not_past"
    is_refused = re.search(rf"{NOT}|\bno\b|\bnot\b", found.string, re.IGNORECASE) is not None
    if (found["side"].lower() == "future") == is_refused:
        side = "not_future"
    what = found["what"] or ""
    place = field_named(spec, what, lambda one: one.type in DATES)
    if place is None:
        entity = kind_named(spec, what)
        field = moment_of(entity) if entity else None
        if entity is None or field is None or field.type not in DATES:
            return None
        place = entity, field
    entity, field = place
    entity = required(entity, field.name)
    rule = InTime(rule=side, field=field.name)
    when = "past" if side == "not_past" else "future"
    text = f"{field.label} of {lower(entity.label_plural)} is not in the {when}."
    return with_made_rule(spec, entity, rule, text)


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
