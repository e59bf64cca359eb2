"""Turns templates and views into source text."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stackwright.scaffold.fields import python_literal
from stackwright.scaffold.layout import LINE_LENGTH, Group, call, tuple_of

STANDARD = {"Annotated": "typing", "Literal": "typing"}
INSTALLED = {
    "APIRouter": "fastapi",
    "Depends": "fastapi",
    "Path": "fastapi",
    "Query": "fastapi",
    "Request": "fastapi",
    "StreamingResponse": "fastapi.responses",
    "status": "fastapi",
    "EmailStr": "pydantic",
    "Field": "pydantic",
}
OURS = {
    **dict.fromkeys(
        [
            "Clock",
            "Decimals",
            "Input",
            "Line",
            "Moment",
            "Money",
            "PageInfo",
            "Phone",
            "Record",
            "RecordId",
            "RecordIds",
            "Tags",
            "Text",
            "Url",
            "Whole",
            "unset",
        ],
        "fields",
    ),
    "CurrentAccess": "accounts.access",
    **dict.fromkeys(("ChartData", "Zone", "chart_of"), "charts"),
    "CurrentOwner": "owner",
    "NewPlace": "order",
    "NamedPart": "named_lists",
    "ENTITIES": "registry",
    **dict.fromkeys(("PagingQuery", "Store", "conditions", "page_of"), "store"),
}


def python_value(value: Any) -> str:
    """Python source for plain data."""
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return (
            "{" + ", ".join(f"{python_value(k)}: {python_value(v)}" for k, v in pairs.items()) + "}"
        )
    if isinstance(value, list):
        parts = cast("list[Any]", value)
        return "[" + ", ".join(python_value(part) for part in parts) + "]"
    return python_literal(value)


def typescript_value(value: Any) -> str:
    """TypeScript source for plain data."""
    return json.dumps(value, ensure_ascii=False)


def _group(head: str, parts: list[str | Group], tail: str) -> Group:
    """A part of a call that has parts of its own."""
    return Group(head, tuple(parts), tail)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "files"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (source code, escaped by the py and js filters)
    )
    environment.filters["py"] = python_value
    environment.filters["js"] = typescript_value
    cast("dict[str, Any]", environment.globals).update(
        call=call, group=_group, module=module, tuple_of=tuple_of
    )
    return environment


def render(template: str, **context: Any) -> str:
    """The text of `template`; raises UndefinedError for a name that `context` lacks."""
    return _ENVIRONMENT.get_template(template).render(**context)


def render_text(text: str, **context: Any) -> str:
    """As `render`, of a template that is given as text."""
    return _ENVIRONMENT.from_string(text).render(**context)


def module(docstring: str, body: str, extra: Mapping[str, str] | None = None) -> str:
    """A Python module: docstring, the imports that `body` needs, sorted, and `body`."""
    used = {
        node.id
        for node in ast.walk(ast.parse(body))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    groups = [
        ["import datetime as dt"] if "dt" in used else [],
        _imports(used, STANDARD),
        _imports(used, INSTALLED),
        _imports(used, {**OURS, **(extra or {})}),
    ]
    blocks = [
        "\n".join([*groups[0], *groups[1]]),
        "\n".join(groups[2]),
        "\n".join(groups[3]),
    ]
    head = [f'"""{docstring}"""', *(block for block in blocks if block)]
    return "\n\n".join(head) + "\n\n" + ("\n" if body.startswith("class") else "") + body


def _imports(used: set[str], sources: Mapping[str, str]) -> list[str]:
    by_module: dict[str, list[str]] = {}
    for name, source in sources.items():
        if name in used:
            by_module.setdefault(source, []).append(name)
    return [
        _import_line(source, sorted(wanted, key=_order))
        for source, wanted in sorted(by_module.items())
    ]


def _import_line(source: str, wanted: list[str]) -> str:
    line = f"from {source} import {', '.join(wanted)}"
    if len(line) <= LINE_LENGTH:
        return line
    return "\n".join([f"from {source} import (", *(f"    {name}," for name in wanted), ")"])


def _order(name: str) -> tuple[int, str]:
    """The linter's order: constants, then classes, then functions."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name


_ENVIRONMENT = _environment()
