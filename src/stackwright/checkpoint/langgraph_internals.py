"""The parts of LangGraph that we use and that are not its public interface, all in one place.

`requirements.txt` pins the versions; tests/unit/checkpoint/test_langgraph_internals.py says whether
these parts are still what this package takes them for.
"""

from collections.abc import Sequence
from typing import Any

from langgraph.checkpoint.base import id as checkpoint_ids
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.types import (
    _DeltaSnapshot as DeltaSnapshot,  # pyright: ignore[reportPrivateUsage]
)

__all__ = ("SELECT_CHECKPOINT", "CheckpointReader", "DeltaSnapshot", "make_next_id_follow")

SELECT_CHECKPOINT = AsyncPostgresSaver.SELECT_SQL
"""Selects a checkpoint with its blobs and pending writes; a WHERE clause is to follow."""


class CheckpointReader(AsyncPostgresSaver):
    """The stock saver, with the functions that decode its rows."""

    def decode_blobs(self, rows: Sequence[Any]) -> dict[str, Any]:
        return self._load_blobs(rows)  # pyright: ignore[reportArgumentType]

    def decode_writes(self, rows: Sequence[Any]) -> list[tuple[str, str, Any]]:
        return self._load_writes(rows)  # pyright: ignore[reportArgumentType]


def make_next_id_follow(checkpoint_id: str) -> None:
    """Have checkpoint ids from now on sort after this one, whose maker's clock may be ahead of ours:
    the newest checkpoint of a thread is the one with the greatest id."""
    seen = checkpoint_ids.UUID(checkpoint_id).time
    ours = checkpoint_ids._last_v6_timestamp or 0  # pyright: ignore[reportPrivateUsage]
    checkpoint_ids._last_v6_timestamp = max(ours, seen)  # pyright: ignore[reportPrivateUsage]
