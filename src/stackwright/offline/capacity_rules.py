"""Rules of how many there may be."""

import re
from collections.abc import Mapping
from re import Match

from stackwright.offline.asked import Built, Made
from stackwright.offline.bound_forms import at_most
from stackwright.offline.compare_rules import compared
from stackwright.offline.places import (
    NUMBERS,
    fields_named,
    kind_named,
    lower,
    only,
    referring,
    required,
    span_of,
    stems,
    with_entity,
)
from stackwright.offline.rule_words import PEOPLE, number_in, with_made_rule
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import (
    Capacity,
    key_of,
)

_TAKEN = frozenset({"seat", "place", "spot", "ticket", "person", "people", "piece", "slot"})
"""What a booking takes several of."""


def capacity(spec: AppSpec, found: Match[str]) -> Made | None:
    told = found.groupdict()
    target = kind_named(spec, told["per"])
    if target is None:
        return _choice_is_full(spec, told)
    if told.get("number") and (
        made := at_most(spec, target, told["what"], number_in(told["number"]))
    ):
        return made
    children = list(referring(spec, target))
    kind = kind_named(spec, told.get("what") or "")
    named = [pair for pair in children if pair[0] is kind]
    is_linked = kind is not None and any(
        f.target == kind.name for one, _ in children for f in one.fields
    )
    if not named and not is_linked and not stems(told.get("what") or "place") & PEOPLE:
        return None
    pair = only(named or children)
    if pair is None:
        return None
    entity, link = pair
    nouns = lower(entity.label_plural)
    if told.get("number"):
        number = number_in(told["number"])
        rule = Capacity(rule="capacity", of=link.name, maximum=number)
        text = f"{_one(target)} has at most {number} {nouns}."
    else:
        limit = _limit_of(target, told.get("limit") or "")
        if limit is None:
            return None
        said = stems(told.get("what") or "")
        size = only([f for f in entity.fields if f.type in NUMBERS and said <= stems(f.label)])
        if size is not None and said and span_of(entity) is not None:
            of = f"{lower(limit.label)} of the {lower(link.label)}"
            return compared(spec, entity, size, "at_most", f"{link.name}.{limit.name}", of)
        return _no_more_than(spec, entity, link, limit)
    return with_made_rule(spec, required(entity, link.name), rule, text)


def _choice_is_full(spec: AppSpec, told: Mapping[str, str]) -> Made | None:
    """'At most 3 tasks in Doing': one of the choices of a field."""
    kind = kind_named(spec, told.get("what") or "")
    places = [
        (field, choice)
        for field in (kind.fields if kind is not None and told.get("number") else ())
        for choice in field.choices or ()
        if choice.casefold() in (told["per"].casefold(), f"in {told['per']}".casefold())
    ]
    if kind is None or len(places) != 1:
        return None
    ((field, choice),) = places
    number = number_in(told["number"])
    rule = Capacity(rule="capacity", of=field.name, value=choice, maximum=number)
    text = f"At most {number} {lower(kind.label_plural)} have the {lower(field.label)} {choice}."
    return with_made_rule(spec, kind, rule, text)


def _one(entity: EntitySpec) -> str:
    return f"{'An' if entity.label[0] in 'AEIOU' else 'A'} {lower(entity.label)}"


def _limit_of(target: EntitySpec, words: str) -> FieldSpec | None:
    numbers = [f for f in target.fields if f.type in NUMBERS]
    named = [f for f in fields_named(target, words) if f.type in NUMBERS] if words else []
    named = named or [f for f in numbers if words and stems(words) <= stems(f.label)]
    usual = re.compile(r"capacity|places|seats|spots|max|maximum|size")
    guessed = [f for f in target.fields if f.type in NUMBERS and usual.search(f.name)]
    return only(named) or (None if words else only(guessed))


def not_more_than(spec: AppSpec, found: Match[str]) -> Made | None:
    """'No more bookings than seats.'"""
    child = kind_named(spec, found["what"])
    for link in (f for f in child.fields if f.target) if child else ():
        limit = _limit_of(spec.entity(str(link.target)), found["limit"])
        if child is not None and limit is not None:
            return _no_more_than(spec, child, link, limit)
    return None


def _no_more_than(spec: AppSpec, child: EntitySpec, link: FieldSpec, limit: FieldSpec) -> Made:
    target = required(spec.entity(str(link.target)), limit.name)
    said = stems(limit.label)
    taken = only(
        [f for f in child.fields if f.type == "integer" and said & stems(f.label) & _TAKEN]
    )
    rule = Capacity(rule="capacity", of=link.name, maximum_field=limit.name, amount=taken.name if taken else "")  # fmt: skip
    child = required(child, taken.name) if taken else child
    much = lower((taken or limit).label) if taken else lower(child.label_plural)
    text = f"{_one(target)} has no more {much} than its {lower(limit.label)}."
    return with_made_rule(with_entity(spec, target), required(child, link.name), rule, text)


def not_overfilled(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A course can't be overbooked': no more records of the only kind that refers to it than it has
    places."""
    target = kind_named(spec, found["per"])
    pair = only(list(referring(spec, target))) if target else None
    limit = _limit_of(target, "") if target else None
    if pair is None or target is None:
        return None
    for rule in pair[0].rules if limit is None else ():
        if rule.rule == "capacity" and rule.of == pair[1].name:
            text = f"{_one(target)} that is full takes no more {lower(pair[0].label_plural)}."
            return spec, Built(text, "rule", pair[0].name, key_of(rule))
    return None if limit is None else _no_more_than(spec, *pair, limit)


def no_more_in(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A booking may not have more people than the room's capacity', 'no more people than the room has beds'."""
    kind, target = (
        kind_named(spec, found.groupdict().get("kind") or ""),
        kind_named(spec, found["target"]),
    )
    said = stems(found["what"])
    limit = _limit_of(target, found["limit"]) if target else None
    if target is None or limit is None:
        return None
    pair = only(
        [
            (entity, link, field)
            for entity, link in referring(spec, target)
            for field in entity.fields
            if kind in (None, entity) and field.type in NUMBERS and said <= stems(field.label)
        ]
    )
    if pair is None:
        return None
    entity, link, field = pair
    label = f"{lower(limit.label)} of the {lower(link.label)}"
    return compared(spec, entity, field, "at_most", f"{link.name}.{limit.name}", label)
