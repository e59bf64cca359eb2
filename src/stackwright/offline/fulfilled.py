"""Wishes that sound like more than records and are built all the same: bounds, rules, figures, views."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from stackwright.offline import (
    bound_forms,
    exchange_forms,
    figure_forms,
    file_forms,
    link_forms,
    list_forms,
    look_forms,
    mail_forms,
    public_forms,
    rule_forms,
    view_forms,
)
from stackwright.offline.asked import Built, Made
from stackwright.offline.fields import read_field
from stackwright.offline.figure_intents import figure
from stackwright.offline.formula_intents import formula
from stackwright.offline.list_intents import in_order, named_list
from stackwright.offline.places import (
    kinds_named,
    with_entity,
    with_field,
)
from stackwright.offline.rule_intents import rule_of
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, Shows

FORMS = (
    *bound_forms.FORMS,
    *link_forms.FORMS,
    *mail_forms.FORMS,
    *rule_forms.FORMS,
    *figure_forms.FORMS,
    *view_forms.FORMS,
    *list_forms.FORMS,
    *exchange_forms.FORMS,
    *file_forms.FORMS,
    *look_forms.FORMS,
    *public_forms.FORMS,
)
"""The one table of them: their wordings in the order in which they are tried."""


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
    spoken: EntitySpec | None = None
    for words in phrases:
        them = spoken.label_plural.lower() if spoken else ""
        if done and (turned := _turned(spec, done[-1], words)) is not None:
            spec, done[-1] = turned
        elif (
            made := _made(spec, words, spoken) or _places(spec, words, about.get(words, ""))
        ) is not None:
            spec, built = made
            done.append(built)
        elif them and _THEM.search(words) and (made := _made(spec, _THEM.sub(them, words))):
            spec, built = made
            done.append(replace(built, words=words))
        named = kinds_named(spec, words)
        spoken = min(named, key=partial(_place_in, words)) if named else spoken
    return spec, tuple(done)


def _place_in(words: str, entity: EntitySpec) -> int:
    return words.lower().find(entity.label_plural[:4].lower())


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
    r"^(?:the )?(?:(?P<last>newest|latest|highest|largest|biggest|most recent)|oldest|earliest|soonest|next|lowest|smallest)(?: ones?)? (?:first|on top|at the top)$",
    re.IGNORECASE,
)


def _turned(spec: AppSpec, sorted_by: Fulfilled, words: str) -> tuple[AppSpec, Fulfilled] | None:
    """'sorted by rating, highest first': the second half belongs to the first."""
    told = _LAST_FIRST.match(words)
    if told is None or sorted_by.shows not in ("sorted", "listed"):
        return None
    if sorted_by.shows == "listed":
        built = Built(sorted_by.text, sorted_by.shows, sorted_by.entity, sorted_by.field)
        made = in_order(spec, built, is_late=bool(told["last"]))
        if made is None:
            return None
        return made[0], replace(sorted_by, words=f"{sorted_by.words} {words}", text=made[1].text)
    if not told["last"]:
        return spec, replace(sorted_by, words=f"{sorted_by.words} {words}")
    entity = spec.entity(sorted_by.entity)
    mended = entity.model_copy(update={"sort": f"-{sorted_by.field}"})
    text = sorted_by.text.removesuffix(".") + " (the last or highest first)."
    told = replace(sorted_by, words=f"{sorted_by.words} {words}", text=text)
    return with_entity(spec, mended), told


def _made(
    spec: AppSpec, words: str, spoken: EntitySpec | None = None
) -> tuple[AppSpec, Fulfilled] | None:
    """Rules, figures, charts and the like: the first reading that fits and can be built."""
    plain = _POLITE_END.sub("", " ".join(words.strip(" .;,!").split()))
    for made in _readings(spec, plain, spoken):
        try:
            after = AppSpec.model_validate(made[0].model_dump())
        except ValueError:
            continue
        built = made[1]
        return after, Fulfilled(words, built.text, built.shows, built.entity, built.field)
    return None


def _readings(spec: AppSpec, words: str, spoken: EntitySpec | None) -> Iterator[Made]:
    if (made := rule_of(spec, words, spoken)) is not None:
        yield made
    for form, make in FORMS:
        found = form.search(words)
        if found and (made := make(spec, found)) is not None:
            yield made
    for read in (formula, figure, named_list):
        if (made := read(spec, words, spoken)) is not None:
            yield made


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
