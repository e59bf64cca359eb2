"""A whole application built by the agent's loop with the real tools, and told again to the byte.

The model is a script or the offline builder, the sandbox is one of real processes, and what the gate says is given.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from pydantic import SecretStr

from fixtures.tool_bench import TOOLS, Bench
from stackwright.agent.cassettes import Cassette, of_agent, read_cassette, recorded
from stackwright.agent.conversation import stored_messages
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import ChatModel
from stackwright.agent.models.offline import OfflineModel
from stackwright.agent.replaying import replay
from stackwright.agent.stream import Agent
from stackwright.core.settings import ModelSettings
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import read_plan
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration

DATA = Path(__file__).parents[2] / "data"
KANBAN = json.loads((DATA / "builds" / "kanban.json").read_text())
MOST_CALLS = 10
"""Of the model, for an application with a board, choices and dates, one mistake and a look at it."""
CHORES = "A list of chores: each has a title, a due date and whether it is done."


@pytest.fixture
async def model() -> AsyncIterator[AnthropicModel]:
    async with ScriptedModel() as server:
        for script in read_plan(orjson.dumps(KANBAN["plan"])):
            server.script(*script.turns, when=script.when)
        settings = ModelSettings(
            provider="anthropic",
            name="claude-sonnet-4-6",
            temperature=0.7,
            max_tokens=8000,
            timeout_s=30,
            api_key=SecretStr("sk-scripted"),
            base_url=server.url,
            max_iterations=25,
            summarization=False,
            summarization_threshold_tokens=100_000,
        )
        made = AnthropicModel(settings)
        yield made
        await made.aclose()
        assert server.refusals == []


async def built(model: ChatModel, bench: Bench, message: str) -> Cassette:
    """Let the agent work on the message with all tools; what it did, as a cassette."""
    bench.said.append(message)
    world = AgentWorld(model)
    work = replace(
        world.work(message),
        tools=list(TOOLS.values()),
        context=bench.context_of,
        emit=bench.events.append,
    )
    outcome = await Agent(compact_above_tokens=None).run(work)
    assert outcome.ending == "finished"
    return recorded(
        kind="chat",
        status="verified",
        message=message,
        messages=await stored_messages(world.saver, "p1"),
        events=[event.model_dump(mode="json") for event in bench.events],
    )


async def test_a_rich_application_takes_a_scripted_model_few_calls(
    model: AnthropicModel, bench: Bench
) -> None:
    cassette = await built(model, bench, KANBAN["message"])
    assert sum(event["type"] == "usage" for event in cassette.events) <= MOST_CALLS
    done = [e["outcome"] for e in cassette.events if e["type"] == "tool_complete"]
    assert done.count("failed") == 1
    assert {"acceptance/test_cards.py", "acceptance/test_cards_views.py"} <= set(
        bench.files.contents
    )
    known = await bench.wishes.read()
    assert ([wish.id for wish in known.wishes], known.not_understood) == (["w1", "w2", "w3"], ())
    assert (await replay(cassette, list(TOOLS.values()))).difference == ""


async def test_an_application_of_the_offline_builder_is_told_again_to_the_byte(
    bench: Bench,
) -> None:
    cassette = read_cassette((await built(OfflineModel(), bench, CHORES)).to_bytes())
    played = await replay(cassette, list(TOOLS.values()))
    then = orjson.dumps(of_agent(cassette.events), option=orjson.OPT_SORT_KEYS)
    assert orjson.dumps(list(played.events), option=orjson.OPT_SORT_KEYS) == then
    assert "backend/routers/chores.py" in bench.files.contents
