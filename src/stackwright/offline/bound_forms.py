"""Limits of numbers and filters of lists, in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match

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
from stackwright.offline.words import singular_word
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec


def _bounded(spec: AppSpec, found: Match[str]) -> Made | None:
    """'The price cannot be negative', 'the level must be between 0 and 100'."""
    named = re.sub(r"^(?:the )?(?:number|amount|quantity) of ", "", found["field"], flags=re.IGNORECASE)  # fmt: skip
    place = (
        _number_named(spec, found["field"]) or _number_named(spec, named) or _counted(spec, named)
    )
    if place is None:
        return None
    told = found.groupdict()
    low = told.get("low") or told.get("low2")
    high = told.get("high") or told.get("high2")
    if low is None and high is None:
        low = "0"
    if low is None:
        bounds, is_told = {"maximum": float(high or 0)}, f"at most {float(high or 0):g}"
    elif high is None:
        bounds, is_told = {"minimum": float(low)}, f"at least {float(low):g}"
    else:
        bounds = {"minimum": float(low), "maximum": float(high)}
        is_told = f"from {float(low):g} to {float(high):g}"
    entity, field = place
    text = f"{field.label} of {entity.label_plural.lower()} is {is_told}."
    entity = with_field(entity, field.model_copy(update=bounds))
    return with_entity(spec, entity), Built(text, "limits", entity.name, field.name)


def _number_named(spec: AppSpec, words: str) -> tuple[EntitySpec, FieldSpec] | None:
    """The only number of that name, or else the only one that is called just so."""
    exact = [
        (entity, one)
        for entity in spec.entities
        for one in entity.fields
        if one.type in NUMBERS and stems(one.label) == stems(words)
    ]
    return only(exact) or field_named(spec, words, lambda one: one.type in NUMBERS)


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


def _counted(spec: AppSpec, words: str) -> tuple[EntitySpec, FieldSpec] | None:
    """What has a limit is a number, though its name alone ('passengers') did not tell."""
    place = field_named(spec, words, is_count)
    if place is None:
        return None
    return place[0], place[1].model_copy(update={"type": "integer"})


def _filtered(spec: AppSpec, found: Match[str]) -> Made | None:
    """Lists are filtered by choices and links anyway."""
    place = field_named(spec, found["field"], lambda one: one.type != "reference")
    if place is None or place[1].name not in place[0].filters:
        return None
    entity, field = place
    text = f"{entity.label_plural} can be filtered by {lower(field.label)}."
    return spec, Built(text, "filter", entity.name, field.name)


_FIELD = r"^(?:the |an? )?(?P<field>[\w -]{1,60}?)"
_NOT = r"(?:can(?:not|['\u2019]t| not)|must(?: not|n['\u2019]t)|may not|should(?: not|n['\u2019]t)|(?:can |may |must |should )?never) (?:be|go|fall|drop|get|become|be allowed to be)"
_LOW, _HIGH = r"(?P<low>-?\d{1,9}(?:\.\d{1,3})?)", r"(?P<high>-?\d{1,9}(?:\.\d{1,3})?)"
_LOW2, _HIGH2 = r"(?P<low2>\d{1,9}(?:\.\d{1,3})?)", r"(?P<high2>\d{1,9}(?:\.\d{1,3})?)"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_FIELD} {_NOT} (?:negative|(?:below|under|less than|lower than) (?:{_LOW}|zero))$", _bounded),
        (rf"{_FIELD} {_NOT} (?:above|over|more than|greater than|higher than) {_HIGH}$", _bounded),
        (rf"{_FIELD} must be at least {_LOW}$", _bounded),
        (rf"{_FIELD} must be at most {_HIGH}$", _bounded),
        (rf"{_FIELD} (?:must|has to|should|can only) (?:always )?(?:be|lie|stay) (?:(?:between|from) {_LOW} (?:and|to) {_HIGH}|{_LOW2} ?(?:-|to) ?{_HIGH2})(?: [a-z%]{{1,12}})?$", _bounded),
        (r"\bfilter(?:ed|ing)?\b.*?\b(?:by|for|on) (?P<field>.+)$", _filtered),
    )
)  # fmt: skip
