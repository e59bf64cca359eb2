import json
from pathlib import Path

import pytest

from stackwright.agent.models.base import ModelFailed
from stackwright.agent.stream import Agent
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.faults import FAULTS
from stackwright.testing.script import call, faulty, say
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration

RECORDED = Path(__file__).parents[2] / "data" / "model_faults.jsonl"
NAMES = [json.loads(line)["fault"] for line in RECORDED.read_text().splitlines()]
FATAL = {"401": "model_auth", "refusal": "model_refused"}
ANSWERED = {"ok": "hello", "unknown_event": "hello", "pause_turn": "noFinished."}
"""What the run ends with when the faulty message is kept."""


def test_every_recorded_fault_can_be_played() -> None:
    assert set(NAMES) == set(FAULTS)


@pytest.mark.parametrize("after_a_tool", [False, True])
@pytest.mark.parametrize("name", NAMES)
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
    assert set(world.files) <= {"before.py", "good.py"}
    started = [event.tool_id for event in world.of("tool_start")]
    assert started == [event.tool_id for event in world.of("tool_complete")]
    assert not any(tool_id.startswith("toolu_faulty") for tool_id in started)


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
