import asyncio
import time
from contextlib import nullcontext
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from stackwright.agent.stream import Agent
from stackwright.core.events import Event
from stackwright.testing.agent_world import AgentWorld, tool_of
from stackwright.testing.script import call, faulty, say, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration


async def test_stop_while_the_model_speaks_keeps_what_it_said(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    def stop_at_first_word(event: Event) -> None:
        if event.type == "agent_thinking":
            world.control.cancel()

    world.on_event = stop_at_first_word
    server.script(faulty(say("never sent"), "hang_mid"), say("Going on."))
    began = time.monotonic()
    outcome = await agent.run(world.work("tell me"))
    assert outcome.ending == "cancelled"
    assert outcome.text == "hel"
    assert time.monotonic() - began < 2
    world.on_event = None
    world.control = type(world.control)()
    assert (await agent.run(world.work("go on"))).text == "Going on."


async def test_stop_while_tools_run_answers_every_call(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    cleaned_up = asyncio.Event()

    async def hang() -> str:
        try:
            world.control.cancel()
            await asyncio.Event().wait()
        finally:
            cleaned_up.set()
        return "never"

    world.extra_tools = [tool_of("hang", hang, effect="once")]
    server.script(
        together(call("write_file", path="a.py", content="1"), call("hang")), say("Understood.")
    )
    outcome = await agent.run(world.work("go"))
    assert outcome.ending == "cancelled"
    assert cleaned_up.is_set()
    assert [e.outcome for e in world.of("tool_complete")] == ["ok", "cancelled"]
    world.control = type(world.control)()
    outcome = await agent.run(world.work("what now?"))
    assert outcome.text == "Understood."
    kept, cancelled = (
        block
        for block in server.requests[-1].messages[-1]["content"]
        if block["type"] == "tool_result"
    )
    assert kept["content"] == "Wrote a.py."
    assert "Cancelled by the person" in cancelled["content"]


async def test_stop_while_the_harness_judges_is_not_overheard(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    async def verify() -> str | None:
        world.control.cancel()
        await asyncio.Event().wait()

    world.before_finish = verify
    server.script(say("Done."), say("Going on."))
    outcome = await agent.run(world.work("go"))
    assert (outcome.ending, outcome.text) == ("cancelled", "Done.")
    world.before_finish, world.control = None, type(world.control)()
    assert (await agent.run(world.work("go on"))).text == "Going on."


class CrashingSaver(InMemorySaver):
    """Loses the process after a number of stored checkpoints."""

    crash_after: int | None = None

    async def aput(self, *args: Any, **kwargs: Any) -> Any:
        if self.crash_after is not None:
            if self.crash_after == 0:
                raise ConnectionResetError("the process is gone")
            self.crash_after -= 1
        return await super().aput(*args, **kwargs)


@pytest.mark.parametrize("crash_after", range(8))
async def test_a_crash_between_any_two_steps_repeats_no_effect(
    server: ScriptedModel, agent: Agent, world: AgentWorld, crash_after: int
) -> None:
    effects: list[str] = []

    async def send() -> str:
        effects.append("sent")
        return "sent once"

    world.extra_tools = [tool_of("send", send, effect="once")]
    saver = CrashingSaver()
    saver.crash_after = crash_after
    world.saver = saver
    server.script(call("send"), call("write_file", path="a.py", content="1"), say("All done."))
    with pytest.raises(ConnectionResetError) if crash_after < 7 else nullcontext():
        await agent.run(world.work("send it", run_id="r1"))
    saver.crash_after = None
    outcome = await agent.run(world.work("send it", run_id="r1"))
    assert outcome.text == "All done."
    assert effects == ["sent"]
    assert world.files == {"a.py": "1"}
    again = await agent.run(world.work("send it", run_id="r1"))
    assert again.text == "All done."
    assert len({request.first_text for request in server.requests}) == 1


async def test_an_effect_of_unknown_fate_is_not_repeated(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    async def send() -> str:
        raise AssertionError("must not run")

    world.extra_tools = [tool_of("send", send, effect="once")]

    def remember_intent(event: Event) -> None:
        if event.type == "tool_args_delta":
            world.ledger.entries[event.tool_id] = None

    world.on_event = remember_intent
    server.script(call("send"), say("I will look first."))
    outcome = await agent.run(world.work("send it"))
    assert outcome.text == "I will look first."
    assert "unknown" in server.requests[-1].last_tool_result
