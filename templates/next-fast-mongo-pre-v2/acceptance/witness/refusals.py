"""What a refusal is about: a rule of the app, the form of what was sent, or who asked.

A rule is seen only where the app refuses what it would take but for the rule. A body without a required
field, with a text for a number or with a field too many is refused by every app.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from witness import settings

RULE, FORM, PERSON, NONE = "refused", "refused_form", "refused_person", ""
SETUP_HEADER = "x-proof-setup"
_DESCRIPTIONS = ("/api/openapi.json", "/openapi.json")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
MAX_DEPTH = 5


def about(status: int, method: str, url: str, sent: Any, known: str | None) -> str:
    """What the refusal is about; NONE for an address that the app does not have. `known` is what the app has
    told so far, where ids are looked up; None when that is not sure."""
    if status in (401, 403):
        return PERSON
    described = description()
    if not described.get("paths"):
        return RULE
    path = urlsplit(url).path
    template, operation = _operation(described, method, path)
    if operation is None or status == 405:
        return NONE
    if known is not None and any(one not in known for one in _ids_in(template, path)):
        return FORM
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is not None and not _fits(sent, schema, described, known):
        return FORM
    return FORM if status in (413, 415) else RULE


def address_of(url: str) -> str:
    """The path as the app's description writes it, whichever record it is of."""
    path = urlsplit(url).path
    described = description()
    return (_operation(described, "", path)[0] if described.get("paths") else "") or path


@cache
def description() -> Mapping[str, Any]:
    """The app's OpenAPI schema; empty when it has none."""
    for path in _DESCRIPTIONS:
        request = urllib.request.Request(  # noqa: S310 (the app itself)
            settings.ORIGIN + path, headers={SETUP_HEADER: "1"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return dict(json.load(answer))
        except (OSError, ValueError):
            continue
    return {}


def _operation(
    described: Mapping[str, Any], method: str, path: str
) -> tuple[str, Mapping[str, Any] | None]:
    """The most literal template goes first: `/tasks/done` before `/tasks/{id}`."""
    for template in sorted(described["paths"], key=lambda one: one.count("{")):
        pattern = re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(template).rstrip("/"))
        if re.fullmatch(pattern, path.rstrip("/")):
            return template, described["paths"][template].get(method.lower())
    return "", None


def _ids_in(template: str, path: str) -> list[str]:
    parts = zip(template.strip("/").split("/"), path.strip("/").split("/"), strict=False)
    return [given for name, given in parts if name.startswith("{")]


def _fits(
    value: Any, schema: Any, root: Mapping[str, Any], known: str | None, depth: int = 0
) -> bool:
    """By type, required and unknown fields, dates, and ids; limits may be the rule itself."""
    schema = _resolved(schema, root)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options and depth < MAX_DEPTH:
        return any(_fits(value, one, root, known, depth + 1) for one in options)
    kind = schema.get("type")
    if value is None:
        return kind in (None, "null") or bool(schema.get("nullable"))
    if kind == "null":
        return False
    if isinstance(kind, str) and kind in _TYPES:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, _TYPES[kind]) or (kind in ("integer", "number") and not is_number):
            return False
    if isinstance(value, str):
        return _is_text(value, schema)
    if isinstance(value, dict) and depth < MAX_DEPTH:
        return _is_object(value, schema, root, known, depth)
    return True


def _is_text(value: str, schema: Mapping[str, Any]) -> bool:
    if not value.strip() and schema.get("minLength", 0) > 0:
        return False
    try:
        match schema.get("format"):
            case "date":
                date.fromisoformat(value)
            case "date-time":
                datetime.fromisoformat(value)
            case _:
                pass
    except ValueError:
        return False
    return True


def _is_object(
    value: Mapping[str, Any],
    schema: Mapping[str, Any],
    root: Mapping[str, Any],
    known: str | None,
    depth: int,
) -> bool:
    parts = schema.get("properties")
    if not isinstance(parts, dict):
        return True
    if any(value.get(name, "") in ("", None) for name in schema.get("required", ())):
        return False
    for name, one in value.items():
        if name not in parts or not _fits(one, parts[name], root, known, depth + 1):
            return False
        is_id = name.lower().endswith("id") and isinstance(one, str)
        if is_id and known is not None and one not in known:
            return False
    return True


def _resolved(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    for _ in range(MAX_DEPTH):
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        target: Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target.get(part, {}) if isinstance(target, dict) else {}
        schema = target
    return schema if isinstance(schema, dict) else {}
