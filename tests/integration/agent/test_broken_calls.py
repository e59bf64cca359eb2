"""What a model call cost that broke off: its prompt, and the words that had come."""

import pytest

from stackwright.agent.models.base import ModelFailed
from stackwright.agent.stream import Agent
from stackwright.core.events import Event
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import faulty, say
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration


def tokens(world: AgentWorld) -> list[tuple[int, int]]:
    return [(used.input_tokens, used.output_tokens) for used in world.of("usage")]


@pytest.mark.parametrize("fault", ["trunc_text_rst", "trunc_tool_clean", "midstream_overloaded"])
async def test_a_lost_connection_is_counted_and_so_is_the_call_after_it(
    server: ScriptedModel, agent: Agent, world: AgentWorld, fault: str
) -> None:
    server.script(faulty(say("Finished."), fault))
    await agent.run(world.work("build"))
    (lost, whole) = tokens(world)
    assert lost[0] == 10
    assert lost[1] >= 1
    assert whole[0] > 0
    assert all(used.cost_usd for used in world.of("usage"))


async def test_stop_in_the_middle_of_a_word_is_counted(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    def stop_at_first_word(event: Event) -> None:
        if event.type == "agent_thinking":
            world.control.cancel()

    world.on_event = stop_at_first_word
    server.script(faulty(say("never sent"), "hang_mid"))
    assert (await agent.run(world.work("tell me"))).ending == "cancelled"
    assert tokens(world) == [(10, 1)]


@pytest.mark.parametrize("fault", ["429", "529", "reset_before"])
async def test_a_call_that_never_began_costs_nothing(
    server: ScriptedModel, agent: Agent, world: AgentWorld, fault: str
) -> None:
    server.script(faulty(say("Finished."), fault))
    await agent.run(world.work("build"))
    assert len(tokens(world)) == 1


async def test_a_refusal_is_counted(server: ScriptedModel, agent: Agent, world: AgentWorld) -> None:
    server.script(faulty(say("never"), "refusal"))
    with pytest.raises(ModelFailed):
        await agent.run(world.work("build"))
    assert tokens(world) == [(10, 20)]
