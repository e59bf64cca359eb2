"""Reads a channel that stores only its changes, and deletes checkpoints that it no longer needs.

A checkpoint's value is the newest snapshot among its ancestors, and what was written after it. The
stock saver reads every older checkpoint to find that; here one statement follows the parents. What
is older than a snapshot is never read again and goes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from langgraph.checkpoint.base import DeltaChannelHistory, writes_sort_key
from langgraph.checkpoint.serde.base import SerializerProtocol

# OFFSET 0 keeps the planner from reading the whole thread at each step of the way, which it does while a
# table is young and without statistics.
READ = """
WITH RECURSIVE chain (id, parent, depth, snapshot) AS (
    SELECT checkpoint_id, parent_checkpoint_id, 0, NULL
    FROM checkpoints
    WHERE thread_id = %(thread)s AND checkpoint_ns = %(namespace)s AND checkpoint_id = coalesce(
        %(target)s::text,
        (SELECT max(checkpoint_id) FROM checkpoints
         WHERE thread_id = %(thread)s AND checkpoint_ns = %(namespace)s)
    )
    UNION ALL
    SELECT c.checkpoint_id, c.parent_checkpoint_id, chain.depth + 1, c.snapshot
    FROM chain, LATERAL (
        SELECT
            checkpoint_id, parent_checkpoint_id,
            CASE WHEN checkpoint -> 'channel_values' ? %(channel)s::text
                THEN checkpoint -> 'channel_versions' ->> %(channel)s::text END AS snapshot
        FROM checkpoints
        WHERE thread_id = %(thread)s AND checkpoint_ns = %(namespace)s
            AND checkpoint_id = chain.parent
        OFFSET 0
    ) c
    WHERE chain.snapshot IS NULL
), way AS (
    SELECT min(id) AS least, array_agg(id ORDER BY depth DESC) FILTER (WHERE depth > 0) AS ids
    FROM chain
), oldest AS (SELECT * FROM chain ORDER BY depth DESC LIMIT 1)
SELECT NULL::text[] AS ids, w.checkpoint_id AS source, w.task_path, w.task_id, w.idx, w.type, w.blob
FROM checkpoint_writes w
WHERE w.thread_id = %(thread)s AND w.checkpoint_ns = %(namespace)s AND w.channel = %(channel)s
    AND w.checkpoint_id >= (SELECT least FROM way)
UNION ALL
SELECT coalesce(way.ids, '{}'), oldest.parent, NULL, NULL, NULL, b.type, b.blob
FROM way CROSS JOIN oldest
LEFT JOIN checkpoint_blobs b ON b.thread_id = %(thread)s AND b.checkpoint_ns = %(namespace)s
    AND b.channel = %(channel)s AND b.version = oldest.snapshot
"""

PRUNE = """
WITH snapshot AS (
    SELECT checkpoint_id, checkpoint -> 'channel_versions' AS versions FROM checkpoints
    WHERE thread_id = %(thread)s AND checkpoint_ns = %(namespace)s AND checkpoint_id = %(snapshot)s
), older AS (
    DELETE FROM checkpoints c USING snapshot
    WHERE c.thread_id = %(thread)s AND c.checkpoint_ns = %(namespace)s
        AND c.checkpoint_id < snapshot.checkpoint_id
), writes AS (
    DELETE FROM checkpoint_writes w USING snapshot
    WHERE w.thread_id = %(thread)s AND w.checkpoint_ns = %(namespace)s
        AND w.checkpoint_id < snapshot.checkpoint_id
)
DELETE FROM checkpoint_blobs b USING snapshot, jsonb_each_text(snapshot.versions) AS kept
WHERE b.thread_id = %(thread)s AND b.checkpoint_ns = %(namespace)s
    AND b.channel = kept.key AND b.version < kept.value
"""


class IncompleteThread(RuntimeError):
    """A checkpoint's ancestors are gone: another worker has taken the thread over since."""


def history(
    rows: Sequence[Mapping[str, Any]], channel: str, serde: SerializerProtocol
) -> DeltaChannelHistory:
    """What `READ` found, oldest first. Raises IncompleteThread."""
    beginning = next((row for row in rows if row["ids"] is not None), None)
    if beginning is None or (beginning["source"] and beginning["blob"] is None):
        raise IncompleteThread
    place = {checkpoint_id: place for place, checkpoint_id in enumerate(beginning["ids"])}
    written = [row for row in rows if row["source"] in place and row["ids"] is None]
    written.sort(
        key=lambda row: (
            place[row["source"]],
            writes_sort_key(row["task_path"], row["task_id"], row["idx"]),
        )
    )
    found: DeltaChannelHistory = {
        "writes": [
            (row["task_id"], channel, serde.loads_typed((row["type"], row["blob"])))
            for row in written
        ]
    }
    if beginning["blob"] is not None:
        found["seed"] = serde.loads_typed((beginning["type"], beginning["blob"]))
    return found
