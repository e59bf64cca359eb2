"""What a page sent, held against what was typed."""

import re
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

from stackwright.verify.use.elements import Write
from stackwright.verify.use.values import Field

_NUMBERS = re.compile(r"^-?\d+(\.\d+)?$")


def told(write: Write) -> str:
    path = urlsplit(write.url).path
    if write.status == 0:
        return f"{write.method} {path} gets no answer"
    return f"{write.method} {path} with {write.sent[:200]} answers HTTP {write.status}"


def answered(write: Write) -> str:
    """As `told`, without what was sent."""
    return f"{write.method} {urlsplit(write.url).path} answers HTTP {write.status}"


def holds(values: list[str], field: Field, typed: str) -> bool:
    """Whether the sent values hold what was typed, in any usual form."""
    if field.kind == "date":
        dates = [one for one in values if re.match(r"\d{4}-\d\d-\d\d", one)]
        return not dates or any(one.startswith(typed) for one in dates)
    if field.kind in ("datetime-local", "month", "week", "time", "color", "select", "password"):
        return True
    if _NUMBERS.match(typed):
        numbers = [float(one) for one in values if _NUMBERS.match(one)]
        return not numbers or any(
            abs(n - float(typed) * k) < 1e-6 for n in numbers for k in (1, 100)
        )
    if " " not in typed:
        return True
    parts = typed.strip().casefold().split(", ")  # of a list, each for itself
    return all(any(part in one.casefold() for one in values) for part in parts)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(cast(dict[str, Any], value).values())
    if isinstance(value, list):
        return [leaf for one in cast(list[Any], value) for leaf in leaves(one)]
    return [value]


def texts(answer: Any) -> list[str]:
    found = [one for one in leaves(answer) if isinstance(one, str) and len(one) > 3]
    return sorted(found, key=len, reverse=True)


def json_of(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
