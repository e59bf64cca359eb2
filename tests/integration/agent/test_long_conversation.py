"""What a conversation costs when it grows, and that nothing of it is lost when requests are shortened."""

import random
from typing import Any

import pytest

from stackwright.agent.graph import build_graph
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.state import messages_of
from stackwright.agent.stream import Agent
from stackwright.checkpoint.service import CheckpointService
from stackwright.db.engine import Database
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import Turn, call, say
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

TURNS = 200
STEPS_A_TURN = 3
MOST_BYTES = 5_000_000


def turn(number: int) -> tuple[Turn, ...]:
    """A file of 2 KB is written and read, then something is said."""
    content = "".join(random.Random(number).choices("etaoin shrdlu()=.\n", k=2000))
    path = f"notes/{number % 20}.txt"
    return (
        call("write_file", path=path, content=content),
        call("read_file", path=path),
        say("word " * 120),
    )


async def stored_bytes(database: Database) -> int:
    tables = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
    found = [
        await database.fetch(f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {table} t", {})
        for table in tables
    ]
    return sum(int(rows[0][0]) for rows in found)


async def test_two_hundred_turns_fit_into_five_megabytes_and_stay_whole_though_requests_do_not(
    server: ScriptedModel,
    model: AnthropicModel,
    checkpoints: CheckpointService,
    database: Database,
) -> None:
    server.script(*(step for number in range(TURNS) for step in turn(number)))
    server.script(say("Notes were written."), when="Summarise the conversation")
    agent = Agent(compact_above_tokens=30_000)
    for number in range(TURNS):
        world = AgentWorld(model, saver=checkpoints.saver_for_run())
        world.files.update({f"notes/{n}.txt": "" for n in range(20)})
        outcome = await agent.run(world.work(f"Please write note {number}."))
        assert outcome.ending == "finished"
    assert await stored_bytes(database) < MOST_BYTES
    assert server.requests[-1].first_text.startswith("Summary of the conversation")

    graph = build_graph().copy(update={"checkpointer": checkpoints.saver_for_run()})
    config: Any = {"configurable": {"thread_id": "p1"}}
    kept = messages_of((await graph.aget_state(config)).values)
    asked = [m.text for m in kept if m.role == "user" and m.text]
    assert asked == [f"Please write note {number}." for number in range(TURNS)]
    assert sum(m.role == "assistant" for m in kept) == TURNS * STEPS_A_TURN


async def test_a_model_with_a_small_window_goes_on_with_a_conversation_of_a_large_one(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(*(say("word " * 6000) for _ in range(20)))
    for number in range(20):
        await agent.run(world.work(f"Tell me {number}."))
    server.window_tokens = 16_000
    server.script(say("Much was told."), when="Summarise the conversation")
    server.script(say("Here."), when="Summary of the conversation")
    assert (await agent.run(world.work("And now?"))).ending == "finished"
    assert server.requests[-1].first_text.startswith("Summary of the conversation")
    asked_before = len(server.requests)
    world.events.clear()
    assert (await agent.run(world.work("And then?"))).ending == "finished"
    assert len(server.requests) == asked_before + 1
    assert not [event for event in world.of("state") if event.state == "compacting"]
