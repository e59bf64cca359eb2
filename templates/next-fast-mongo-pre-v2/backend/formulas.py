"""Figures out of a record's own fields. They are never stored, so they cannot be out of date."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from entity import Entity, Formula

Document = dict[str, Any]


def add_formulas(entity: Entity, document: Document) -> None:
    """A figure whose fields are empty is None."""
    for formula in entity.formulas:
        document[formula.field] = _value(formula, document)


def _value(formula: Formula, document: Document) -> int | float | None:
    values = [document.get(name) for name in formula.fields]
    match formula.kind:
        case "age":
            born = _day(values[0])
            return None if born is None else _years(born, datetime.now(UTC).date())
        case "days":
            first, last = _day(values[0]), _day(values[1])
            return None if first is None or last is None else (last - first).days
        case "product":
            if any(value is None for value in values):
                return None
            return rounded(product_of(document, formula.fields), formula.decimals)
        case _:
            return _of_numbers(formula, values)


def _of_numbers(formula: Formula, values: list[Any]) -> int | float | None:
    if any(not isinstance(value, int | float) for value in values):
        return None
    numbers = [Decimal(str(value)) for value in values]
    match formula.kind:
        case "sum":
            return rounded(sum(numbers, Decimal(0)), formula.decimals)
        case "difference":
            return rounded(numbers[0] - sum(numbers[1:]), formula.decimals)
        case _:
            if numbers[1] == 0:
                return None
            share = 1 if formula.kind == "quotient" else 100
            return rounded(numbers[0] / numbers[1] * share, formula.decimals)


def product_of(row: Document, factors: tuple[str, ...]) -> Decimal:
    product = Decimal(1)
    for factor in factors:
        value = row.get(factor)
        product *= Decimal(str(value)) if isinstance(value, int | float) else Decimal(0)
    return product


def rounded(value: Decimal, decimals: int | None) -> int | float:
    if decimals is None:
        return float(round(value, 6))
    return round(value) if decimals == 0 else float(round(value, decimals))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
