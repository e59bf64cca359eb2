"""What the person chooses when a limit is reached, carried out by the harness."""

from dataclasses import replace

import pytest

from stackwright.agent.contract import BudgetReached, OpenPurse, WorstCase
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.stream import Agent
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import call, say
from stackwright.testing.scripted_model import ScriptedModel


class ShortPurse(OpenPurse):
    """Has room for some calls of the first model, and any number of the other."""

    is_open = False

    def __init__(self, room: int) -> None:
        self.room = room
        self.raised: list[tuple[str, int]] = []

    async def reserve(self, call: WorstCase) -> None:
        if call.model == "openai:gpt-4.1":
            return
        if self.room == 0:
            raise BudgetReached("Enough?", key="run:1", times=1, more="$1.00", smaller="gpt")
        self.room -= 1

    async def raise_limit(self, key: str, times: int) -> None:
        self.raised.append((key, times))
        self.room += 5


@pytest.fixture
def purse() -> ShortPurse:
    return ShortPurse(1)


async def paused(agent: Agent, world: AgentWorld, purse: ShortPurse, server: ScriptedModel) -> str:
    server.script(call("read_file", path="a.py"), say("There is no such file."))
    work = replace(world.work("look"), purse=purse)
    outcome = await agent.run(work)
    assert (outcome.ending, outcome.question) == ("waiting_input", "Enough?")
    return work.run_id


async def answered(
    agent: Agent, world: AgentWorld, purse: ShortPurse, run_id: str, text: str
) -> str:
    work = world.work(None, run_id=run_id, answer={"text": text})
    return (await agent.run(replace(work, purse=purse))).ending


async def test_a_raised_limit_lets_the_run_go_on_where_it_stood(
    agent: Agent, world: AgentWorld, purse: ShortPurse, server: ScriptedModel
) -> None:
    run_id = await paused(agent, world, purse, server)
    assert await answered(agent, world, purse, run_id, "raise") == "finished"
    assert purse.raised == [("run:1", 1)]
    assert "no file" in server.requests[-1].last_tool_result
    assert "Enough?" not in str(server.requests[-1].body)


async def test_stop_ends_the_run_without_another_call(
    agent: Agent, world: AgentWorld, purse: ShortPurse, server: ScriptedModel
) -> None:
    run_id = await paused(agent, world, purse, server)
    assert await answered(agent, world, purse, run_id, "Stop here") == "stopped"
    assert len(server.requests) == 1


async def test_an_unclear_answer_asks_again_and_spends_nothing(
    agent: Agent, world: AgentWorld, purse: ShortPurse, server: ScriptedModel
) -> None:
    run_id = await paused(agent, world, purse, server)
    assert await answered(agent, world, purse, run_id, "hm?") == "waiting_input"
    assert len(server.requests) == 1


async def test_the_smaller_model_goes_on_with_the_run(
    agent: Agent,
    world: AgentWorld,
    purse: ShortPurse,
    server: ScriptedModel,
    model_settings: ModelSettings,
) -> None:
    changed = {"provider": "langchain", "name": "openai:gpt-4.1", "base_url": f"{server.url}/v1"}
    world.fallback = LangChainModel(model_settings.model_copy(update=changed))
    run_id = await paused(agent, world, purse, server)
    assert await answered(agent, world, purse, run_id, "go on with gpt") == "finished"
    assert server.requests[-1].body["model"] == "gpt-4.1"
