import asyncio
from dataclasses import dataclass
from typing import Any, TypedDict

import psycopg
import pytest
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph

from fixtures.waiting import stays, until
from stackwright.checkpoint import tables
from stackwright.checkpoint.reader import STRICT
from stackwright.checkpoint.saver import MAX_DELAY_S
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.ids import new_id
from stackwright.db.engine import Database
from stackwright.db.fencing import lease_fence
from stackwright.db.notifications import RunNotifications
from stackwright.db.run_records import LeaseLost
from stackwright.runs.service import RunService
from stackwright.testing.absent_database import absent, cut_off

pytestmark = pytest.mark.integration


class Counting(TypedDict):
    count: int


@dataclass
class Smuggled:
    command: str


def counted(state: Counting) -> Counting:
    return {"count": state["count"] + 1}


def counting_graph(saver: Any, step: Any = counted) -> Any:
    graph = StateGraph(Counting)
    graph.add_node("step", step)
    graph.add_edge(START, "step")
    graph.add_conditional_edges("step", lambda state: "step" if state["count"] < 5 else END)
    return graph.compile(checkpointer=saver)


def config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}}


async def test_many_who_set_the_tables_up_at_once_all_succeed(database_url: str) -> None:
    assert not await tables.are_current(database_url)
    async with asyncio.timeout(30):
        await asyncio.gather(*(tables.set_up(database_url) for _ in range(4)))
    assert await tables.are_current(database_url)


def test_the_code_knows_the_newest_of_langgraphs_migrations() -> None:
    assert len(AsyncPostgresSaver.MIGRATIONS) - 1 == tables.NEWEST


async def test_a_conversation_goes_on_with_another_saver(
    checkpoints: CheckpointService, database_url: str
) -> None:
    await checkpoints.check_health()
    thread = new_id()
    first = counting_graph(checkpoints.saver_for_run())
    await first.ainvoke({"count": 0}, config(thread), durability="sync")
    second = counting_graph(checkpoints.saver_for_run())
    assert (await second.aget_state(config(thread))).values == {"count": 5}
    await checkpoints.forget(thread)
    third = counting_graph(checkpoints.saver_for_run())
    assert (await third.aget_state(config(thread))).values == {}
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes"):
            left = await connection.execute(
                f"SELECT FROM {table} WHERE thread_id = %s".encode(), (thread,)
            )
            assert left.rowcount == 0


async def test_a_worker_that_lost_its_run_writes_no_checkpoint(
    checkpoints: CheckpointService, database: Database, signals: RunNotifications
) -> None:
    service = RunService(database, signals)
    accepted = await service.accept(user_id=new_id(), project_id=new_id(), message="go")
    older = await service.claim(accepted.run_id, worker="w1")
    newer = await service.claim(accepted.run_id, worker="w2")
    assert older is not None
    assert newer is not None
    thread = config(older.project.thread_id)
    zombie = counting_graph(checkpoints.saver_for_run(lease_fence(older.lease)))
    with pytest.raises(LeaseLost):
        await zombie.ainvoke({"count": 0}, thread, durability="sync")
    graph = counting_graph(checkpoints.saver_for_run(lease_fence(newer.lease)))
    assert (await graph.aget_state(thread)).values == {}
    await graph.ainvoke({"count": 3}, thread, durability="sync")
    assert (await graph.aget_state(thread)).values == {"count": 5}


async def stored(database: Database, thread: str) -> int:
    rows = await database.fetch(
        "SELECT count(*) FROM checkpoints WHERE thread_id = %(thread)s", {"thread": thread}
    )
    return rows[0][0]


