"""Every recorded fault, as the first call and after a tool, through both networked models."""

import json
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest

from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import ChatModel, ModelFailed
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.stream import Agent
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.faults import FAULTS
from stackwright.testing.openai_faults import OPENAI_FAULTS
from stackwright.testing.script import call, faulty, say
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration

RECORDED = Path(__file__).parents[2] / "data" / "model_faults.jsonl"
NAMES = [json.loads(line)["fault"] for line in RECORDED.read_text().splitlines()]
MODELS = ("anthropic", "langchain")
ONLY_CLAUDES = [("langchain", "pause_turn")]
PLAYED = [pair for pair in product(MODELS, NAMES) if pair not in ONLY_CLAUDES]
FATAL = {"401": "model_auth", "refusal": "model_refused"}
ANSWERED = {"ok": "hello", "unknown_event": "hello", "pause_turn": "noFinished."}
"""What the run ends with when the faulty message is kept."""
INCOMPLETE = ["message_reset", "retrying model_incomplete"]
TOLD = {
    "ok": [],
    "unknown_event": [],
    "pause_turn": [],
    "trunc_text_clean": ["message_reset", "retrying model_cut_off"],
    "trunc_text_rst": ["message_reset", "retrying model_connection"],
    "trunc_nochunkend": ["message_reset", "retrying model_connection"],
    "trunc_tool_clean": ["message_reset", "retrying model_cut_off"],
    "trunc_tool_closed_block": ["message_reset", "retrying model_cut_off"],
    "maxtok_mid_tool": INCOMPLETE,
    "malformed_json": INCOMPLETE,
    "json_array": INCOMPLETE,
    "json_scalar": INCOMPLETE,
    "empty_input": ["tool_refused"],
    "unknown_tool": ["tool_refused"],
    "wrong_types": ["tool_refused"],
    "extra_args": ["tool_refused"],
    "midstream_overloaded": ["message_reset", "retrying model_overloaded"],
    "midstream_api_error": ["message_reset", "retrying model_unavailable"],
    "refusal": ["message_reset"],
    "empty_content": ["retrying model_incomplete"],
    "bad_sse_json": ["retrying model_bad_stream"],
    "html_200": ["retrying model_cut_off"],
    "hang_headers": ["retrying model_timeout"],
    "hang_mid": ["message_reset", "retrying model_timeout"],
    "ping_forever": ["retrying model_timeout"],
    "429": ["retrying model_rate_limited"],
    "529": ["retrying model_overloaded"],
    "500": ["retrying model_unavailable"],
    "502html": ["retrying model_unavailable"],
    "reset_before": ["retrying model_connection"],
    "400_toolong": ["compacting model_context_overflow"],
    "413": ["compacting model_context_overflow"],
    "401": [],
}
"""The events that tell of the fault. Of other providers only the kind of event is the same."""


@pytest.fixture(params=MODELS)
async def model(
    request: pytest.FixtureRequest, server: ScriptedModel, model_settings: ModelSettings
) -> AsyncIterator[ChatModel]:
    if request.param == "langchain":
        changed = {"provider": "langchain", "name": "openai:gpt-4.1"}
        address = {"base_url": f"{server.url}/v1"}
        yield LangChainModel(model_settings.model_copy(update=changed | address))
        return
    made = AnthropicModel(model_settings)
    yield made
    await made.aclose()


def told(world: AgentWorld) -> list[str]:
    said: list[str] = []
    for event in world.events:
        if event.type == "state":
            said.append(f"{event.state} {event.code}")
        elif event.type in ("message_reset", "tool_refused"):
            said.append(event.type)
    return said


def test_every_recorded_fault_can_be_played() -> None:
    assert len(NAMES) == 33
    assert len(PLAYED) == 2 * 33 - 1
    assert set(NAMES) == set(FAULTS) == set(OPENAI_FAULTS) == set(TOLD)


@pytest.mark.parametrize("after_a_tool", [False, True])
@pytest.mark.parametrize(("model", "name"), PLAYED, indirect=["model"])
async def test_a_fault_never_executes_an_unsound_call_and_ends_in_a_typed_outcome(
    server: ScriptedModel, agent: Agent, world: AgentWorld, name: str, after_a_tool: bool
) -> None:
    before = [call("write_file", path="before.py", content="1")] if after_a_tool else []
    good = faulty(call("write_file", path="good.py", content="1"), name)
    server.script(*before, good, say("Finished."), say("Finished."))
    work = world.work("build")
    if name in FATAL:
        with pytest.raises(ModelFailed) as caught:
            await agent.run(work)
        assert caught.value.code == FATAL[name]
    else:
        outcome = await agent.run(work)
        assert outcome.ending == "finished"
        assert outcome.text == ANSWERED.get(name, "Finished.")
    expected = {"before.py"} if after_a_tool else set()
    is_repeated = name not in FATAL and name not in ANSWERED and TOLD[name] != ["tool_refused"]
    assert set(world.files) == expected | ({"good.py"} if is_repeated else set())
    started = [event.tool_id for event in world.of("tool_start")]
    assert started == [event.tool_id for event in world.of("tool_complete")]
    assert not any("faulty" in tool_id for tool_id in started)
    if isinstance(world.model, AnthropicModel):
        assert told(world) == TOLD[name]
    else:
        assert [t.split()[0] for t in told(world)] == [t.split()[0] for t in TOLD[name]]


@pytest.mark.parametrize("name", ["529", "trunc_tool_closed_block", "ping_forever"])
async def test_a_fault_that_stays_ends_as_model_failed_and_the_next_message_works(
    server: ScriptedModel, agent: Agent, world: AgentWorld, name: str
) -> None:
    server.script(faulty(say("Never said."), *[name] * 5))
    server.script(say("Back again."), when="again")
    with pytest.raises(ModelFailed) as caught:
        await agent.run(world.work("build"))
    assert caught.value.is_retryable
    assert len(world.of("state")) == 4
    assert (await agent.run(world.work("again"))).text == "Back again."
