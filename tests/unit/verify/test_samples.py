import re
from typing import Any

import pytest

from stackwright.verify.openapi import Schema
from stackwright.verify.samples import Sampler, changed


def sampler(reference: str | None = None, root: Schema | None = None) -> Sampler:
    return Sampler(root or {}, lambda _: reference, "ab12")


@pytest.mark.parametrize(
    ("name", "schema", "value"),
    [
        ("title", {"type": "string"}, "Sample title ab12"),
        ("title", {"type": "string", "maxLength": 6}, "Sample"),
        ("code", {"type": "string", "minLength": 20}, "Sample code ab12xxxx"),
        ("contact_email", {"type": "string"}, "sample@example.com"),
        ("due", {"type": "string", "format": "date"}, "2026-03-14"),
        ("level", {"type": "string", "enum": ["low", "high"]}, "low"),
        ("kind", {"const": "book"}, "book"),
        ("pages", {"type": "integer", "minimum": 10}, 10),
        ("pages", {"type": "integer", "maximum": 1}, 1),
        ("pages", {"type": "integer", "exclusiveMinimum": 3}, 4),
        ("price", {"type": "number"}, 12.5),
        ("step", {"type": "number", "multipleOf": 0.5, "minimum": 2}, 12.5),
        ("done", {"type": "boolean"}, False),
        ("tags", {"type": "array", "items": {"type": "string"}}, ["Sample tags ab12"]),
        ("pair", {"type": "array", "items": {"type": "integer"}, "minItems": 2}, [3, 3]),
        ("note", {"anyOf": [{"type": "null"}, {"type": "string"}]}, "Sample note ab12"),
        ("note", {"type": ["null", "string"]}, "Sample note ab12"),
        ("iban", {"type": "string", "examples": ["DE02"]}, "DE02"),
        ("anything", {}, None),
    ],
)
def test_a_value_fits_its_schema(name: str, schema: Schema, value: Any) -> None:
    assert sampler().value(name, schema) == value


@pytest.mark.parametrize(
    "pattern", [r"^#[0-9a-f]{6}$", r"^\d{3}$", r"^[A-Z]{3}$", r"^[0-9a-f]{24}$"]
)
def test_a_common_pattern_is_met(pattern: str) -> None:
    value = sampler().value("code", {"type": "string", "pattern": pattern})
    assert re.search(pattern, value)


def test_a_reference_is_asked_for_and_a_text_is_given_when_there_is_none() -> None:
    schema: Schema = {"type": "string", "pattern": "^[0-9a-f]{24}$"}
    assert sampler("f" * 24).value("author_id", schema) == "f" * 24
    assert sampler().value("tax_id", {"type": "string"}) == "Sample tax id ab12"


def test_a_body_can_be_cut_to_what_is_required_and_follows_references() -> None:
    root: Schema = {
        "components": {
            "schemas": {
                "Line": {
                    "type": "object",
                    "required": ["count"],
                    "properties": {"count": {"type": "integer"}, "note": {"type": "string"}},
                }
            }
        }
    }
    schema: Schema = {
        "type": "object",
        "required": ["title", "lines"],
        "properties": {
            "title": {"type": "string"},
            "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            "note": {"type": "string"},
        },
    }
    lines = [{"count": 3}]
    assert sampler(root=root).body(schema) == {
        "title": "Sample title ab12",
        "lines": lines,
        "note": "Sample note ab12",
    }
    assert sampler(root=root).body(schema, only_required=True) == {
        "title": "Sample title ab12",
        "lines": lines,
    }


def test_the_schemas_own_example_wins() -> None:
    schema: Schema = {
        "type": "object",
        "properties": {"title": {"type": "string"}},
        "examples": [{"title": "Dune"}],
    }
    assert sampler().body(schema) == {"title": "Dune"}


def test_a_schema_that_holds_itself_ends() -> None:
    root: Schema = {
        "Node": {
            "type": "object",
            "required": ["child"],
            "properties": {"child": {"$ref": "#/Node"}},
        }
    }
    assert isinstance(sampler(root=root).body({"$ref": "#/Node"}), dict)


@pytest.mark.parametrize(
    ("value", "schema", "other"),
    [
        ("Sample title ab12", {"type": "string"}, "Birch title ab12"),
        ("Sample", {"type": "string", "maxLength": 6}, "Birch"),
        (True, {"type": "boolean"}, False),
        (3, {"type": "integer"}, 4),
        (3, {"type": "integer", "maximum": 3}, 2),
        (12.5, {"type": "number"}, 13.37),
        (3, {"type": "integer", "minimum": 3, "maximum": 3}, None),
        ("low", {"enum": ["low", "high"]}, "high"),
        ("low", {"enum": ["low"]}, None),
        ("2026-03-14", {"type": "string", "format": "date"}, "2026-03-15"),
        ("2026-03-14T09:30:00Z", {"format": "date-time"}, "2026-03-15T09:30:00Z"),
        ("some day", {"type": "string", "format": "date"}, None),
        ("sample@example.com", {"type": "string", "format": "email"}, "sample-1@example.com"),
        (["a"], {"type": "array"}, None),
    ],
)
def test_a_changed_value_differs_or_there_is_none(value: Any, schema: Schema, other: Any) -> None:
    assert changed(value, schema) == other


def test_a_reference_is_given_where_it_fits() -> None:
    schema = {
        "properties": {"list": {"type": "string"}, "note": {"type": "string", "maxLength": 4}}
    }
    body = Sampler({}, lambda _: "65f0a1", "ab12").body(schema)
    assert body["list"] == "65f0a1"
    assert body["note"] != "65f0a1"
