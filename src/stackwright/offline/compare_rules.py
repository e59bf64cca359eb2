"""Rules of one field against another, and of the way from one choice to the next."""

import re
from itertools import pairwise
from re import Match
from typing import Literal

from stackwright.offline.asked import Made
from stackwright.offline.places import (
    NUMBERS,
    TIMES,
    fields_named,
    kind_named,
    lower,
    only,
    required,
    span_of,
)
from stackwright.offline.rule_words import with_made_rule
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import (
    Compare,
    Steps,
)

_RELATIONS: tuple[tuple[str, Literal["more", "at_least", "less", "at_most"]], ...] = (
    (r"not be (?:before|earlier than|less than|lower than|smaller than|below|under)", "at_least"),
    (r"not (?:be (?:after|later than|more than|higher than|greater than|larger than|above|over)|exceed)", "at_most"),
    (r"(?:never|not) (?:be )?(?:more|higher|greater|larger|later) than", "at_most"),
    (r"(?:never|not) (?:be )?(?:less|lower|smaller|earlier) than|never before", "at_least"),
    (r"not (?:end|finish|come|lie|return) before", "at_least"),
    (r"(?:be |end |finish |come |lie )?(?:after|later than|more than|higher than|greater than|larger than)", "more"),
    (r"(?:be |start |begin |come |lie )?(?:before|earlier than|less than|lower than|smaller than|below)", "less"),
    (r"be at least", "at_least"),
    (r"be at most", "at_most"),
)  # fmt: skip


_MustBe = Literal["more", "at_least", "less", "at_most"]


_IS: dict[_MustBe, tuple[str, str]] = {
    "more": ("after", "more than"),
    "at_least": ("not before", "at least"),
    "less": ("before", "less than"),
    "at_most": ("not after", "at most"),
}


def compared_fields(spec: AppSpec, found: Match[str]) -> Made | None:
    phrase = re.sub(r"^can(?:['\u2019]t|not| not)", "not", found["how"], flags=re.IGNORECASE)
    phrase = re.sub(r"^(?:must|may|should|has to|have to) ?", "", phrase, flags=re.IGNORECASE)
    must_be: _MustBe | None = next(
        (r for p, r in _RELATIONS if re.fullmatch(p, phrase, re.IGNORECASE)), None
    )
    if must_be is None:
        return None
    for entity in spec.entities:
        field = only([f for f in fields_named(entity, found["field"]) if f.computed is None])
        other = only(fields_named(entity, found["than"])) if field else None
        if field and other and _comparable(field, other):
            return compared(spec, entity, field, must_be, other.name, lower(other.label))
        for link in (f for f in entity.fields if f.target and field):
            target = spec.entity(str(link.target))
            of = only([f for f in fields_named(target, found["than"]) if f.computed is None])
            if field and of and _comparable(field, of):
                label = f"{lower(of.label)} of the {lower(link.label)}"
                path = f"{link.name}.{of.name}"
                return compared(spec, entity, field, must_be, path, label)
    return None


def ends_after_its_start(spec: AppSpec, found: Match[str]) -> Made | None:
    entity = kind_named(spec, found["kind"])
    span = span_of(entity) if entity else None
    if entity is None or span is None or not _comparable(*span):
        return None
    start, end = span
    return compared(spec, entity, end, "more", start.name, lower(start.label))


def _comparable(one: FieldSpec, other: FieldSpec) -> bool:
    if one.name == other.name or other.computed is not None:
        return False
    is_time = one.type in TIMES and one.type == other.type
    return is_time or {one.type, other.type} <= NUMBERS


def compared(
    spec: AppSpec,
    entity: EntitySpec,
    field: FieldSpec,
    must_be: Literal["more", "at_least", "less", "at_most"],
    than: str,
    label: str,
) -> Made:
    rule = Compare(rule="compare", field=field.name, must_be=must_be, than=than)
    entity = required(entity, field.name, than.partition(".")[0])
    words = _IS[must_be][field.type not in TIMES]
    text = f"{field.label} of {lower(entity.label_plural)} is {words} the {label}."
    return with_made_rule(spec, entity, rule, text)


def steps(spec: AppSpec, found: Match[str]) -> Made | None:
    """Each pair that is named is allowed; several clauses say it together."""
    said = [
        part.strip(" ,")
        for part in re.split(r"\bto\b|->|→|\bthen\b", found["steps"])
        if part.strip(" ,")
    ]
    for entity in spec.entities:
        for field in (f for f in entity.fields if f.choices):
            known = {choice.casefold(): choice for choice in field.choices}
            if len(said) < 2 or any(one.casefold() not in known for one in said):
                continue
            names = [known[one.casefold()] for one in said]
            before = next(
                (r for r in entity.rules if isinstance(r, Steps) and r.field == field.name), None
            )
            allowed = dict(before.allowed) if before else {}
            for one, other in pairwise(names):
                allowed[one] = tuple(dict.fromkeys((*allowed.get(one, ()), other)))
            rule = Steps(rule="steps", field=field.name, allowed=allowed)
            text = f"{field.label} of {lower(entity.label_plural)} goes from {' to '.join(names)} only."
            return with_made_rule(spec, entity, rule, text)
    return None
