"""Signatures of thinking, bound like the real ones to the model and to all that stood before."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, cast

import orjson


def signature_at(body: Mapping[str, Any], index: int) -> str:
    """The signature of thinking in message `index` of this request, or in the answer to it."""
    before = [body["model"], body.get("system"), body.get("tools"), body["messages"][:index]]
    told = orjson.dumps(_without_marks(before), option=orjson.OPT_SORT_KEYS)
    return base64.b64encode(hashlib.sha256(told).digest()).decode()


def _without_marks(value: Any) -> Any:
    """Marks for the cache may move."""
    if isinstance(value, list):
        return [_without_marks(part) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {key: _without_marks(part) for key, part in parts.items() if key != "cache_control"}
    return value
