"""Values for the tests of a generated application: always valid for their field."""

import math
from decimal import Decimal
from typing import Any

from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.spec import LINKS
from stackwright.scaffold.views import EntityView, Filter
from stackwright.scaffold.words import SumOf, Unique, fields_of

FIXED: dict[str, Any] = {
    "email": "ada@example.com",
    "url": "https://example.com/page",
    "phone": "+44 20 7946 0018",
    "boolean": False,
    "date": "2026-03-31",
    "datetime": "2026-03-31T14:30:00Z",
    "time": "14:30",
    "tags": ["first", "second"],
    "references": [],
}
CHANGED: dict[str, Any] = {
    "email": "grace@example.com",
    "url": "https://example.com/other",
    "phone": "+1 555 0100",
    "boolean": True,
    "date": "2026-12-24",
    "time": "09:15",
    "tags": ["third"],
}


def sample(field: FieldView) -> Any:
    """A valid value of a field that is not a reference."""
    if field.example is not None:
        return field.example
    match field.type:
        case "string":
            return f"Example {field.label}"[:200]
        case "text":
            return f"A longer text about {field.label}.\nSecond line."
        case "enum":
            return field.spec.choices[0]
        case "integer" | "number" | "money":
            return number_within(field, 3)
        case kind:
            return FIXED[kind]


def change_of(entity: EntityView) -> dict[str, Any]:
    """One field with a value that differs from its sample; empty if there is none to change."""
    candidates = [entity.title, *entity.inputs]
    ruled = ruled_fields(entity)
    for field in candidates:
        if field.is_computed or field.type in LINKS or field.spec.name in ruled:
            continue
        value = _other(field)
        if value is not None and value != sample(field):
            return {field.key: value}
    return {}


def ruled_fields(entity: EntityView) -> frozenset[str]:
    """Fields whose other values may be refused. A text that must be unique can be changed freely."""
    return frozenset(
        name
        for rule in entity.spec.rules
        for name in fields_of(rule)
        if not (isinstance(rule, Unique) and entity.by_name(name).type in ("string", "text"))
    )


def _other(field: FieldView) -> Any:
    match field.type:
        case "string" | "text":
            return 'Changed "to" <this> & {that}, ünïcode'
        case "enum":
            return field.spec.choices[-1]
        case "integer" | "number" | "money":
            return number_within(field, 4)
        case kind:
            return CHANGED.get(kind)


def number_within(field: FieldView, wanted: float) -> int | float:
    """`wanted`, or the nearest allowed value."""
    low, high = field.bounds
    value = min(max(wanted, low), high)
    if field.type == "integer":
        return math.ceil(value) if math.ceil(value) <= high else math.floor(value)
    if field.type == "money":
        cents = math.ceil(value * 100) / 100
        value = cents if cents <= high else math.floor(value * 100) / 100
    return int(value) if float(value).is_integer() else value


def filter_samples(entity: EntityView) -> list[tuple[Filter, Any, Any]]:
    """(filter, value of the record, value of the query) for all filters but references."""
    found: list[tuple[Filter, Any, Any]] = []
    for one in entity.filters:
        if one.field.type in LINKS or one.field.spec.name in ruled_fields(entity):
            continue
        value: Any = True if one.field.type == "boolean" else sample(one.field)
        found.append((one, value, value[0] if one.field.type == "tags" else value))
    return found


def total_samples(
    field: FieldView, child: EntityView
) -> tuple[dict[str, Any], Decimal | int] | None:
    """Values of one child record and the total of two such records; None if factors are computed."""
    total = field.spec.computed
    if not isinstance(total, SumOf):
        return None
    values: dict[str, Any] = {}
    product = Decimal(1)
    for factor in (child.by_name(name) for name in total.factors):
        if factor.is_computed or factor.type not in ("integer", "number", "money"):
            return None
        values[factor.key] = sample(factor)
        product *= Decimal(str(values[factor.key]))
    if total.only is not None:
        values[child.by_name(total.only.field).key] = total.only.values[0]
    decimals = {"integer": 0, "money": 2}.get(field.type)
    return values, product * 2 if decimals is None else round(product * 2, decimals)
