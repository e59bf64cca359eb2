"""A run on a scripted model is recorded, and played again without it to the byte."""

import orjson
import pytest

from stackwright.agent.cassettes import of_agent, read_cassette, recorded
from stackwright.agent.conversation import stored_messages
from stackwright.agent.replaying import replay
from stackwright.agent.stream import Agent
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import call, faulty, raw_call, say, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration


async def test_a_recorded_run_is_replayed_with_the_same_events(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(
        together(
            say("I write two files."),
            call("write_file", path="a.txt", content="password=hunter22\n"),
            call("write_file", path="b.txt", content="b"),
            call("read_file", path="missing.txt"),
        ),
        faulty(call("read_file", path="b.txt"), "529"),
        raw_call("read_file", '{"paht": "b.txt"}'),
        say("Both are written."),
        say("And checked."),
    )
    world.feedback.append("[The harness] Check it once more.")
    outcome = await agent.run(world.work("Write two files, my key is sk-ant-secret-12345"))
    assert outcome.ending == "finished"

    cassette = recorded(
        kind="chat",
        status="answered",
        message="Write two files, my key is sk-ant-secret-12345",
        messages=await stored_messages(world.saver, "p1"),
        events=[event.model_dump(mode="json") for event in world.events],
    )
    packed = cassette.to_bytes()
    asked = len(server.requests)
    played = await replay(read_cassette(packed), world.tools())

    assert played.difference == ""
    then = orjson.dumps(of_agent(cassette.events), option=orjson.OPT_SORT_KEYS)
    assert orjson.dumps(list(played.events), option=orjson.OPT_SORT_KEYS) == then
    assert len(server.requests) == asked
    assert b"hunter22" not in then
    assert b"sk-ant-secret" not in then
