"""Reads the checkpoints of one run's thread, ahead of the graph where it can.

The query is the stock saver's, and reads a checkpoint with all that belongs to it in one round trip.
What was read is kept until something is written. While the database is away, reading waits.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    Checkpoint,
    CheckpointTuple,
    DeltaChannelHistory,
    copy_checkpoint,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from stackwright.checkpoint import chain
from stackwright.checkpoint.langgraph_internals import (
    SELECT_CHECKPOINT,
    CheckpointReader,
    make_next_id_follow,
)
from stackwright.core.postgres import Pool, fetch, patiently
from stackwright.core.tasks import spawn

_READ = f"""{SELECT_CHECKPOINT}
WHERE thread_id = %(thread)s AND checkpoint_ns = %(namespace)s AND checkpoint_id = coalesce(
    %(target)s::text,
    (SELECT max(checkpoint_id) FROM checkpoints
     WHERE thread_id = %(thread)s AND checkpoint_ns = %(namespace)s)
)
"""  # noqa: S608 (only the library's constant)

_READ_NEWEST = f"SELECT * FROM ({chain.READ}) AS told FULL JOIN ({_READ}) AS newest ON false"  # noqa: S608

STRICT = JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=None)
"""Only the safe built-in types are read back, and never a pickle: what LANGGRAPH_STRICT_MSGPACK=true
does, without depending on the environment."""


class ThreadReader(CheckpointReader):
    """For one thread of the graph."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool, serde=STRICT)
        self._pool = pool
        self._tuples: dict[tuple[str, str, str | None], CheckpointTuple | None] = {}
        self._histories: dict[tuple[str, str], DeltaChannelHistory] = {}
        self._reading: asyncio.Task[None] | None = None

    def read_ahead(self, thread_id: str, channel: str) -> None:
        """Start reading what a graph needs first: the thread's newest checkpoint and the channel."""
        self._reading = spawn(self._read_newest(thread_id, channel), name="read ahead")

    async def _read_newest(self, thread_id: str, channel: str) -> None:
        values = {"thread": thread_id, "namespace": "", "target": None, "channel": channel}
        rows = await patiently(lambda: fetch(self._pool, _READ_NEWEST, values, binary=True))
        newest = next((row for row in rows if row["thread_id"] is not None), None)
        self._tuples[thread_id, "", None] = None if newest is None else self._tuple_of(newest)
        if newest is not None:
            told = [row for row in rows if row is not newest]
            with suppress(chain.IncompleteThread):  # raised again when the graph asks for it
                history = chain.history(told, channel, self.serde)
                self._histories[newest["checkpoint_id"], channel] = history

    async def _until_read(self) -> None:
        if self._reading is not None:
            await asyncio.wait({self._reading})
            self._reading = None

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        await self._until_read()
        found = await self._read_tuple(config)
        if found is None:
            return None
        make_next_id_follow(found.checkpoint["id"])
        return found._replace(checkpoint=copy_checkpoint(found.checkpoint))

    async def _read_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        place = config.get("configurable", {})
        asked = (place["thread_id"], place.get("checkpoint_ns", ""), place.get("checkpoint_id"))
        if asked not in self._tuples:
            values = {**thread_of(config), "target": place.get("checkpoint_id")}
            rows = await patiently(lambda: fetch(self._pool, _READ, values, binary=True))
            self._tuples[asked] = self._tuple_of(rows[0]) if rows else None
        return self._tuples[asked]

    def _tuple_of(self, row: Mapping[str, Any]) -> CheckpointTuple:
        stored: Checkpoint = row["checkpoint"]
        parent: str | None = row["parent_checkpoint_id"]
        values = {**stored["channel_values"], **self.decode_blobs(row["channel_values"])}
        return CheckpointTuple(
            config=at(row, row["checkpoint_id"]),
            checkpoint={**stored, "channel_values": values},
            metadata=row["metadata"],
            parent_config=at(row, parent) if parent else None,
            pending_writes=self.decode_writes(row["pending_writes"]),
        )

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """Raises IncompleteThread."""
        await self._until_read()
        target = config.get("configurable", {})["checkpoint_id"]
        for channel in channels:
            if (target, channel) not in self._histories:
                self._histories[target, channel] = await self._history(config, target, channel)
        return {channel: self._histories[target, channel] for channel in channels}

    async def _history(
        self, config: RunnableConfig, target: str | None, channel: str
    ) -> DeltaChannelHistory:
        """Up to the checkpoint `target`; None: the newest."""
        values = {**thread_of(config), "target": target, "channel": channel}
        rows = await patiently(lambda: fetch(self._pool, chain.READ, values, binary=True))
        return chain.history(rows, channel, self.serde)

    def forget_what_was_read(self) -> None:
        """What is written now would make it wrong."""
        self._tuples.clear()
        self._histories.clear()


def at(place: Mapping[str, Any], checkpoint_id: str) -> RunnableConfig:
    """The config that names a checkpoint of the thread that `place` is in."""
    return {
        "configurable": {
            "thread_id": place["thread_id"],
            "checkpoint_ns": place["checkpoint_ns"],
            "checkpoint_id": checkpoint_id,
        }
    }


def thread_of(config: RunnableConfig) -> dict[str, str]:
    """The thread that a config names, as parameters of a statement."""
    place = config.get("configurable", {})
    return {"thread": place["thread_id"], "namespace": place.get("checkpoint_ns", "")}
