"""Plausible values for a JSON schema: what a person might type into the field of that name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from stackwright.verify.openapi import Schema, resolved, snake

Reference = Callable[[str], str | None]
"""Field name -> id of a record it may point at, or None when it points at nothing."""

MAX_DEPTH = 6
_FORMATS = {
    "date": "2026-03-14",
    "date-time": "2026-03-14T09:30:00Z",
    "time": "09:30:00",
    "duration": "PT45M",
    "email": "sample@example.com",
    "uri": "https://example.com/sample",
    "url": "https://example.com/sample",
    "uuid": "3f2b8c1e-7a54-4b0e-9d3c-5a6f7e8d9c01",
    "ipv4": "192.0.2.10",
    "hostname": "example.com",
}
_SHAPES = (
    *(
        "Sample",
        "sample",
        "SAMPLE",
        "SMP",
        "sample-1",
        "#336699",
        "12345",
        "1234",
        "123",
        "12",
        "1",
    ),
    *("+12025550143", "202-555-0143", "A1", "AB-123", "AB-1234", "DE", "EUR", "09:30", "2026-03"),
    *("https://example.com/sample", "sample@example.com", "1.0.0", "192.0.2.10", "0" * 24),
    *("978-3-16-148410-0", "9783161484100", "3f2b8c1e-7a54-4b0e-9d3c-5a6f7e8d9c01"),
)
"""Tried in turn for a text that must have a certain shape."""
_NAMES = (
    ("email", "sample@example.com"),
    ("e_mail", "sample@example.com"),
    ("website", "https://example.com/sample"),
    ("url", "https://example.com/sample"),
    ("link", "https://example.com/sample"),
    ("phone", "+1 202 555 0143"),
    ("color", "#336699"),
    ("colour", "#336699"),
    ("currency", "EUR"),
    ("slug", "sample"),
    ("password", "Sample-pass-2026"),
)


@dataclass(frozen=True, slots=True)
class Sampler:
    """`mark` makes texts of one check unlike those of another, for fields that must be unique."""

    root: Schema
    reference: Reference
    mark: str

    def body(self, schema: Schema, *, only_required: bool = False) -> dict[str, Any]:
        """An object for `schema`; optional fields that cannot be filled are left out."""
        schema = resolved(schema, self.root)
        example = _given_example(schema)
        if isinstance(example, dict):
            return dict(cast(dict[str, Any], example))
        required = set(schema.get("required", ()))
        values: dict[str, Any] = {}
        for name, part in schema.get("properties", {}).items():
            if name in required or not only_required:
                value = self.value(name, part)
                if value is not None or name in required:
                    values[name] = value
        return values

    def value(self, name: str, schema: Schema, depth: int = 0) -> Any:
        """A value for the field, or None."""
        schema = resolved(schema, self.root)
        if depth > MAX_DEPTH:
            return None
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._first_of(name, schema, schema[keyword], depth)
        if (example := _given_example(schema)) is not None:
            return example
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return next((one for one in schema["enum"] if one is not None), None)
        return self._typed(name, schema, depth)

    def _first_of(self, name: str, schema: Schema, parts: list[Schema], depth: int) -> Any:
        if (example := _given_example(schema)) is not None:
            return example
        values = (self.value(name, part, depth + 1) for part in parts)
        return next((value for value in values if value is not None), None)

    def _typed(self, name: str, schema: Schema, depth: int) -> Any:
        kind: Any = schema.get("type")
        if isinstance(kind, list):
            kind = next((one for one in cast(list[str], kind) if one != "null"), "null")
        match kind:
            case "string":
                return self._text(name, schema)
            case "integer":
                return int(_number(schema, default=3))
            case "number":
                return _number(schema, default=12.5)
            case "boolean":
                return schema.get("default", False)
            case "array":
                return self._list(name, schema, depth)
            case "object":
                parts: dict[str, Schema] = schema.get("properties", {})
                required = set(schema.get("required", ()))
                return {
                    key: self.value(key, parts[key], depth + 1) for key in parts if key in required
                }
            case _:
                return None

    def _list(self, name: str, schema: Schema, depth: int) -> list[Any]:
        item = self.value(name, schema.get("items", {}), depth + 1)
        count = max(int(schema.get("minItems", 0)), 0 if item is None else 1)
        return [] if item is None else [item] * min(count, int(schema.get("maxItems", count)))

    def _text(self, name: str, schema: Schema) -> str | None:
        plain = snake(name)
        target = self.reference(name)
        if target is not None and len(target) <= schema.get("maxLength", len(target)):
            return target
        if "pattern" in schema:
            return next((one for one in _SHAPES if re.search(schema["pattern"], one)), None)
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        known = next((value for word, value in _NAMES if word in plain.split("_")), None)
        text = known or f"Sample {plain.replace('_', ' ')} {self.mark}"
        return _fitted(text, schema)


WORDS = ("Apple", "Birch", "Cedar", "Dahlia", "Elder", "Fern", "Ginger")
"""None is part of another: a search for one finds no other."""


def changed(value: Any, schema: Schema, step: int = 1) -> Any:
    """Another valid value of the same kind; None when unsure. Different steps give different values,
    growing ones for numbers, texts, dates and moments, where the schema has room."""
    if "const" in schema or "pattern" in schema:
        return None
    if "enum" in schema:
        others = [one for one in schema["enum"] if one is not None and one != value]
        return others[(step - 1) % len(others)] if others else None
    match value:
        case bool():
            return value if step % 2 == 0 else not value
        case str():
            return _changed_text(value, schema, step)
        case int() | float():
            return _changed_number(value, schema, step)
        case _:
            return None


def _changed_text(value: str, schema: Schema, step: int) -> str | None:
    if schema.get("format") in ("date", "date-time"):
        return _later(value, step)
    if value == "sample@example.com":
        return f"sample-{step}@example.com"
    if value == "https://example.com/sample":
        return f"{value}-{step}"
    if not value.startswith("Sample") or "format" in schema:
        return None
    return _fitted(WORDS[step % len(WORDS)] + value.removeprefix("Sample"), schema)


def _later(value: str, days: int) -> str | None:
    """A date or a moment; None for an example of the app that is neither."""
    try:
        if len(value) == len("2026-03-14"):
            return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
        moment = datetime.fromisoformat(value) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def _changed_number(value: float, schema: Schema, step: int) -> float | None:
    unit = schema.get("multipleOf") or (1 if isinstance(value, int) else 0.87)
    low, high = _limits(schema)
    for other in (round(value + unit * step, 6), round(value - unit * step, 6)):
        if (high is None or other <= high) and (low is None or other >= low):
            return other
    return None


def _given_example(schema: Schema) -> Any:
    examples = cast(list[Any] | None, schema.get("examples"))
    if examples:
        return examples[0]
    return schema.get("example")


def _fitted(text: str, schema: Schema) -> str:
    longest = schema.get("maxLength")
    if longest is not None:
        text = text[: int(longest)].rstrip() or text[: int(longest)]
    return text.ljust(int(schema.get("minLength", 0)), "x")


def _number(schema: Schema, *, default: float) -> float:
    low, high = _limits(schema)
    value = default
    if low is not None:
        value = max(value, low)
    if high is not None:
        value = min(value, high)
    step = schema.get("multipleOf")
    return value - value % step if step else value


def _limits(schema: Schema) -> tuple[float | None, float | None]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + 1
    if "exclusiveMaximum" in schema:
        high = schema["exclusiveMaximum"] - 1
    return low, high
