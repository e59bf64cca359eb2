"""What a witness of a named list looks at: a record that stands in it, and some that do not."""

from collections.abc import Iterator
from typing import Any

from stackwright.scaffold.fields import FieldView, python_literal
from stackwright.scaffold.figure_source import named_lists_of
from stackwright.scaffold.views import EntityView
from stackwright.scaffold.words import (
    Compare,
    Condition,
    Deadline,
    InTime,
    NamedList,
    NoOverlap,
    fields_of,
)

_PERIODS = {"week": 8, "month": 32, "year": 367}
"""So many days from today it is another one."""
_DATES = frozenset({"date", "datetime"})
Values = dict[str, Any]
"""Field -> value; of a date, the number of days from today."""


def list_trials(entity: EntityView) -> Iterator[dict[str, Any]]:
    """The lists whose records a witness can make; where a rule forbids them, none."""
    for one in named_lists_of(entity):
        inside = {c.field: _inside(entity, c) for c in one.where} | _others(entity, one, True)
        outside = [_beside(entity, one, c, inside) for c in one.where]
        kept = [_kept(entity, values) for values in (inside, *outside)]
        if all(values is not None for values in kept):
            yield {
                "shows": "listed",
                "field": one.title,
                "slug": "_".join(part for part in one.title.lower().split() if part.isalnum()),
                "first": one.first,
                "inside": _source(entity, kept[0] or {}),
                "outside": [_source(entity, values or {}) for values in kept[1:]],
            }


def _inside(entity: EntityView, one: Condition) -> Any:
    field = entity.by_name(one.field)
    if one.values:
        return one.values[0]
    if one.empty:
        return None
    if field.type in _DATES:
        return _day(one)
    if one.less_than_field:
        return _within(field, 1)
    if one.more_than is not None:
        return _within(field, one.more_than + 1)
    return _within(field, one.less_than - 1) if one.less_than is not None else ...


def _day(one: Condition) -> int:
    """A day of the list, not on its edge, where somebody else's day may have begun."""
    if one.from_day is None and one.to_day is not None:
        return one.to_day - 1
    if one.from_day is not None and one.to_day is not None:
        return min(one.from_day + 1, one.to_day)
    return one.from_day + 1 if one.from_day is not None else 0


def _beside(entity: EntityView, view: NamedList, one: Condition, inside: Values) -> Values:
    """A record that fails this condition alone."""
    field = entity.by_name(one.field)
    values = dict(inside)
    if one.values:
        known = (True, False) if field.type == "boolean" else field.spec.choices
        values[one.field] = next((c for c in known if c not in one.values), None)
    elif one.empty:
        values[one.field] = 0 if field.type in _DATES else ...
    elif one.filled:
        values[one.field] = None
    elif one.period:
        values[one.field] = -_PERIODS[one.period]
    elif field.type in _DATES:
        values[one.field] = one.to_day + 2 if one.to_day is not None else (one.from_day or 0) - 2
    elif one.more_than is not None:
        values[one.field] = _within(field, one.more_than)
    elif one.less_than is not None:
        values[one.field] = _within(field, one.less_than)
    return values | _others(entity, view, False)


def _others(entity: EntityView, view: NamedList, is_in: bool) -> Values:
    """What numbers are held against."""
    return {
        one.less_than_field: _within(entity.by_name(one.less_than_field), 5 if is_in else 1)
        for one in view.where
        if one.less_than_field
    }


def _within(field: FieldView, value: float) -> float:
    low, high = field.bounds
    kept = max(low, min(high, value))
    return int(kept) if float(kept).is_integer() else kept


def _kept(entity: EntityView, values: Values) -> Values | None:
    """The values with dates beside them that the rules ask for; None where a rule forbids them."""
    kept = dict(values)
    for rule in entity.spec.rules:
        match rule:
            case Compare() if "." not in rule.than:
                is_later = rule.must_be in ("more", "at_least")
                pair = (rule.than, rule.field) if is_later else (rule.field, rule.than)
            case NoOverlap() if rule.end:
                pair = (rule.start, rule.end)
            case Compare() | Deadline() if values.keys() & set(fields_of(rule)):
                return None
            case _:
                continue
        if not _in_order(entity, kept, *pair):
            return None
    for rule in entity.spec.rules:
        if isinstance(rule, InTime) and isinstance(kept.get(rule.field), int):
            is_past = kept[rule.field] < 1
            if is_past == (rule.rule == "not_past"):
                return None
    return kept


def _in_order(entity: EntityView, kept: Values, low: str, high: str) -> bool:
    """Put the one date beside the other, if one of them is in the list's conditions."""
    if entity.by_name(low).type not in _DATES:
        return not {low, high} & kept.keys()
    if isinstance(kept.get(low), int) and isinstance(kept.get(high), int):
        return kept[low] < kept[high]
    if isinstance(kept.get(high), int):
        kept[low] = kept[high] - 1
    elif isinstance(kept.get(low), int) and high not in kept:
        kept[high] = kept[low] + 1
    return True


def _source(entity: EntityView, values: Values) -> str:
    """Python source of the changes that make such a record."""
    parts = [
        f"{python_literal(entity.by_name(name).key)}: {_literal(entity.by_name(name), value)}"
        for name, value in values.items()
        if value is not ...
    ]
    return "{" + ", ".join(parts) + "}"


def _literal(field: FieldView, value: Any) -> str:
    if field.type in _DATES and value is not None:
        return f"day({value})" + (' + "T12:00:00Z"' if field.type == "datetime" else "")
    return python_literal(value)
