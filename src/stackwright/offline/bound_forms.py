"""Limits of numbers and filters of lists, in the words of people. A wording is a row of `FORMS`."""

import re
from collections.abc import Sequence
from itertools import pairwise
from re import Match
from typing import Final

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import (
    NUMBERS,
    field_named,
    fields_named,
    lower,
    only,
    stems,
    with_entity,
    with_field,
)
from stackwright.offline.rule_slots import explains
from stackwright.offline.slots import Clause
from stackwright.offline.units import is_unit
from stackwright.offline.words import singular_word, word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

BOUND: Final = re.compile(
    r"\b(?:negative|positive|zero|between|range|ranges|from|to|above|over|below|under|more|less|higher|lower|greater|larger|bigger|smaller|fewer|exceeds?|beyond|least|most|min|minimum|max|maximum|up to|limit|limited)\b|\d"
)
_MORE: Final = re.compile(r"\b(?:above|over|more|higher|greater|larger|bigger|exceeds?|beyond)\b")
_LESS: Final = re.compile(r"\b(?:below|under|less|lower|smaller|fewer)\b")
_LEAST: Final = re.compile(
    r"\b(?:at least|no(?:t)? (?:less|fewer|lower) than|min|minimum|or (?:more|higher|above|over))\b"
)
_MOST: Final = re.compile(
    r"\b(?:at most|no(?:t)? (?:more|higher) than|never more than|max|maximum|up to|limit|limited|or (?:less|fewer|lower|below|under))\b"
)
_WORDS: Final = word_set(
    "negative positive between range ranges to above over below under more less higher lower greater larger bigger smaller fewer exceed exceeds"
    " beyond than least most min minimum max maximum up limit limited number amount quantity value fall drop become lie stay inclusive percent"
    " %"
)


def bounded(clause: Clause) -> Made | None:
    """'The price cannot be negative', 'humidity 0-100', 'nobody under 18' of an age that is named."""
    numbers = [one.number for one in clause.numbers if one.number is not None]
    is_zero = bool(re.search(r"\bnegative\b", clause.low)) and clause.refuses
    is_plus = bool(re.search(r"\bpositive\b", clause.low)) and not clause.refuses
    place = _number_of(clause)
    if place is None or not (numbers or is_zero or is_plus) or not _is_told(clause, place[1]):
        return None
    entity, field = place
    step = 1.0 if field.type in ("integer", "string") else 0.01
    if is_zero or is_plus:
        low, high = (0.0 if is_zero else step), None
    else:
        low, high = _limits(clause, numbers, step)
    return _with_bounds(clause.spec, entity, field, low, high)


def _limits(
    clause: Clause, numbers: Sequence[float], step: float
) -> tuple[float | None, float | None]:
    if len(numbers) == 2:
        first, second = numbers
        is_two = re.search(
            r"\b(?:between|from|range|must|should|only|to|is|are|lies?)\b", clause.low
        )
        return (first, second) if is_two and not clause.refuses and first < second else (None, None)
    if len(numbers) != 1:
        return None, None
    (number,) = numbers
    if _LEAST.search(clause.low) and not _MOST.search(clause.low):
        return number, None
    if _MOST.search(clause.low):
        return None, number
    if _MORE.search(clause.low):
        return (None, number) if clause.refuses else (number + step, None)
    if _LESS.search(clause.low):
        return (number, None) if clause.refuses else (None, number - step)
    return None, None


def _number_of(clause: Clause) -> tuple[EntitySpec, FieldSpec] | None:
    """The only number that is named; what has a limit is one, though its name did not tell."""
    kinds = {one.name for one in clause.kinds}
    found: list[tuple[EntitySpec, FieldSpec]] = []
    for token in (one for one in clause.named if one.fields):
        fitting = [p for p in token.fields if p[1].type in NUMBERS or is_count(p[1])]
        fitting = [p for p in fitting if p[1].computed is None]
        owned = [p for p in fitting if p[0].name in kinds]
        exact = [p for p in fitting if stems(p[1].label) == stems(token.text)]
        found += [one] if (one := only(fitting) or only(owned) or only(exact)) else fitting
    place = only(list(found))
    if place is None or any(one.name != place[0].name for one in clause.kinds):
        return None
    return place if all(one.fields or one.kind for one in clause.named) else None


def _is_told(clause: Clause, field: FieldSpec) -> bool:
    """Beside words of limits only the unit behind a number."""
    behind = {one.low for before, one in pairwise(clause.tokens) if before.number is not None}
    units = frozenset(filter(is_unit, behind)) | behind & {"old", "people", "persons", "degrees"}
    return explains(clause, _WORDS | units | stems(field.unit or ""), deeds=False)


def _with_bounds(
    spec: AppSpec, entity: EntitySpec, field: FieldSpec, low: float | None, high: float | None
) -> Made | None:
    if low is None and high is None:
        return None
    told = {"minimum": low, "maximum": high}
    bounds: dict[str, object] = {name: one for name, one in told.items() if one is not None}
    if low is None:
        is_told = f"at most {high:g}"
    elif high is None:
        is_told = f"at least {low:g}"
    else:
        is_told = f"from {low:g} to {high:g}"
    if field.type == "string":
        bounds["type"] = "integer"
    text = f"{field.label} of {entity.label_plural.lower()} is {is_told}."
    entity = with_field(entity, field.model_copy(update=bounds))
    return with_entity(spec, entity), Built(text, "limits", entity.name, field.name)


def is_count(field: FieldSpec) -> bool:
    """Whether a text may be how many there are: 'passengers', not 'title'."""
    last = field.label.lower().split()[-1]
    return field.type == "string" and singular_word(last) != last


def at_most(spec: AppSpec, entity: EntitySpec, words: str, most: int) -> Made | None:
    """'A ride takes at most 8 passengers', where passengers are a field of the ride."""
    field = only([f for f in fields_named(entity, words) if f.type in NUMBERS or is_count(f)])
    if field is None or field.computed is not None:
        return None
    kind = "integer" if field.type == "string" else field.type
    entity = with_field(entity, field.model_copy(update={"type": kind, "maximum": float(most)}))
    text = f"{field.label} of {entity.label_plural.lower()} is at most {most}."
    return with_entity(spec, entity), Built(text, "limits", entity.name, field.name)


def _filtered(spec: AppSpec, found: Match[str]) -> Made | None:
    """Lists are filtered by choices and links anyway."""
    place = field_named(spec, found["field"], lambda one: one.type != "reference")
    if place is None or place[1].name not in place[0].filters:
        return None
    entity, field = place
    text = f"{entity.label_plural} can be filtered by {lower(field.label)}."
    return spec, Built(text, "filter", entity.name, field.name)


FORMS: tuple[Form, ...] = (
    (
        re.compile(r"\bfilter(?:ed|ing)?\b.*?\b(?:by|for|on) (?P<field>.+)$", re.IGNORECASE),
        _filtered,
    ),
)
