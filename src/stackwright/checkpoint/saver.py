"""LangGraph's PostgreSQL saver with one round trip a step.

The stock saver writes a step's results first and its checkpoint after them, each in a transaction
of several statements. Here the results wait in memory for the checkpoint that follows at once, and
everything goes out as one statement that also asks the fence. A checkpoint that may wait joins the
next one, unless that does not come soon. The tables and what is in them are the stock saver's.
While the database is away, the run waits. Reading is in `reader.py`.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    get_serializable_checkpoint_metadata,
)
from psycopg.types.json import Jsonb

from stackwright.checkpoint import chain
from stackwright.checkpoint.langgraph_internals import DeltaSnapshot
from stackwright.checkpoint.reader import ThreadReader, at, thread_of
from stackwright.core.killpoints import reached
from stackwright.core.postgres import Fence, Pool, fetch, patiently
from stackwright.core.tasks import spawn

_FENCED = "WITH fence AS ({fence}), "
_OPEN = "WITH fence AS (SELECT 1), "

_WRITES = """
writes AS (
    INSERT INTO checkpoint_writes
        (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, blob)
    SELECT %(thread)s, %(namespace)s, w.*
    FROM fence, unnest(
        %(w_checkpoint)s::text[], %(w_task)s::text[], %(w_path)s::text[], %(w_idx)s::int[],
        %(w_channel)s::text[], %(w_type)s::text[], %(w_blob)b::bytea[]
    ) AS w
    ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id, task_id, idx) DO UPDATE
    SET channel = excluded.channel, type = excluded.type, blob = excluded.blob
)
"""

_BLOBS = """
, blobs AS (
    INSERT INTO checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
    SELECT %(thread)s, %(namespace)s, b.*
    FROM fence, unnest(
        %(b_channel)s::text[], %(b_version)s::text[], %(b_type)s::text[], %(b_blob)b::bytea[]
    ) AS b
    ON CONFLICT (thread_id, checkpoint_ns, channel, version) DO NOTHING
)
INSERT INTO checkpoints
    (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
SELECT %(thread)s, %(namespace)s, c.*
FROM fence, unnest(
    %(c_id)s::text[], %(c_parent)s::text[], %(c_checkpoint)b::jsonb[], %(c_metadata)b::jsonb[]
) AS c
ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id) DO UPDATE
SET checkpoint = excluded.checkpoint, metadata = excluded.metadata
RETURNING true
"""

_ONLY_WRITES = "SELECT true FROM fence"

_Key = tuple[str, str, int]
"""checkpoint_id, task_id, idx"""
_Result = tuple[str, str, str, int, str, str, bytes]
"""checkpoint_id, task_id, task_path, idx, channel, type, blob"""
_Blob = tuple[str, str, str, bytes]
"""channel, version, type, blob"""
_Row = tuple[str, str | None, Jsonb, Jsonb]
"""checkpoint_id, parent_checkpoint_id, checkpoint, metadata"""

MayWait = Callable[[Checkpoint], bool]
"""Whether a checkpoint may be written late: the step that led to it can be repeated without harm."""
MAX_DELAY_S = 0.05


class RunSaver(ThreadReader):
    """One run's saver, for one thread. With a fence, nothing is written once the run is another
    worker's: the fence's error is raised instead."""

    def __init__(self, pool: Pool, fence: Fence | None, may_wait: MayWait | None = None) -> None:
        super().__init__(pool)
        self._fence = fence
        self._may_wait = may_wait
        self._place: RunnableConfig = {}
        self._results: dict[_Key, _Result] = {}
        self._blobs: list[_Blob] = []
        self._rows: list[_Row] = []
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._error: Exception | None = None
        self._snapshot: str | None = None
        head = _OPEN if fence is None else _FENCED.format(fence=fence.query)
        self._put_statement = head + _WRITES + _BLOBS
        self._writes_statement = head + _WRITES + _ONLY_WRITES

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Write the checkpoint with the results that led to it, and earlier ones that still wait."""
        place = config.get("configurable", {})
        inline, stored = _split_values(checkpoint)
        self._place = config
        self.forget_what_was_read()
        if any(isinstance(value, DeltaSnapshot) for value in stored.values()):
            self._snapshot = checkpoint["id"]
        self._blobs += [
            (channel, str(version), *self.serde.dumps_typed(stored[channel]))
            for channel, version in new_versions.items()
            if channel in stored
        ]
        described = get_serializable_checkpoint_metadata(config, metadata)
        self._rows.append(
            (checkpoint["id"], place.get("checkpoint_id"), _json(inline), _json(described))
        )
        if self._may_wait is not None and self._may_wait(checkpoint):
            self._write_soon()
        else:
            await self.flush()
        return at(place, checkpoint["id"])

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Keep a task's results for the checkpoint that follows. A question or an error is written
        at once: no checkpoint follows it."""
        self._place = config
        self.forget_what_was_read()
        checkpoint_id = config.get("configurable", {})["checkpoint_id"]
        for index, (channel, value) in enumerate(writes):
            place = WRITES_IDX_MAP.get(channel, index)
            kind, blob = self.serde.dumps_typed(value)
            row = (checkpoint_id, task_id, task_path, place, channel, kind, blob)
            self._results[_key(row)] = row
        if any(channel in WRITES_IDX_MAP for channel, _ in writes):
            await self.flush()

    async def flush(self) -> None:
        """Return when everything so far is written."""
        async with self._turn:
            if self._error is not None:
                raise self._error
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            await self._write()

    def _write_soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(MAX_DELAY_S, self._begin_to_flush)

    def _begin_to_flush(self) -> None:
        spawn(self._flush_in_background(), name="checkpoint")

    async def _flush_in_background(self) -> None:
        """Like `flush`, but keeps an error for the next caller of `flush`."""
        try:
            await self.flush()
        except Exception as error:  # noqa: BLE001 (kept, not dropped)
            self._error = error

    async def _write(self) -> None:
        """Write everything that waits. It leaves memory only when it is stored; writing it twice is safe."""
        results, blobs, rows = list(self._results.values()), self._blobs[:], self._rows[:]
        snapshot = self._snapshot
        if not (results or rows):
            return
        reached("checkpoint.before")
        written = await self._send(results, blobs, rows)
        reached("checkpoint.after")
        if not written:
            assert self._fence is not None, "only a fence keeps a checkpoint out"
            raise self._fence.error
        for row in results:
            if self._results.get(_key(row)) is row:
                del self._results[_key(row)]
        del self._blobs[: len(blobs)], self._rows[: len(rows)]
        if snapshot is not None:
            await self._prune(snapshot)

    async def _send(
        self, results: Sequence[_Result], blobs: Sequence[_Blob], rows: Sequence[_Row]
    ) -> list[Any]:
        names = ("w_checkpoint", "w_task", "w_path", "w_idx", "w_channel", "w_type", "w_blob")
        values = {
            **_columns(names, results),
            **thread_of(self._place),
            **({} if self._fence is None else self._fence.values),
        }
        statement = self._writes_statement
        if rows:
            statement = self._put_statement
            values |= _columns(("b_channel", "b_version", "b_type", "b_blob"), blobs)
            values |= _columns(("c_id", "c_parent", "c_checkpoint", "c_metadata"), rows)
        return await patiently(lambda: fetch(self._pool, statement, values))

    async def _prune(self, snapshot: str) -> None:
        """Delete what is older than a stored snapshot."""
        values = {**thread_of(self._place), "snapshot": snapshot}
        await patiently(lambda: fetch(self._pool, chain.PRUNE, values))
        if self._snapshot == snapshot:
            self._snapshot = None


def _key(result: _Result) -> _Key:
    checkpoint_id, task_id, _, place, *_ = result
    return checkpoint_id, task_id, place


def _json(value: object) -> Jsonb:
    return Jsonb(value, orjson.dumps)


def _split_values(checkpoint: Checkpoint) -> tuple[dict[str, Any], dict[str, Any]]:
    """The checkpoint with its plain values, and the values that are stored as blobs."""
    inline: dict[str, Any] = {}
    stored: dict[str, Any] = {}
    for channel, value in checkpoint["channel_values"].items():
        if value is None or isinstance(value, str | int | float | bool):
            inline[channel] = value
            continue
        stored[channel] = value
        if isinstance(value, DeltaSnapshot):
            inline[channel] = True
    return {**checkpoint, "channel_values": inline}, stored


def _columns(names: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, list[object]]:
    """Rows as one array per column, for `unnest`."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
