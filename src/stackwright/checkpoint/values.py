"""Single values of a thread's newest checkpoint, read without LangGraph: an API that only shows them need not
load it. Only plain values are read back: what `reader.STRICT` writes of texts, numbers, lists and dicts."""

from collections.abc import Mapping, Sequence
from typing import Any

import ormsgpack

READ = """
WITH newest AS (
    SELECT checkpoint FROM checkpoints
    WHERE thread_id = %(thread)s AND checkpoint_ns = ''
    ORDER BY checkpoint_id DESC LIMIT 1
)
SELECT name, checkpoint -> 'channel_values' -> name AS inline, b.type, b.blob
FROM newest CROSS JOIN unnest(%(names)s::text[]) AS name
LEFT JOIN checkpoint_blobs b ON b.thread_id = %(thread)s AND b.checkpoint_ns = ''
    AND b.channel = name AND b.version = checkpoint -> 'channel_versions' ->> name
"""


def values_in(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By name; without those that the thread does not have."""
    found = {row["name"]: _value(row) for row in rows}
    return {name: value for name, value in found.items() if value is not None}


def _value(row: Mapping[str, Any]) -> Any:
    if row["inline"] is not None:
        return row["inline"]
    if row["type"] != "msgpack":
        return None
    return ormsgpack.unpackb(row["blob"])
