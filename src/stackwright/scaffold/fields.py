"""One field of a specification, as the generated Python and TypeScript need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stackwright.scaffold import names
from stackwright.scaffold.layout import Group, field_line
from stackwright.scaffold.spec import EntitySpec, FieldSpec
from stackwright.scaffold.words import FigureOf, SumOf

LISTS = frozenset({"tags", "references"})
TEXT_LIKE = frozenset({"string", "text", "phone"})
NUMERIC = frozenset({"integer", "number", "money"})
SEARCHED = frozenset({"string", "text", "email", "url", "phone", "enum", "tags"})
INPUT_TYPES = {
    "string": "Line",
    "text": "Text",
    "phone": "Phone",
    "email": "EmailStr",
    "url": "Url",
    "integer": "Whole",
    "number": "Decimals",
    "money": "Money",
    "boolean": "bool",
    "date": "dt.date",
    "datetime": "Moment",
    "time": "Clock",
    "tags": "Tags",
    "reference": "RecordId",
    "references": "RecordIds",
}
OUTPUT_TYPES = {
    "integer": "int",
    "number": "float",
    "money": "float",
    "boolean": "bool",
    "date": "dt.date",
    "datetime": "dt.datetime",
    "tags": "list[str]",
    "references": "list[str]",
}
TOO_LARGE = 2**53 - 1
IDENTIFIERS = frozenset(
    {
        *("year", "number", "no", "nr", "code", "id", "isbn", "ean", "sku", "barcode"),
        *("zip", "zipcode", "postcode", "plz", "pin", "serial", "jahr", "baujahr", "jahrgang"),
    }
)
"""Last words of whole numbers that name something, of which nobody counts the thousands."""
Scalar = str | int | float | bool


@dataclass(frozen=True)
class FieldView:
    """A field with its final names. `key` is used in JSON, MongoDB and TypeScript, `attr` in Python."""

    spec: FieldSpec
    key: str
    attr: str
    example: Any = None
    """A value that keeps the rules of its entity, where the usual one does not."""

    @property
    def type(self) -> str:
        return self.spec.type

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def is_computed(self) -> bool:
        return self.spec.computed is not None

    @property
    def is_always_computed(self) -> bool:
        """Whether the figure is there even if nothing is: a sum of nothing is 0, an average is none."""
        computed = self.spec.computed
        return isinstance(computed, SumOf) or (
            isinstance(computed, FigureOf) and computed.figure == "count"
        )

    @property
    def is_plain(self) -> bool:
        """Whether a number is shown without thousands separators, as the year 1925 is."""
        if self.type not in ("integer", "number") or self.spec.unit or self.is_computed:
            return False
        words = self.spec.name.split("_")
        return words[-1] in IDENTIFIERS or words[0] == "year"

    @property
    def is_nullable(self) -> bool:
        """Whether a client may send null for 'nothing'."""
        if self.type in TEXT_LIKE or self.type in {"boolean"} | LISTS or self.spec.required:
            return False
        return not (self.type == "enum" and self.default is not None)

    @property
    def is_needed(self) -> bool:
        """Whether creating a record fails without this field."""
        return self.spec.required and self.type != "boolean" and self.default is None

    @property
    def default(self) -> Scalar | None:
        """The default of the specification, if it is a value of the field's type."""
        value = self.spec.default
        if value is None or self.is_computed:
            return None
        match self.type:
            case "boolean":
                return value if isinstance(value, bool) else None
            case "integer":
                return value if _is_whole(value) and self._within(value) else None
            case "number" | "money":
                return value if _is_number(value) and self._within(value) else None
            case "enum":
                return value if value in self.spec.choices else None
            case "string" | "text":
                return value if isinstance(value, str) else None
            case "date":
                return value if isinstance(value, str) and _is_date(value) else None
            case _:
                return None

    def _within(self, value: Scalar) -> bool:
        low, high = self.bounds
        return isinstance(value, int | float) and low <= value <= high

    @property
    def bounds(self) -> tuple[float, float]:
        limit = {"integer": TOO_LARGE, "number": 1e15, "money": 1e12}[self.type]
        low = -limit if self.spec.minimum is None else max(-limit, self.spec.minimum)
        high = limit if self.spec.maximum is None else min(limit, self.spec.maximum)
        return low, high

    @property
    def is_bounded(self) -> bool:
        spec = self.spec
        return self.type in NUMERIC and (spec.minimum is not None or spec.maximum is not None)

    def input_type(self) -> str | Group:
        """The Python type of the field in requests."""
        if self.type == "enum":
            return literal(self.spec.choices, is_optional=self.is_nullable)
        kind = self._strict_type()
        return f"{kind} | None" if self.is_nullable else kind

    def _strict_type(self) -> str:
        base = INPUT_TYPES[self.type]
        if self.is_bounded:
            limits = [
                f"{name}={_plain(limit)}"
                for name, limit in (("ge", self.spec.minimum), ("le", self.spec.maximum))
                if limit is not None
            ]
            return f"Annotated[{base}, Field({', '.join(limits)})]"
        if self.spec.required and (self.type in TEXT_LIKE or self.type == "tags"):
            return f"Annotated[{base}, Field(min_length=1)]"
        return base

    def create_default(self) -> str:
        """The Python source of the default when a record is created; empty if there is none."""
        if self.is_needed:
            return ""
        if self.type in LISTS:
            return "list"
        if self.type == "date" and self.default is not None:
            return f"dt.date.fromisoformat({self.default!r})"
        if self.default is not None:
            return python_literal(self.default)
        if self.type in TEXT_LIKE:
            return '""'
        return "False" if self.type == "boolean" else "None"

    def create_line(self) -> str:
        default = self.create_default()
        kind = self.input_type()
        settings: list[str] = []
        if default:
            settings.append("default_factory=list" if default == "list" else f"default={default}")
        if self.attr != self.key:
            settings.append(f'alias="{self.key}"')
        if self.example is not None:
            settings.append(f"examples=[{python_literal(self.example)}]")
        if not settings:
            return field_line(self.attr, kind)
        if self.attr == self.key and default != "list" and self.example is None:
            return field_line(self.attr, kind, default)
        return field_line(self.attr, kind, f"Field({', '.join(settings)})")

    def update_line(self) -> str:
        alias = "" if self.attr == self.key else f'"{self.key}"'
        return field_line(self.attr, self.input_type(), f"unset({alias})")

    def output_type(self) -> str | Group:
        if self.type == "enum":
            return literal(self.spec.choices, is_optional=True)
        kind = OUTPUT_TYPES.get(self.type, "str")
        plain = self.type in TEXT_LIKE or self.type in {"boolean"} | LISTS
        plain = plain or self.is_always_computed
        return kind if plain else f"{kind} | None"

    def output_line(self) -> str:
        empty = "False" if self.type == "boolean" else "None"
        if self.type in LISTS:
            empty = "Field(default_factory=list)"
        if self.type in TEXT_LIKE:
            empty = '""'
        if self.is_always_computed:
            empty = "0"
        if self.attr == self.key:
            return field_line(self.attr, self.output_type(), empty)
        empty = empty.removeprefix("Field(").removesuffix(")")
        default = empty if empty.startswith("default_factory") else f"default={empty}"
        return field_line(self.attr, self.output_type(), f'Field({default}, alias="{self.key}")')


def field_views(entity: EntitySpec, examples: Mapping[tuple[str, str], Any]) -> list[FieldView]:
    keys = [names.key_of(entity, field) for field in entity.fields]
    return [
        FieldView(field, key, names.attribute(key), examples.get((entity.name, field.name)))
        for field, key in zip(entity.fields, keys, strict=True)
    ]


def literal(choices: tuple[str, ...], *, is_optional: bool) -> Group:
    parts = tuple(python_literal(choice) for choice in choices)
    return Group("Literal[", parts, "]", is_optional)


def python_literal(value: Scalar | None) -> str:
    """Python source for a value, with double quotes where that needs no escape."""
    if isinstance(value, str):
        text = repr(value)
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text
    return repr(value)


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Scalar) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_date(value: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
