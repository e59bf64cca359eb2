"""A second model finishes a run whose first one stays away, and the conversation stays valid."""

from collections.abc import AsyncIterator

import pytest

from stackwright.agent.contract import Feedback
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import ModelFailed
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.stream import Agent
from stackwright.agent.turn import RetryRule
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import call, faulty, say, think, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration

SECOND = "openai:gpt-4.1"


@pytest.fixture
async def second() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as running:
        yield running
        assert running.refusals == []


@pytest.fixture
def fallback(second: ScriptedModel, model_settings: ModelSettings) -> LangChainModel:
    changed = {
        "provider": "langchain",
        "name": SECOND,
        "base_url": f"{second.url}/v1",
        "silence_s": 2,
    }
    return LangChainModel(model_settings.model_copy(update=changed))


@pytest.fixture
def world(model, fallback: LangChainModel) -> AgentWorld:
    return AgentWorld(model, fallback=fallback)


async def test_an_overloaded_model_is_followed_by_the_fallback_until_the_run_ends(
    server: ScriptedModel, second: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    turns = (
        together(think("First a."), say("I begin."), call("write_file", path="a.py", content="1")),
        call("write_file", path="b.py", content="2"),
        say("Both are there."),
    )
    server.script(turns[0], faulty(turns[1], *["529"] * 9), say("Back."), say("Back again."))
    second.script(*turns)
    outcome = await agent.run(world.work("write two files"))
    assert outcome.text == "Both are there."
    assert world.files == {"a.py": "1", "b.py": "2"}
    [changed] = [event for event in world.of("state") if event.state == "fallback_model"]
    assert changed.code == "model_overloaded"
    assert SECOND in changed.detail
    assert [event.model for event in world.of("usage")] == [model_of(server), SECOND, SECOND]
    assert all(event.cost_usd > 0 for event in world.of("usage"))
    asked_before = len(server.requests)
    await agent.run(world.work("and now?"))
    assert len(server.requests) > asked_before
    assert server.requests[-1].assistant_messages == 3


async def test_whoever_resumes_the_run_goes_on_with_the_fallback(
    server: ScriptedModel, second: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    writing = call("write_file", path="a.py", content="1")
    server.script(faulty(writing, *["529"] * 9), say("The first is back."))
    second.script(writing, say("The second goes on."), say("It ended."))

    async def dies() -> Feedback | None:
        raise RuntimeError("the worker dies")

    world.before_finish = dies
    work = world.work("write a file")
    with pytest.raises(RuntimeError):
        await agent.run(work)
    asked_before = len(server.requests)

    told = [Feedback("It fails.", is_repair=True)]

    async def fails_once() -> Feedback | None:
        return told.pop() if told else None

    world.before_finish = fails_once
    resumed = await Agent(compact_above_tokens=None).run(world.work(None, run_id=work.run_id))

    assert resumed.text == "It ended."
    assert len(server.requests) == asked_before


def model_of(server: ScriptedModel) -> str:
    return server.requests[0].body["model"]


async def test_thinking_goes_back_only_to_the_model_that_signed_it(
    server: ScriptedModel, agent: Agent, world: AgentWorld, model_settings: ModelSettings
) -> None:
    server.script(together(think("Hm."), call("write_file", path="a.py", content="1")), say("Ok."))
    await agent.run(world.work("write"))
    assert "thinking" in kinds(server)
    other = AnthropicModel(model_settings.model_copy(update={"name": "claude-opus-5-5"}))
    world.model = other
    await agent.run(world.work("go on"))
    await other.aclose()
    assert "thinking" not in kinds(server)
    assert "tool_use" in kinds(server)


async def test_thinking_under_another_prompt_is_not_sent_back(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(together(think("Hm."), call("write_file", path="a.py", content="1")), say("Ok."))
    await agent.run(world.work("write"))
    world.notes = "The project has changed its template."
    await agent.run(world.work("go on"))
    assert "thinking" not in kinds(server)


def kinds(server: ScriptedModel) -> set[str]:
    return {b["type"] for m in server.requests[-1].messages for b in m["content"]}


async def test_a_fresh_look_at_what_fails_is_the_fallbacks(
    server: ScriptedModel, second: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(say("Done."))
    second.script(say("Mended."))
    told = [Feedback("It fails.", is_repair=True, is_fresh=True)]

    async def fails_once() -> Feedback | None:
        return told.pop() if told else None

    world.before_finish = fails_once
    assert (await agent.run(world.work("build"))).text == "Mended."
    assert (len(server.requests), len(second.requests)) == (1, 1)


async def test_a_wait_that_is_too_long_is_not_waited_for_when_there_is_a_fallback(
    server: ScriptedModel, second: ScriptedModel, world: AgentWorld
) -> None:
    agent = Agent(compact_above_tokens=None, retry=RetryRule(max_wait_s=0.5))
    server.script(faulty(say("never"), "429"))
    second.script(say("At once."))
    outcome = await agent.run(world.work("hi"))
    assert outcome.text == "At once."
    assert [event.state for event in world.of("state")] == ["fallback_model"]


async def test_when_both_fail_the_run_fails_and_the_next_message_works(
    server: ScriptedModel, second: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(faulty(say("never"), *["529"] * 5))
    second.script(faulty(say("never"), *["500"] * 5))
    with pytest.raises(ModelFailed) as caught:
        await agent.run(world.work("hi"))
    assert caught.value.code == "model_unavailable"
    server.script(say("Here."), when="again")
    assert (await agent.run(world.work("again"))).text == "Here."


async def test_a_wrong_key_is_told_and_not_hidden_by_the_fallback(
    server: ScriptedModel, second: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(faulty(say("never"), "401"))
    with pytest.raises(ModelFailed) as caught:
        await agent.run(world.work("hi"))
    assert caught.value.code == "model_auth"
    assert second.requests == []
