import asyncio
from dataclasses import dataclass
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph

from stackwright.checkpoint.service import CheckpointService, strict_serializer
from stackwright.core.ids import new_id
from stackwright.core.settings import DatabaseSettings
from stackwright.db.engine import Database
from stackwright.db.fencing import lease_fence
from stackwright.db.run_records import LeaseLost
from stackwright.db.signals import RunSignals
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration


class Counting(TypedDict):
    count: int


@dataclass
class Smuggled:
    command: str


def counting_graph(saver: Any) -> Any:
    graph = StateGraph(Counting)
    graph.add_node("step", lambda state: {"count": state["count"] + 1})
    graph.add_edge(START, "step")
    graph.add_conditional_edges("step", lambda state: "step" if state["count"] < 5 else END)
    return graph.compile(checkpointer=saver)


def config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}}


async def test_many_who_set_the_tables_up_at_once_all_succeed(
    database_url: str, database_settings: DatabaseSettings
) -> None:
    services = [CheckpointService(database_url, database_url, database_settings) for _ in range(4)]
    async with asyncio.timeout(30):
        await asyncio.gather(*(service.setup() for service in services))


async def test_a_conversation_goes_on_with_another_saver(checkpoints: CheckpointService) -> None:
    await checkpoints.check_health()
    thread = new_id()
    first = counting_graph(checkpoints.saver_for_run())
    await first.ainvoke({"count": 0}, config(thread), durability="sync")
    second = counting_graph(checkpoints.saver_for_run())
    assert (await second.aget_state(config(thread))).values == {"count": 5}
    await checkpoints.forget(thread)
    assert (await second.aget_state(config(thread))).values == {}


async def test_a_worker_that_lost_its_run_writes_no_checkpoint(
    checkpoints: CheckpointService, database: Database, signals: RunSignals
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


def test_unknown_types_are_not_brought_to_life() -> None:
    serializer = strict_serializer()
    kept = serializer.dumps_typed({"plain": [1, "two"], "odd": Smuggled("rm -rf /")})
    read = serializer.loads_typed(kept)
    assert read["plain"] == [1, "two"]
    assert not isinstance(read["odd"], Smuggled)
