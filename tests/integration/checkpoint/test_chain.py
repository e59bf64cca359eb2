"""Conversations whose checkpoints hold only what was said since the one before."""

import time
from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.channels.delta import DeltaChannel
from langgraph.checkpoint.base import id as checkpoint_ids
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph

from stackwright.checkpoint.chain import IncompleteThread
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.ids import new_id
from stackwright.db.engine import Database

pytestmark = pytest.mark.integration

SNAPSHOT_EVERY = 7


def _append(state: list[str] | None, writes: Sequence[list[str]]) -> list[str]:
    return [*(state or ()), *(word for batch in writes for word in batch)]


class Talk(TypedDict):
    said: Annotated[list[str], DeltaChannel(_append, snapshot_frequency=SNAPSHOT_EVERY)]
    left: int


def talking(saver: Any) -> Any:
    """Each step says one word, two nodes at once, as often as `left` says."""
    graph = StateGraph(Talk)
    graph.add_node("one", lambda state: {"said": [f"one {state['left']}"]})
    graph.add_node("two", lambda state: {"said": [f"two {state['left']}"]})
    graph.add_node("count", lambda state: {"left": state["left"] - 1})
    for speaker in ("one", "two"):
        graph.add_edge(START, speaker)
        graph.add_edge(speaker, "count")
    graph.add_conditional_edges(
        "count", lambda state: ["one", "two"] if state["left"] > 0 else END, ["one", "two", END]
    )
    return graph.compile(checkpointer=saver)


def spoken(text: str, left: int) -> list[str]:
    return [text, *(f"{who} {n}" for n in range(left, 0, -1) for who in ("one", "two"))]


def config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}}


async def talk(checkpoints: CheckpointService, thread: str, text: str, left: int) -> None:
    graph = talking(checkpoints.saver_for_run())
    await graph.ainvoke({"said": [text], "left": left}, config(thread), durability="sync")


async def said(checkpoints: CheckpointService, thread: str) -> list[str]:
    state = await talking(checkpoints.saver_for_run()).aget_state(config(thread))
    return state.values["said"]


async def count(database: Database, table: str, thread: str) -> int:
    rows = await database.fetch(
        f"SELECT count(*) FROM {table} WHERE thread_id = %(thread)s", {"thread": thread}
    )
    return rows[0][0]


@pytest.mark.parametrize("left", [1, 2, 3, 20])
async def test_what_was_said_is_read_as_the_stock_saver_reads_it(
    checkpoints: CheckpointService, left: int
) -> None:
    thread = new_id()
    await talk(checkpoints, thread, "hello", left)
    saver = checkpoints.saver_for_run()
    newest = await saver.aget_tuple(config(thread))
    assert newest is not None
    asked: Any = {"config": newest.config, "channels": ["said"]}
    ours = await saver.aget_delta_channel_history(**asked)
    assert ours == await AsyncPostgresSaver.aget_delta_channel_history(saver, **asked)
    assert await said(checkpoints, thread) == spoken("hello", left)


async def test_what_is_older_than_a_snapshot_goes_and_the_conversation_stays(
    checkpoints: CheckpointService, database: Database
) -> None:
    thread, whole = new_id(), []
    for turn in range(8):
        await talk(checkpoints, thread, f"turn {turn}", 5)
        whole += spoken(f"turn {turn}", 5)
        assert await said(checkpoints, thread) == whole
        assert await count(database, "checkpoints", thread) <= 3 * SNAPSHOT_EVERY
        assert await count(database, "checkpoint_writes", thread) <= 9 * SNAPSHOT_EVERY
    assert await count(database, "checkpoint_blobs", thread) <= 3 * SNAPSHOT_EVERY


async def test_a_thread_whose_beginning_is_gone_is_not_taken_for_a_short_one(
    checkpoints: CheckpointService, database: Database
) -> None:
    thread = new_id()
    await talk(checkpoints, thread, "hello", 2)
    saver = checkpoints.saver_for_run()
    newest = await saver.aget_tuple(config(thread))
    assert newest is not None
    await talk(checkpoints, thread, "and on", 5)
    with pytest.raises(IncompleteThread):
        await saver.aget_delta_channel_history(config=newest.config, channels=["said"])


async def test_a_worker_whose_clock_is_behind_goes_on_after_the_newest_checkpoint(
    checkpoints: CheckpointService, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = new_id()
    await talk(checkpoints, thread, "hello", 1)
    now = time.time_ns
    with monkeypatch.context() as another_process:
        another_process.setattr(checkpoint_ids.time, "time_ns", lambda: now() - 3600 * 10**9)
        another_process.setattr(checkpoint_ids, "_last_v6_timestamp", None)
        await talk(checkpoints, thread, "an hour ago", 1)
    assert await said(checkpoints, thread) == [*spoken("hello", 1), *spoken("an hour ago", 1)]
