"""Records that differ by a number and keep the rules: Python source for tests and witnesses."""

from stackwright.scaffold import samples
from stackwright.scaffold.fields import FieldView, python_literal
from stackwright.scaffold.render import python_value
from stackwright.scaffold.views import EntityView
from stackwright.scaffold.words import NoOverlap, Unique, fields_of


def varied_fields(entity: EntityView) -> frozenset[str]:
    """Fields in which two records must differ, or may have to; references are new ones anyway."""
    names: set[str] = set()
    for rule in entity.spec.rules:
        if isinstance(rule, Unique | NoOverlap):
            names |= set(fields_of(rule))
    return frozenset(name for name in names if entity.by_name(name).type != "reference")


def value_source(field: FieldView, *, is_varied: bool) -> str:
    """Python source of a value; with `number` in it when it has to differ."""
    value = samples.sample(field)
    if not is_varied:
        return python_value(value)
    match field.type:
        case "string":
            return f'f"{value} {{number}}"' if _is_plain(value) else f"{value!r} + str(number)"
        case "text":
            return f"{python_literal(value)} + str(number)"
        case "email":
            return 'f"ada{number}@example.com"'
        case "integer" | "number" | "money":
            return f"{value} + number % 1000"
        case "date" | "datetime":
            return f"later({python_literal(value)}, number)"
        case _:
            return python_value(value)


def _is_plain(text: str) -> bool:
    return not set(text) & set("\"\\{}'\n")


def shifts_dates(entity: EntityView) -> bool:
    """Whether `later` is called."""
    return any(entity.by_name(name).type in ("date", "datetime") for name in varied_fields(entity))
