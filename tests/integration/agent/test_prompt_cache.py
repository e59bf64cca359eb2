"""What the API has cached of one request is the beginning of the next."""

from itertools import pairwise
from typing import Any

import orjson
import pytest

from stackwright.agent.stream import Agent
from stackwright.testing.agent_world import AgentWorld, tool_of
from stackwright.testing.script import call, say, think, together
from stackwright.testing.scripted_model import Request, ScriptedModel

pytestmark = pytest.mark.integration

LOOKBACK = 20
"""Blocks before a mark among which the API looks for what it has cached."""


def plain(block: Any) -> Any:
    return {key: value for key, value in block.items() if key != "cache_control"}


def blocks(request: Request) -> list[Any]:
    return [(m["role"], plain(b)) for m in request.messages for b in m["content"]]


def marked(request: Request) -> list[int]:
    """Places of the blocks of the conversation that carry a mark."""
    every = [b for m in request.messages for b in m["content"]]
    return [place for place, block in enumerate(every) if "cache_control" in block]


async def test_each_request_begins_like_the_one_before_up_to_the_limit_of_the_run(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    async def steer() -> str:
        world.control.steering.append("make it blue")
        return "ok"

    world.extra_tools = [tool_of("steer", steer)]
    world.files["a.py"] = "x"
    many = together(*[call("read_file", path="a.py")] * 15)
    server.script(
        together(think("Hm."), say("Let me see."), call("read_file", path="a.py")),
        call("steer"),
        many,
        together(think("So."), call("read_file", path="a.py")),
        say("That is all."),
        say("Yes."),
    )
    await agent.run(world.work("look around", max_iterations=5))
    world.control.model_calls = 0
    await agent.run(world.work("and now?"))
    assert len(server.requests) == 6
    first = server.requests[0].body
    for earlier, later in pairwise(server.requests):
        assert blocks(later)[: len(blocks(earlier))] == blocks(earlier)
        assert later.body["system"] == first["system"]
        assert later.body["tools"] == first["tools"]
        end = len(blocks(earlier)) - 1
        assert any(place - LOOKBACK < end <= place for place in marked(later))
    assert "cache_control" in first["system"][-1]
    assert "cache_control" in first["tools"][-1]


def size(*parts: Any) -> int:
    return len(orjson.dumps(parts))


async def test_nine_tenths_of_what_a_run_of_25_steps_sends_is_cached(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    world.files["a.py"] = "x = 1\n" * 200
    server.script(*[call("read_file", path="a.py") for _ in range(24)], say("That is all."))
    await agent.run(world.work("look around", max_iterations=25))
    assert len(server.requests) == 25
    cached = sent = 0
    for earlier, later in pairwise(server.requests):
        head = size(later.body["system"], later.body["tools"])
        read = blocks(later)[: max(marked(earlier)) + 1]
        assert read == blocks(earlier)[: max(marked(earlier)) + 1]
        cached += head + size(*read)
        sent += head + size(*blocks(later))
    assert cached / sent >= 0.9
