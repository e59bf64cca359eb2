"""What the control API answers with."""

from collections.abc import Sequence
from typing import Any

from stackwright.engine.fields import number

DEFAULT_PAGE = 100

Answer = tuple[int, object, dict[str, str]]
"""Status, JSON value (None: no body), headers."""


def problem(status: int, message: str) -> dict[str, Any]:
    return {"code": status, "message": message}


def page(items: Sequence[object], query: dict[str, str]) -> Answer:
    """The part of `items` that `limit` and `nextToken` ask for. Raises BadRequest."""
    start = number(query.get("nextToken", "0"), "nextToken")
    end = start + number(query.get("limit", str(DEFAULT_PAGE)), "limit")
    more = {"x-next-token": str(end)} if end < len(items) else {}
    return 200, items[start:end], more
