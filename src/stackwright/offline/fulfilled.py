"""Wishes that sound like more than records and are built all the same: bounds, rules, figures, views."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from stackwright.offline import (
    exchange_forms,
    figure_forms,
    file_forms,
    link_forms,
    look_forms,
    mail_forms,
    picked_forms,
    public_forms,
    rule_forms,
    view_forms,
)
from stackwright.offline.fields import read_field
from stackwright.offline.places import (
    NUMBERS,
    field_named,
    kinds_named,
    only,
    stems,
    with_entity,
    with_field,
)
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, Shows

FORMS = (
    *link_forms.FORMS,
    *mail_forms.FORMS,
    *rule_forms.FORMS,
    *picked_forms.FORMS,
    *figure_forms.FORMS,
    *view_forms.FORMS,
    *exchange_forms.FORMS,
    *file_forms.FORMS,
    *look_forms.FORMS,
    *public_forms.FORMS,
)
"""The one table of them: their wordings in the order in which they are tried."""

_FILTER = re.compile(r"\bfilter(?:ed|ing)?\b.*?\b(?:by|for|on) (?P<field>.+)$", re.IGNORECASE)
_NOT = r"(?:can(?:not|['\u2019]t| not)|must(?: not|n['\u2019]t)|may not|should(?: not|n['\u2019]t)) (?:be|go|fall|drop|get|become)"
_NUMBER = r"(?P<number>-?\d+(?:\.\d+)?)"
_LOW = re.compile(
    rf"^(?P<field>.+?) (?:{_NOT} (?:negative|(?:below|under|less than|lower than) (?:{_NUMBER}|zero))"
    rf"|must be (?:at least (?P<least>-?\d+(?:\.\d+)?)))$",
    re.IGNORECASE,
)
_HIGH = re.compile(
    rf"^(?P<field>.+?) (?:{_NOT} (?:above|over|more than|greater than|higher than) {_NUMBER}"
    r"|must be at most (?P<most>-?\d+(?:\.\d+)?))$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"^(?:the |an? )?(?P<field>[\w -]{1,60}?) (?:must|has to|should|can only) (?:always )?(?:be|lie|stay) (?:between|from) (?P<low>-?\d{1,9}(?:\.\d{1,3})?) (?:and|to) (?P<high>-?\d{1,9}(?:\.\d{1,3})?)(?: [a-z%]{1,12})?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fulfilled:
    """Words of the message, what is built for them, and what a witness looks at."""

    words: str
    text: str
    shows: Shows
    entity: str
    field: str


def fulfil(
    spec: AppSpec, phrases: Sequence[str], about: Mapping[str, str] = MappingProxyType({})
) -> tuple[AppSpec, tuple[Fulfilled, ...]]:
    """The specification with what could be built of these phrases, and what that is.

    `about` names the kind of record in whose list of fields a phrase stands."""
    done: list[Fulfilled] = []
    spoken = ""
    for words in phrases:
        bounded = _bounded(spec, words)
        if bounded is not None:
            spec, built = bounded
            done.append(built)
        elif (filtered := _filter(spec, words)) is not None:
            done.append(filtered)
        elif _LAST_FIRST.match(words) and done and done[-1].shows == "sorted":
            spec, built = _turned(spec, done.pop(), words)
            done.append(built)
        elif (made := _made(spec, words) or _places(spec, words, about.get(words, ""))) is not None:
            spec, built = made
            done.append(built)
        elif spoken and _THEM.search(words) and (made := _made(spec, _THEM.sub(spoken, words))):
            spec, built = made
            done.append(replace(built, words=words))
        named: list[str] = [one.label_plural.lower() for one in kinds_named(spec, words)]
        spoken = min(named, key=partial(_place_in, words)) if named else spoken
    return spec, tuple(done)


def _place_in(words: str, name: str) -> int:
    return words.lower().find(name[:4])


_THEM = re.compile(r"\b(?:them|these|those)\b", re.IGNORECASE)
"""What was spoken of in the clause before."""


def with_pictures(
    spec: AppSpec, before: AppSpec | None = None
) -> tuple[AppSpec, tuple[Fulfilled, ...]]:
    """Fields that are pictures become uploads; those of `before` stay."""
    spec, built = file_forms.pictures_for_addresses(spec, before)
    told = (Fulfilled(words, one.text, one.shows, one.entity, one.field) for words, one in built)
    return spec, tuple(told)


_LAST_FIRST = re.compile(
    r"^(?:the )?(?:newest|latest|highest|largest|biggest|most recent)(?: ones?)? (?:first|on top)$",
    re.IGNORECASE,
)


def _turned(spec: AppSpec, sorted_by: Fulfilled, words: str) -> tuple[AppSpec, Fulfilled]:
    """'sorted by rating, highest first': the second half belongs to the first."""
    entity = spec.entity(sorted_by.entity)
    mended = entity.model_copy(update={"sort": f"-{sorted_by.field}"})
    text = sorted_by.text.removesuffix(".") + " (the last or highest first)."
    told = replace(sorted_by, words=f"{sorted_by.words} {words}", text=text)
    return with_entity(spec, mended), told


def _made(spec: AppSpec, words: str) -> tuple[AppSpec, Fulfilled] | None:
    """Rules, figures, charts and the like: the first wording that fits and can be built."""
    plain = _POLITE_END.sub("", " ".join(words.strip(" .;,!").split()))
    for form, make in FORMS:
        found = form.search(plain)
        made = make(spec, found) if found else None
        if made is None:
            continue
        try:
            after = AppSpec.model_validate(made[0].model_dump())
        except ValueError:
            continue
        built = made[1]
        return after, Fulfilled(words, built.text, built.shows, built.entity, built.field)
    return None


_POLITE_END = re.compile(
    r"(?:,? (?:please|pls|plz|thanks|too|as well)| would be (?:really |very )?(?:great|nice|good|lovely|helpful|useful|perfect))+$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"^(?:with |an? )?(?:at most|max(?:imum)?\.?(?: of)?|up to|no more than) (\d+) ([a-z]+)$",
    re.IGNORECASE,
)


def _places(spec: AppSpec, words: str, kind: str) -> tuple[AppSpec, Fulfilled] | None:
    """'Classes: name, at most 12 participants': that many may book it, else it says how many there are."""
    found = _AT_MOST.match(words.strip())
    entity = next((one for one in spec.entities if one.name == kind), None)
    if (
        entity
        and not re.search(r"\b(?:per|of)\b", words)
        and (made := _made(spec, f"{words} of {entity.label}"))
    ):
        return made[0], replace(made[1], words=words)
    if found is None or entity is None:
        return None
    if made := _made(spec, f"{words} per {entity.label}"):
        return made[0], replace(made[1], words=words)
    draft = read_field(f"{found[2]} (max {found[1]})")
    if draft is None or any(one.name == draft.name for one in entity.fields):
        return None
    field = FieldSpec(name=draft.name, label=draft.label, type="integer", minimum=0, maximum=int(found[1]))  # fmt: skip
    text = f"{field.label} of {entity.label_plural.lower()} is at most {found[1]}."
    return with_entity(spec, with_field(entity, field)), Fulfilled(
        words, text, "limits", entity.name, field.name
    )


def _filter(spec: AppSpec, words: str) -> Fulfilled | None:
    found = _FILTER.search(words)
    if found is None:
        return None
    filters = {(one.name, name) for one in spec.entities for name in one.filters}
    place = field_named(spec, found["field"], lambda one: one.type != "reference")
    if place is None or (place[0].name, place[1].name) not in filters:
        return None
    entity, field = place
    text = f"{entity.label_plural} can be filtered by {field.label.lower()}."
    return Fulfilled(words, text, "filter", entity.name, field.name)


def _bounded(spec: AppSpec, words: str) -> tuple[AppSpec, Fulfilled] | None:
    low, high = _LOW.match(words.strip()), _HIGH.match(words.strip())
    found = low or high
    if found is None:
        return _ranged(spec, words)
    named = re.sub(r"^(?:the )?(?:number|amount|quantity) of ", "", found["field"], flags=re.IGNORECASE)  # fmt: skip
    place = _number_named(spec, found["field"]) or _number_named(spec, named)
    if place is None:
        return None
    entity, field = place
    told = found.groupdict()
    number = float(told["number"] or told.get("least") or told.get("most") or 0)
    changed = field.model_copy(update={"minimum" if low else "maximum": number})
    at = "least" if low else "most"
    text = f"{field.label} of {entity.label_plural.lower()} is at {at} {number:g}."
    spec = with_entity(spec, with_field(entity, changed))
    return spec, Fulfilled(words, text, "limits", entity.name, field.name)


def _number_named(spec: AppSpec, words: str) -> tuple[EntitySpec, FieldSpec] | None:
    """The only number of that name, or else the only one that is called just so."""
    exact = [
        (entity, one)
        for entity in spec.entities
        for one in entity.fields
        if one.type in NUMBERS and stems(one.label) == stems(words)
    ]
    return only(exact) or field_named(spec, words, lambda one: one.type in NUMBERS)


def _ranged(spec: AppSpec, words: str) -> tuple[AppSpec, Fulfilled] | None:
    """'The level must be between 0 and 100'."""
    found = _WITHIN.match(words.strip())
    place = _number_named(spec, found["field"]) if found else None
    if found is None or place is None:
        return None
    entity, field = place
    low, high = float(found["low"]), float(found["high"])
    changed = field.model_copy(update={"minimum": low, "maximum": high})
    text = f"{field.label} of {entity.label_plural.lower()} is from {low:g} to {high:g}."
    told = Fulfilled(words, text, "limits", entity.name, field.name)
    return with_entity(spec, with_field(entity, changed)), told
