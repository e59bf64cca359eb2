"""Figures that are calculated, in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match
from typing import Literal

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import (
    DATES,
    NUMBERS,
    fields_named,
    kind_named,
    lower,
    only,
    referring,
    span_of,
    stems,
    with_entity,
    with_field,
)
from stackwright.offline.words import label, snake
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, FieldType
from stackwright.scaffold.words import Computed, FigureOf, Formula, Only, SumOf

_COUNTS = frozenset({"quantity", "qty", "count", "number_of_pieces"})
_BORN = frozenset({"birth", "birthday", "birthdate", "born", "dob"})


def add_figure(
    spec: AppSpec,
    target: EntitySpec,
    child: EntitySpec,
    measure: Literal["count", "sum", "average"],
    of: FieldSpec | None,
    picked: Only | None = None,
    word: str = "",
) -> Made | None:
    """A number of each record of `target` over the records that refer to it, or over those that are `word`."""
    if picked is not None:
        return _of_some(spec, target, child, measure, of, picked, word)
    if of is None:
        computed: Computed = FigureOf(figure="count", child=child.name)
        name, text = f"number_of_{child.plural}", f"number of {lower(child.label_plural)}"
        return add_field(spec, target, name, text, "integer", computed)
    kind: FieldType = "money" if of.type == "money" else "number"
    if measure == "average":
        computed = FigureOf(figure="average", child=child.name, of=of.name)
    else:
        count = next((f.name for f in child.fields if f.name in _COUNTS), None)
        is_each = count is not None and of.name in ("unit_price", "price", "price_each")
        computed = SumOf(
            child=child.name, factors=(count, of.name) if count and is_each else (of.name,)
        )
        kind = of.type
        if is_each:
            return add_field(spec, target, "total", "total", kind, computed, of.unit)
    word = "average" if measure == "average" else "total"
    bare = of.name.removeprefix("total_")
    name = word if bare in ("total", word) else f"{word}_{bare}"
    return add_field(spec, target, name, name.replace("_", " "), kind, computed, of.unit)


def _of_some(
    spec: AppSpec,
    target: EntitySpec,
    child: EntitySpec,
    measure: Literal["count", "sum", "average"],
    of: FieldSpec | None,
    picked: Only,
    word: str,
) -> Made | None:
    """Of those only that have a value: 'the total of unpaid fees per member'."""
    computed: Computed
    if of is None:
        computed = FigureOf(figure="count", child=child.name, only=picked)
    elif measure == "average":
        computed = FigureOf(figure="average", child=child.name, of=of.name, only=picked)
    else:
        computed = SumOf(child=child.name, factors=(of.name,), only=picked)
    name = snake(f"{word} {child.plural}")[:60]
    if any(one.name == name for one in target.fields):
        return None
    made = FieldSpec(
        name=name,
        label=label(name)[:80],
        type=of.type if of else "integer",
        unit=of.unit if of else None,
        computed=computed,
    )
    what = f"{lower(of.label)} of {word} {lower(child.label_plural)}" if of else lower(made.label)
    how = {"count": "how many", "sum": "the total", "average": "the average"}[measure]
    text = f"Each {lower(target.label)} shows {how} {what}."
    built = Built(text, "computed", target.name, name)
    return with_entity(spec, with_field(target, made)), built


def add_field(
    spec: AppSpec,
    entity: EntitySpec,
    name: str,
    words: str,
    kind: FieldType,
    computed: Computed,
    unit: str | None = None,
) -> Made | None:
    """A field of that name that people filled in so far is calculated from now on."""
    known = only(fields_named(entity, words))
    if known is not None and known.type not in NUMBERS:
        return None
    made = FieldSpec(
        name=(known.name if known else name)[:60],
        label=known.label if known else label(name)[:80],
        type=kind,
        unit=unit,
        computed=computed,
    )
    if made.name == entity.title_field:
        return None
    entity = with_field(entity, made)
    filters = tuple(one for one in entity.filters if one != made.name)
    entity = entity.model_copy(update={"filters": filters})
    text = f"The {lower(made.label)} of {lower(entity.label_plural)} is calculated."
    return with_entity(spec, entity), Built(text, "computed", entity.name, made.name)


def _age(spec: AppSpec, found: Match[str]) -> Made | None:
    kind = kind_named(spec, found["kind"] or "")
    holders = [
        (entity, one)
        for entity in ([kind] if kind else spec.entities)
        for one in entity.fields
        if one.type in DATES and stems(one.label) & _BORN
    ]
    place = only(holders)
    if place is None:
        return None
    entity, born = place
    return add_field(
        spec, entity, "age", "age", "integer", Formula(formula="age", fields=(born.name,))
    )


def _two_of(entity: EntitySpec, found: Match[str], types: frozenset[str]) -> list[FieldSpec]:
    """The two fields that the words name, or fewer."""
    named = [
        [f for f in fields_named(entity, found[w]) if f.type in types] for w in ("one", "other")
    ]
    return list({f.name: f for one in named if (f := only(one)) is not None}.values())


def _total_of_lines(spec: AppSpec, found: Match[str]) -> Made | None:
    """'The total of an invoice is the sum of its line items': of their only amount."""
    target, child = kind_named(spec, found["kind"]), kind_named(spec, found["child"])
    if target is not None and child is None:
        lines = [one for one, _ in referring(spec, target)]
        child = only(
            [e for e in lines if any(f.type == "money" for f in fields_named(e, found["child"]))]
        )
    if target is None or child is None or not any(f.target == target.name for f in child.fields):
        return None
    amount = only([one for one in child.fields if one.type == "money"])
    return add_figure(spec, target, child, "sum", amount) if amount else None


def _days(spec: AppSpec, found: Match[str]) -> Made | None:
    for entity in spec.entities:
        pair = _two_of(entity, found, DATES)
        if len(pair) == 2 and pair[0].type == pair[1].type:
            name = found["name"].strip().lower()
            computed = Formula(formula="days", fields=(pair[0].name, pair[1].name))
            return add_field(spec, entity, snake(name), name, "integer", computed)
    return None


def _stay(spec: AppSpec, found: Match[str]) -> Made | None:
    """'The number of nights': of the only kind of record that lasts from one day to another."""
    kind = kind_named(spec, found["kind"] or "")
    lasting = [
        (entity, *span)
        for entity in spec.entities
        if (span := span_of(entity)) and span[0].type in DATES and kind in (None, entity)
    ]
    if (one := only(lasting)) is None:
        return None
    entity, start, end = one
    name = f"number of {found['name'].lower()}"
    computed = Formula(formula="days", fields=(start.name, end.name))
    return add_field(spec, entity, snake(name), name, "integer", computed)


_LEAD = r"^(?:please |also |and |i |we |i'd like |we'd like |want |need |would like |show |show me |display |calculate |compute |see |to see |to have |with )*(?:the |an? )?"
_A, _B = r"(?:the )?(?P<one>[a-z][\w ]*?)", r"(?:the )?(?P<other>[a-z][\w ]*)"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_LEAD}ages? (?:of|for) (?:each |every |all |the |an? )?(?P<kind>[\w -]+)$", _age),
        (rf"{_LEAD}(?:each |every |all )?(?P<kind>[\w-]+)(?:['\u2019]s?) ages?$", _age),
        (r"^(?:the |an? )?(?P<kind>[a-z]+)(?:['\u2019]s)? (?:total|sum)(?: price| amount)? (?:is|should be) the (?:sum|total) of (?:its|all|the|all its|all the) (?P<child>[\w -]+)$", _total_of_lines),
        (r"^(?:the )?(?:total|amount|sum)(?: amount| price| cost)? (?:of|for) (?:an?|each|every|the) (?P<kind>[\w-]+) is the (?:sum|total) of (?:its|all|the|all its) (?P<child>[\w -]+)$", _total_of_lines),
        (rf"{_LEAD}(?:number of |how many )?(?P<name>days|nights) (?:between|from) {_A} (?:and|to) {_B}$", _days),
        (rf"{_LEAD}(?:number of |how many )(?P<name>days|nights)(?: (?:of|for|per|in) (?:each |every |all |the |an? )?(?P<kind>[\w-]+))?$", _stay),
    )
)  # fmt: skip
