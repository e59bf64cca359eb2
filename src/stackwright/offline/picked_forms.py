"""Figures over some records only, in the words of people: 'the total of unpaid fees per member'."""

import re
from collections.abc import Iterator
from re import Match

from stackwright.offline.asked import Built, Form, Made, with_view
from stackwright.offline.places import (
    NUMBERS,
    fields_named,
    kind_named,
    lower,
    only,
    stems,
    with_entity,
    with_field,
)
from stackwright.offline.words import label, plural, snake
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Chart, FigureOf, Only, SumOf


def _picked(spec: AppSpec, found: Match[str]) -> Made | None:
    told = found.groupdict()
    some = next(_some_of(spec, told["what"]), None)
    if some is None:
        return None
    entity, picked, word = some
    is_count = bool(re.match(r"number|count|how many", told.get("measure") or "how many", re.IGNORECASE))  # fmt: skip
    of = None if is_count else _amount(entity, told.get("of") or "")
    if of is None and not is_count:
        return None
    if not told.get("per"):
        return _as_chart(spec, entity, picked, word, of)
    target = kind_named(spec, told["per"])
    if target is None or not any(f.target == target.name for f in entity.fields):
        return None
    computed = (
        SumOf(child=entity.name, factors=(of.name,), only=picked)
        if of
        else FigureOf(figure="count", child=entity.name, only=picked)
    )
    name = snake(f"{word} {plural(entity.name)}")[:60]
    if any(f.name == name for f in target.fields):
        return None
    made = FieldSpec(
        name=name,
        label=label(name)[:80],
        type=of.type if of else "integer",
        unit=of.unit if of else None,
        computed=computed,
    )
    what = f"{lower(of.label)} of {word} {lower(entity.label_plural)}" if of else made.label.lower()
    how = "the total" if of else "how many"
    text = f"Each {lower(target.label)} shows {how} {what}."
    spec = with_entity(spec, with_field(target, made))
    return spec, Built(text, "computed", target.name, name)


def _as_chart(
    spec: AppSpec, entity: EntitySpec, picked: Only, word: str, of: FieldSpec | None
) -> Made:
    """A figure over all records stands in a chart, with the records that do not count beside it."""
    by = entity.field(picked.field)
    view = Chart(view="chart", by=by.name, measure="sum" if of else "count", of=of.name if of else "")  # fmt: skip
    what = f"the total {lower(of.label)} of" if of else "how many"
    values = ["yes" if one is True else "no" if one is False else one for one in picked.values]
    means = f"{word} means {lower(by.label)} {' or '.join(values)}"
    text = f"A chart shows {what} {lower(entity.label_plural)} per {lower(by.label)}; {means}."
    return with_entity(spec, with_view(entity, view)), Built(text, "chart", entity.name, by.name)


def _amount(entity: EntitySpec, words: str) -> FieldSpec | None:
    """The number that is added up: the one that is named, or the only one that is money."""
    named = [f for f in fields_named(entity, words) if f.type in NUMBERS] if words.strip() else []
    money = [f for f in entity.fields if f.type == "money" and f.computed is None]
    return only(named) or (None if named or (words.strip() and not _SUMS & stems(words)) else only(money))  # fmt: skip


_SUMS = frozenset({"amount", "sum", "total", "value", "price", "cost"})
_NOT = re.compile(r"^(?:not(?: yet)?|un|in|non-?)[ -]?(?=[a-z]{3})", re.IGNORECASE)


def _some_of(spec: AppSpec, words: str) -> Iterator[tuple[EntitySpec, Only, str]]:
    """'Unpaid invoices': the kind, the value that picks its records, and the word for it."""
    plain = re.sub(r"^(?:(?:all|the|still|currently|my|our) )+", "", words.strip().lower())
    for entity in spec.entities:
        for name in (entity.label_plural.lower(), entity.label.lower()):
            if plain.endswith(f" {name}"):
                word = plain.removesuffix(f" {name}")
                picked = _value(entity, word)
                if picked is not None:
                    yield entity, picked, word


def _value(entity: EntitySpec, word: str) -> Only | None:
    bare = _NOT.sub("", word)
    for field in entity.fields:
        known = {choice.casefold(): choice for choice in field.choices}
        if field.type == "boolean" and stems(field.label) in (stems(word), stems(bare)):
            return Only(field=field.name, values=(stems(field.label) == stems(word),))
        if word in known:
            return Only(field=field.name, values=(known[word],))
        if bare != word and bare in known and len(known) > 1:
            others = tuple(c for c in field.choices if c.casefold() != bare)
            return Only(field=field.name, values=others)
    return None


_LEAD = r"^(?:please |also |and |then |i |we |i'd like |we'd like |want |need |would like |show |show me |show us |display |calculate |see |to see |to know |know |to have |with )*(?:the |an? )?"
_WHAT = r"(?:the )?(?P<what>[a-z][\w -]{1,60}?)"
_PER = r"(?: (?:per|for each|for every|of each|of every|by) (?P<per>[a-z][\w -]{1,30}))?"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), _picked)
    for pattern in (
        rf"{_LEAD}(?P<measure>sums?|totals?|number|count|amount)(?: (?P<of>[a-z]{{3,20}}))? (?:of|for) {_WHAT}{_PER}$",
        rf"{_LEAD}how many {_WHAT}(?: there are)?{_PER}$",
        rf"^(?:each|every) (?P<per>[a-z][\w-]{{1,30}}) (?:shows?|has|should show|displays?) (?:the |an? )?(?P<measure>sum|total|number|count|amount)(?: (?P<of>[a-z]{{3,20}}))? of (?:its |his |her |their )?{_WHAT}$",
    )
)
"""A wording is a row."""
