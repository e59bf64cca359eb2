import asyncio

import pytest

from stackwright.agent.stream import Agent
from stackwright.agent.turn import RetryRule
from stackwright.core.events import Event
from stackwright.testing.agent_world import AgentWorld, HandControl, tool_of
from stackwright.testing.script import call, raw_call, say, together
from stackwright.testing.scripted_model import ScriptedModel
from stackwright.tools.base import ToolFailed

pytestmark = pytest.mark.integration


def results(server: ScriptedModel) -> list[str]:
    last = server.requests[-1].messages[-1]
    return [block["content"] for block in last["content"] if block["type"] == "tool_result"]


async def test_a_call_is_executed_and_its_result_read_by_the_model(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(
        together(say("I write."), call("write_file", path="backend/a.py", content="x = 1")),
        say("It is there."),
    )
    outcome = await agent.run(world.work("write a file"))
    assert (outcome.ending, outcome.text) == ("finished", "It is there.")
    assert world.files == {"backend/a.py": "x = 1"}
    assert server.requests[-1].last_tool_result == "Wrote backend/a.py."
    kinds = world.kinds()
    assert kinds.index("tool_start") < kinds.index("tool_complete")
    assert [e.phase for e in world.of("phase_changed")] == ["planning", "backend"]
    assert world.of("usage")[0].cost_usd > 0


async def test_parallel_calls_run_together_and_answer_in_call_order(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    second_ran = asyncio.Event()

    async def first() -> str:
        await asyncio.wait_for(second_ran.wait(), 5)
        return "first"

    async def second() -> str:
        second_ran.set()
        return "second"

    world.extra_tools = [tool_of("first", first), tool_of("second", second)]
    server.script(together(call("first"), call("second")), say("Both."))
    await agent.run(world.work("do both"))
    assert results(server) == ["first", "second"]


async def test_half_characters_in_a_result_do_not_end_the_run(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    async def read() -> str:
        return "found \ud800 here"

    async def fail() -> str:
        raise ToolFailed("no \udfff page")

    world.extra_tools = [tool_of("read", read), tool_of("fail", fail)]
    server.script(together(call("read"), call("fail")), say("Done."))
    assert (await agent.run(world.work("read it"))).ending == "finished"
    assert results(server) == ["found \ufffd here", "no \ufffd page"]


async def test_calls_that_touch_the_same_thing_run_one_after_the_other(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    running = 0
    most = 0

    async def step() -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return "ok"

    shared = frozenset({"a.py"})
    world.extra_tools = [tool_of(name, step, touches=shared) for name in ("one", "two")]
    server.script(together(call("one"), call("two")), say("Done."))
    await agent.run(world.work("go"))
    assert most == 1


async def test_a_failed_tool_and_a_bug_in_a_tool_are_told_to_the_model(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(
        together(call("read_file", path="nope.py"), call("break_down")), say("Neither worked.")
    )
    outcome = await agent.run(world.work("try"))
    assert outcome.ending == "finished"
    missing, bug = results(server)
    assert "no file 'nope.py'" in missing
    assert bug.startswith("Internal error")
    assert [e.outcome for e in world.of("tool_complete")] == ["failed", "failed"]


async def test_a_call_that_stays_unsound_is_answered_with_the_reason(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(raw_call("write_file", '{"path": "a.py", "cont'), say("I give up."))
    outcome = await agent.run(world.work("go"))
    assert outcome.text == "I give up."
    assert world.files == {}
    assert len(server.requests) == 3
    assert len(world.of("message_reset")) == 1
    assert "no valid JSON" in server.requests[-1].last_tool_result


async def test_feedback_of_the_harness_goes_back_to_the_model(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    world.feedback = ["[The harness] The tests fail."]
    server.script(say("Ready."), say("Now it is."))
    outcome = await agent.run(world.work("build"))
    assert outcome.text == "Now it is."
    assert "The tests fail" in server.requests[-1].messages[-1]["content"][0]["text"]


async def test_the_model_is_warned_before_its_calls_run_out_and_the_run_ends_at_the_limit(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    world.files["a.py"] = "x"
    server.script(*[call("read_file", path="a.py")] * 10)
    outcome = await agent.run(world.work("loop", max_iterations=4))
    assert outcome.ending == "iterations"
    assert len(server.requests) == 4
    asked = [request.messages[-1]["content"][-1].get("text", "") for request in server.requests]
    assert ["model calls are left" in text for text in asked] == [False, True, True, True]
    assert len({request.body["system"][0]["text"] for request in server.requests}) == 1


async def test_after_the_limit_the_next_message_goes_on(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    world.files["a.py"] = "x"
    server.script(*[call("read_file", path="a.py")] * 3, say("Here it is."))
    assert (await agent.run(world.work("loop", max_iterations=3))).ending == "iterations"
    world.control.model_calls = 0
    outcome = await agent.run(world.work("go on", max_iterations=3))
    assert outcome.text == "Here it is."


async def test_a_question_waits_for_the_person_and_the_answer_repeats_no_tool(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(
        together(
            call("write_file", path="a.py", content="1"),
            call("ask_user_tool", question="Which colour?"),
        ),
        say("Blue it is."),
    )
    waiting = await agent.run(world.work("paint", run_id="r1"))
    assert (waiting.ending, waiting.question) == ("waiting_input", "Which colour?")
    executed = list(world.executed)
    outcome = await agent.run(world.work("paint", run_id="r1", answer={"answer": "blue"}))
    assert outcome.text == "Blue it is."
    assert world.executed == executed
    assert "blue" in server.requests[-1].messages[-1]["content"][-1]["text"]


async def test_a_question_of_which_the_log_lost_the_call_is_told_again(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(together(say("One question."), call("ask_user_tool", question="Which colour?")))
    await agent.run(world.work("paint", run_id="r1"))
    world.events.clear()  # its worker died before they were written
    waiting = await agent.run(world.work("paint", run_id="r1"))
    assert waiting.question == "Which colour?"
    assert world.kinds() == ["message_reset", "agent_thinking", "tool_start", "tool_complete"]


async def test_after_an_answer_nothing_is_told_again(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(call("ask_user_tool", question="Which colour?"), say("Blue it is."))
    await agent.run(world.work("paint", run_id="r1"))
    world.events.clear()
    await agent.run(world.work("paint", run_id="r1", answer={"answer": "blue"}))
    assert not {"message_reset", "tool_start"} & set(world.kinds())


async def test_an_answer_is_to_its_question_alone(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(
        together(
            call("ask_user_tool", question="Which colour?"),
            call("ask_user_tool", question="Drop the data?"),
        ),
        call("ask_user_tool", question="Really?"),
        say("Kept."),
    )
    first = await agent.run(world.work("paint", run_id="r1"))
    blue = {"a" * 32: "blue"}
    given = world.work("paint", run_id="r1", answer=blue, answered=first.question_id)
    second = await agent.run(given)
    assert second.question == "Drop the data?"
    # the worker died before the run waited: the next one has the same answer
    again = await agent.run(given)
    assert (again.question, again.question_id) == ("Drop the data?", second.question_id)
    no = {"answer": "no"}
    third = await agent.run(
        world.work("paint", run_id="r1", answer=no, answered=second.question_id)
    )
    assert third.question == "Really?"
    told = server.requests[-1].messages[-1]["content"][-1]["text"]
    assert f"Which colour?\n{'a' * 32}: blue" in told
    assert "Drop the data?\nanswer: no" in told
    stale = world.work("paint", run_id="r1", answer=no, answered=second.question_id)
    assert (await agent.run(stale)).question == "Really?"
    last = world.work("paint", run_id="r1", answer=no, answered=third.question_id)
    assert (await agent.run(last)).text == "Kept."


async def test_a_new_message_instead_of_an_answer_is_understood(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(call("ask_user_tool", question="Which colour?"), say("Never mind then."))
    await agent.run(world.work("paint"))
    outcome = await agent.run(world.work("forget it"))
    assert outcome.text == "Never mind then."


async def test_steering_during_the_last_answer_gets_an_answer_too(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    def steer(event: Event) -> None:
        if event.type == "agent_thinking":
            world.control.steering[:] = ["make it blue"]

    world.on_event = steer
    server.script(say("Red."), say("Blue."))
    outcome = await agent.run(world.work("go"))
    assert (outcome.text, outcome.steering) == ("Blue.", (0,))


async def test_what_steered_a_run_to_its_limit_is_not_unread(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    world.control.steering[:] = ["make it blue"]
    server.script(*(call("write_file", path=f"{n}.py", content="") for n in range(5)))
    outcome = await agent.run(world.work("loop", max_iterations=3))
    assert (outcome.ending, outcome.steering) == ("iterations", (0,))


async def test_steering_is_read_at_the_next_tool_boundary(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    async def steer() -> str:
        world.control.steering.append("make it blue")
        return "ok"

    world.extra_tools = [tool_of("steer", steer)]
    server.script(call("steer"), say("Blue."), say("Still blue."))
    await agent.run(world.work("go"))
    assert server.requests[1].messages[-1]["content"][-1]["text"] == "make it blue"
    world.control = HandControl()
    await agent.run(world.work("and now?"))
    texts = [b.get("text") for m in server.requests[2].messages for b in m["content"]]
    assert texts.count("make it blue") == 1


async def test_a_text_cut_at_the_length_limit_is_continued(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    cut = say("The first half")
    server.script(type(cut)(cut.blocks, stop_reason="max_tokens"), say("and the second."))
    outcome = await agent.run(world.work("tell"))
    assert outcome.text == "and the second."
    assert len(server.requests) == 2


async def test_a_long_conversation_is_summarised_in_requests_and_stays_whole_in_store(
    server: ScriptedModel, world: AgentWorld
) -> None:
    agent = Agent(compact_above_tokens=1000, retry=RetryRule(first_wait_s=0.01))
    server.script(say("word " * 2000), say("Short."), say("Shorter."), when="first")
    server.script(say("The person wants words."), when="Summarise the conversation")
    await agent.run(world.work("first"))
    outcome = await agent.run(world.work("second"))
    sent = server.requests[-1]
    assert sent.first_text.startswith("Summary of the conversation before this point")
    assert "The person wants words." in sent.first_text
    assert outcome.ending == "finished"
    stored = await world.saver.aget_tuple({"configurable": {"thread_id": "p1"}})
    assert stored is not None


async def test_the_state_knows_the_processes_of_the_services(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    world.service_pids = {"backend": 41}
    server.script(call("read_file", path="a.py"), say("Done."))
    world.files["a.py"] = "x"
    await agent.run(world.work("look"))
    stored = await world.saver.aget_tuple({"configurable": {"thread_id": "p1"}})
    assert stored.checkpoint["channel_values"]["service_pids"] == {"backend": 41}
