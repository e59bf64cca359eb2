"""Values of an API as a person sees them: when two are the same, and in what order they stand."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from stackwright.verify.openapi import Schema, resolved, snake, without_null
from stackwright.verify.samples import changed

_HIDDEN = frozenset({"password", "passwort", "secret", "token", "pin", "hash"})
"""Words in the names of fields that an API rightly keeps to itself."""
_PINNED = frozenset(
    {"pinned", "starred", "favorite", "favourite", "featured", "sticky", "archived"}
)
"""Words in the names of fields that decide by themselves where a record stands in lists."""
_MADE_UP = frozenset({"slug", "code", "sku", "color", "colour", "currency"})
"""Words in the names of fields that an app may rightly rewrite."""
LONG_CHARS = 60
_WORDS = re.compile(r"[^\W\d][\w -]*")
_CLOCK = re.compile(r"\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def is_alike(name: str, sent: Any, stored: Any) -> bool:
    """Whether `stored` is what was sent. Addresses and the like may be written in another form."""
    if (_HIDDEN | _MADE_UP) & set(snake(name).split("_")):
        return True
    match sent, stored:
        case bool(), bool():
            return sent == stored
        case ((int() | float()), (int() | float())):
            return abs(sent - stored) < 1e-6
        case ((int() | float()), str()):
            return _is_number(sent, stored)
        case str(), str():
            return _is_text_alike(sent, stored)
        case ((bool() | int() | float()), None):
            return False
        case str(), None:
            return not sent.strip()
        case list(), list():
            return not sent or len(cast(list[Any], stored)) > 0
        case _:
            return True


def _is_number(sent: float, stored: str) -> bool:
    """Exact numbers may come as text."""
    try:
        return abs(sent - float(stored)) < 1e-6
    except ValueError:
        return True


def _is_text_alike(sent: str, stored: str) -> bool:
    if _DATE.match(sent) and _DATE.match(stored):
        return _moment(sent) == _moment(stored)
    if _CLOCK.match(sent):
        return stored.startswith(sent[:5])
    if _WORDS.fullmatch(sent) or len(sent) > LONG_CHARS:
        return _plain(sent) == _plain(stored)
    return True


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _moment(text: str) -> datetime | str:
    """Moments without a zone are in UTC; a date alone is midnight there."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def changes_of(schema: Schema, sent: dict[str, Any], root: Schema, step: int = 1) -> dict[str, Any]:
    """Other valid values for the fields of `sent`, as many as there are."""
    changes: dict[str, Any] = {}
    for name, raw in schema.get("properties", {}).items():
        if name not in sent or sent[name] is None or _PINNED & set(snake(name).split("_")):
            continue
        part = without_null(resolved(raw, root), root)
        if (other := changed(sent[name], part, step)) is not None and other != sent[name]:
            changes[name] = other
    return changes


def is_ordered(values: Sequence[Any], *, descending: bool) -> bool | None:
    """Whether values stand in order; None when they cannot be ordered or are all the same.

    Texts may be ordered with or without regard to capitals."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    if all(isinstance(value, bool | int | float) for value in known):
        return _in_order(cast(list[float], known), descending=descending)
    if all(isinstance(value, str) for value in known):
        texts = cast(list[str], known)
        exact = _in_order(texts, descending=descending)
        return exact or _in_order([text.casefold() for text in texts], descending=descending)
    return None


def _in_order(values: list[Any], *, descending: bool) -> bool | None:
    if len(set(values)) < 2:
        return None
    return values == sorted(values, reverse=descending)
