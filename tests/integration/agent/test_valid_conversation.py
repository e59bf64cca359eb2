"""Whatever happens to a run, wherever: the next request is one that the API accepts.

The scripted server refuses what the real API refuses; the fixture `server` fails on any refusal.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from stackwright.agent.models.base import ChatModel, ModelFailed
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.stream import Agent
from stackwright.core.events import Event
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.agent_world import AgentWorld, HandControl
from stackwright.testing.script import Call, Turn, call, faulty, say, think, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration

TURNS: tuple[Turn, ...] = (
    together(
        think("Hm."),
        say("I begin."),
        call("write_file", path="a.py", content="1"),
        call("read_file", path="missing.py"),
    ),
    together(say("Let me ask."), call("ask_user_tool", question="Which colour?")),
    together(think("Blue."), call("write_file", path="b.py", content="2")),
    say("Both are there."),
)
PEOPLE_SAY = ("build it", "and now?", "go on", "more", "again", "still there?")


class Lost(Exception):
    """The process is gone."""


class LosingSaver(InMemorySaver):
    """Loses the process at a write of this number."""

    left = 10_000

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Lost

    async def aput(self, *args: Any, **kwargs: Any) -> Any:
        self.count()
        return await super().aput(*args, **kwargs)

    async def aput_writes(self, *args: Any, **kwargs: Any) -> None:
        self.count()
        await super().aput_writes(*args, **kwargs)


def at_event(number: int, act: Callable[[], None]) -> Callable[[Event], None]:
    """Act once, when the event of this number comes."""
    seen = 0

    def on_event(_: Event) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            act()

    return on_event


async def disturbed(world: AgentWorld, agent: Agent, run_id: str) -> None:
    """The first run, up to whatever ends it."""
    with suppress(Lost, asyncio.CancelledError, ModelFailed):
        outcome = await agent.run(world.work(PEOPLE_SAY[0], run_id=run_id))
        if outcome.ending == "waiting_input":
            await agent.run(world.work(PEOPLE_SAY[0], run_id=run_id, answer={"answer": "blue"}))


async def talk_on(world: AgentWorld, agent: Agent) -> None:
    """Further messages, until the script has ended."""
    world.on_event = None
    for message in PEOPLE_SAY[1:]:
        world.control = HandControl()
        outcome = await agent.run(world.work(message))
        if outcome.text in ("Both are there.", "Done."):
            return
    raise AssertionError("the conversation does not go on")


def check(server: ScriptedModel, world: AgentWorld) -> None:
    assert server.refusals == []
    assert all(request.messages[-1]["role"] == "user" for request in server.requests)
    started = [event.tool_id for event in world.of("tool_start")]
    assert len(started) == len(set(started))


async def length_of_a_clean_run(server: ScriptedModel, agent: Agent, world: AgentWorld) -> int:
    await disturbed(world, agent, "clean")
    assert world.files == {"a.py": "1", "b.py": "2"}
    check(server, world)
    assert len(world.events) > 20
    return len(world.events)


async def test_after_a_stop_at_any_event(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(*TURNS)
    events = await length_of_a_clean_run(server, agent, world)
    for number in range(1, events + 1):
        stopped = AgentWorld(world.model)
        stopped.on_event = at_event(number, stopped.control.cancel)
        await disturbed(stopped, agent, "r")
        await talk_on(stopped, agent)
        check(server, stopped)


@pytest.mark.parametrize("is_resumed", [True, False])
async def test_after_a_crash_at_any_event(
    server: ScriptedModel, agent: Agent, world: AgentWorld, is_resumed: bool
) -> None:
    server.script(*TURNS)
    events = await length_of_a_clean_run(server, agent, world)

    def lose() -> None:
        raise Lost

    for number in range(1, events + 1):
        crashed = AgentWorld(world.model)
        crashed.on_event = at_event(number, lose)
        await disturbed(crashed, agent, "r")
        crashed.on_event = None
        if is_resumed:
            await disturbed(crashed, agent, "r")
            assert set(crashed.files) == {"a.py", "b.py"}
        await talk_on(crashed, agent)
        assert server.refusals == []


@pytest.mark.parametrize("is_resumed", [True, False])
async def test_after_a_crash_at_any_write_of_a_checkpoint(
    server: ScriptedModel, agent: Agent, world: AgentWorld, is_resumed: bool
) -> None:
    server.script(*TURNS)
    clean = LosingSaver()
    world.saver = clean
    await length_of_a_clean_run(server, agent, world)
    for number in range(1, LosingSaver.left - clean.left + 1):
        crashed = AgentWorld(world.model, saver=LosingSaver())
        crashed.saver.left = number
        await disturbed(crashed, agent, "r")
        if is_resumed:
            await disturbed(crashed, agent, "r")
            assert set(crashed.files) == {"a.py", "b.py"}
        await talk_on(crashed, agent)
        assert server.refusals == []


async def test_after_the_worker_was_told_to_go_at_any_event(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(*TURNS)
    events = await length_of_a_clean_run(server, agent, world)
    for number in range(1, events + 1):
        ended = AgentWorld(world.model)
        task = asyncio.create_task(disturbed(ended, agent, "r"))
        ended.on_event = at_event(number, task.cancel)
        await task
        await talk_on(ended, agent)
        assert server.refusals == []


async def test_with_steering_at_any_event(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(*TURNS)
    events = await length_of_a_clean_run(server, agent, world)
    for number in range(1, events + 1):
        steered = AgentWorld(world.model)
        steered.on_event = at_event(number, lambda w=steered: w.control.steering.append("in blue"))
        await disturbed(steered, agent, "r")
        await talk_on(steered, agent)
        check(server, steered)
        told = [b.get("text") for m in server.requests[-1].messages for b in m["content"]]
        assert told.count("in blue") == 1


@pytest.mark.parametrize("failing", range(len(TURNS)))
async def test_after_a_model_that_failed_at_any_call(
    server: ScriptedModel, agent: Agent, world: AgentWorld, failing: int
) -> None:
    turns = [faulty(t, *["500"] * 5) if n == failing else t for n, t in enumerate(TURNS)]
    server.script(*turns)
    # Without an answer, the messages of the person become one.
    server.script(*TURNS, when=PEOPLE_SAY[1])
    await disturbed(world, agent, "r")
    assert world.of("state")[-1].code == "model_unavailable"
    await talk_on(world, agent)
    check(server, world)


async def test_after_a_message_instead_of_an_answer(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(*TURNS)
    outcome = await agent.run(world.work("build it"))
    assert outcome.ending == "waiting_input"
    await talk_on(world, agent)
    check(server, world)


@pytest.mark.parametrize("provider", ["anthropic", "langchain"])
async def test_calls_that_a_provider_names_badly_leave_a_conversation_that_every_provider_takes(
    server: ScriptedModel,
    agent: Agent,
    model_settings: ModelSettings,
    model: ChatModel,
    provider: str,
) -> None:
    if provider == "langchain":
        changed = {"provider": provider, "name": "openai:gpt-4.1"}
        address = {"base_url": f"{server.url}/v1"}
        world = AgentWorld(LangChainModel(model_settings.model_copy(update=changed | address)))
    else:
        world = AgentWorld(model)
    server.script(
        Turn((Call("write_file", '{"path": "a.py", "content": "1"}', "toolu_1"),)),
        Turn((Call("write_file", '{"path": "b.py", "content": "2"}', "toolu_1"),)),
        Turn((Call("write_file", '{"path": "c.py", "content": "3"}', "call:1/ü"),)),
        Turn((Call("bad name!", "{}"),)),
        Turn((Call("a" * 80, "{}"),)),
        say("Three are there."),
    )
    outcome = await agent.run(world.work("write three files"))
    assert outcome.text == "Three are there."
    assert world.files == {"a.py": "1", "b.py": "2", "c.py": "3"}
    assert [event.tool_name for event in world.of("tool_refused")] == ["invalid_tool"] * 2
    told = {event.tool_id for event in world.of("tool_args_delta")}
    shown = {event.tool_id for event in (*world.of("tool_start"), *world.of("tool_refused"))}
    assert told == shown
    assert len(shown) == 5
    world.model = model
    assert (await agent.run(world.work("and now?"))).ending == "finished"
