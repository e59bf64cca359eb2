"""Reading the fields of a request's body and query; a wrong one is a BadRequest that names it."""

from datetime import datetime
from typing import Any

from stackwright.engine.errors import BadRequest
from stackwright.engine.http1 import LONGEST_NUMBER


def moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text.replace(" ", "+")).timestamp()
    except ValueError as error:
        raise BadRequest(f"startedAfter {text!r} is no time") from error


def number(text: str, name: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise BadRequest(f"{name} {text[:100]!r} is no number")
    return int(text)


def typed(body: dict[str, Any], name: str, kind: type) -> Any:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadRequest(f"{name} has the wrong type")
    return value


def texts(body: dict[str, Any], name: str) -> dict[str, str]:
    values: dict[str, Any] = typed(body, name, dict) or {}
    if not all(isinstance(value, str) for value in values.values()):
        raise BadRequest(f"{name} may hold strings only")
    return values