async def test_a_checkpoint_that_may_wait_comes_with_the_next_one(
    checkpoints: CheckpointService, database: Database
) -> None:
    thread = new_id()
    after_each_step: list[int] = []

    async def step(state: Counting) -> Counting:
        after_each_step.append(await stored(database, thread))
        return {"count": state["count"] + 1}

    def waits(checkpoint: Any) -> bool:
        return checkpoint["channel_values"].get("count", 0) in (0, 2)

    saver = checkpoints.saver_for_run(may_wait=waits)
    await counting_graph(saver, step).ainvoke({"count": 0}, config(thread), durability="sync")
    assert after_each_step == [0, 3, 3, 5, 6]
    other = counting_graph(checkpoints.saver_for_run())
    assert (await other.aget_state(config(thread))).values == {"count": 5}


async def test_a_checkpoint_does_not_wait_for_long(
    checkpoints: CheckpointService, database: Database
) -> None:
    thread = new_id()
    written: list[int] = []

    async def step(state: Counting) -> Counting:
        expected = 2 + len(written)

        async def is_stored() -> bool:
            return await stored(database, thread) == expected

        await until(is_stored, within_s=20 * MAX_DELAY_S)
        written.append(await stored(database, thread))
        return {"count": state["count"] + 1}

    saver = checkpoints.saver_for_run(may_wait=lambda _: True)
    graph = counting_graph(saver, step)
    await graph.ainvoke({"count": 3}, config(thread), durability="sync")
    await saver.flush()
    assert written == [2, 3]
    assert (await graph.aget_state(config(thread))).values == {"count": 5}


async def test_a_write_that_was_cancelled_is_made_up_for(
    checkpoints: CheckpointService, database: Database, database_url: str
) -> None:
    thread = new_id()
    saver = checkpoints.saver_for_run()
    graph = counting_graph(saver)

    async def is_held_up() -> bool:
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %(table)s::regclass"
        )
        return (await database.fetch(waiting, {"table": "checkpoints"}))[0][0] > 0

    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("LOCK TABLE checkpoints IN SHARE MODE")
        running = asyncio.create_task(
            graph.ainvoke({"count": 4}, config(thread), durability="sync")
        )
        await until(is_held_up)
        running.cancel()
        await asyncio.wait({running})
    assert await stored(database, thread) == 0
    await saver.flush()
    assert await stored(database, thread) == 1
    assert (await graph.ainvoke(None, config(thread), durability="sync")) == {"count": 5}


async def test_a_waiting_checkpoint_that_cannot_be_written_stops_the_next_one(
    checkpoints: CheckpointService, database: Database, signals: RunNotifications
) -> None:
    service = RunService(database, signals)
    accepted = await service.accept(user_id=new_id(), project_id=new_id(), message="go")
    older = await service.claim(accepted.run_id, worker="w1")
    await service.claim(accepted.run_id, worker="w2")
    assert older is not None
    thread = config(older.project.thread_id)
    saver = checkpoints.saver_for_run(lease_fence(older.lease), lambda _: True)

    async def step(state: Counting) -> Counting:
        await asyncio.sleep(0.1)  # longer than a checkpoint may wait
        return {"count": state["count"] + 1}

    await counting_graph(saver, step).ainvoke({"count": 4}, thread, durability="sync")
    with pytest.raises(LeaseLost):
        await saver.flush()
    assert await stored(database, older.project.thread_id) == 0


async def test_a_conversation_is_read_and_written_once_the_database_is_back(
    checkpoints: CheckpointService, database_url: str
) -> None:
    thread = config(new_id())
    graph = counting_graph(checkpoints.saver_for_run())
    async with absent(database_url):
        running = asyncio.create_task(graph.ainvoke({"count": 0}, thread, durability="sync"))
        await stays(lambda: not running.done(), for_s=0.3)
    assert await asyncio.wait_for(running, 20) == {"count": 5}
    cut_off(database_url)
    assert (await graph.aget_state(thread)).values == {"count": 5}


def test_unknown_types_are_not_brought_to_life() -> None:
    serializer = STRICT
    kept = serializer.dumps_typed({"plain": [1, "two"], "odd": Smuggled("rm -rf /")})
    read = serializer.loads_typed(kept)
    assert read["plain"] == [1, "two"]
    assert not isinstance(read["odd"], Smuggled)
