"""What happens between a failing proof and the end of a run, as the model's API sees it."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from stackwright.agent.cards import gave_up_card
from stackwright.agent.contract import AgentWork, Feedback
from stackwright.agent.stream import Agent
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.script import call, say
from stackwright.testing.scripted_model import ScriptedModel

Answers = Callable[[], Coroutine[Any, Any, Feedback | None]]


def answers(*given: Feedback | None) -> Answers:
    left = list(given)

    async def next_one() -> Feedback | None:
        return left.pop(0) if left else None

    return next_one


def card(**kept: int) -> Feedback:
    return Feedback("", card=gave_up_card("It does not work. How?", "api failed", **kept))


async def test_calls_after_a_failing_proof_are_told_as_repairs(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(call("read_file", path="a.py"), say("Done."), say("Mended."))
    world.before_finish = answers(Feedback("It fails.", is_repair=True))
    assert (await agent.run(world.work("build"))).ending == "finished"
    assert [event.purpose for event in world.of("usage")] == ["build", "build", "repair"]
    assert world.of("usage")[0].tools == ("read_file",)


async def test_a_fresh_look_sees_the_failure_and_nothing_else(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    server.script(say("Done."), when="build")
    server.script(call("read_file", path="a.py"), say("Mended."), when="It fails")
    world.before_finish = answers(Feedback("It fails: the diff.", is_repair=True, is_fresh=True))
    await agent.run(world.work("build"))
    assert [len(request.messages) for request in server.requests] == [1, 1, 3]
    assert server.requests[1].first_text == "It fails: the diff."
    later = await agent.run(world.work("and now change it"))
    assert later.ending == "finished"
    assert server.requests[-1].first_text == "build"


async def test_repairs_have_calls_of_their_own_and_do_not_use_up_the_builders(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    turns = [call("read_file", path=f"{n}.py") for n in range(20)]
    server.script(call("read_file", path="a.py"), say("Done."), *turns)
    world.before_finish = answers(Feedback("It fails.", is_repair=True))
    work = world.work("build", max_iterations=3)
    outcome = await agent.run(replace(work, max_repair_calls=5, give_up=answers(card())))
    assert outcome.ending == "waiting_input"
    assert [event.purpose for event in world.of("usage")] == ["build"] * 2 + ["repair"] * 5


async def test_another_worker_knows_which_proofs_failed_until_the_person_decides(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    def failing(*after: Exception | Feedback) -> Answers:
        left: list[Exception | Feedback] = list(after)

        async def next_one() -> Feedback | None:
            one = left.pop(0) if left else None
            if isinstance(one, Exception):
                raise one
            return one

        return next_one

    server.script(say("Done."), say("Mended."), say("Again."), say("Anew."))
    heard: list[list[str]] = []
    first = Feedback("It fails.", is_repair=True, failure="api")
    world.before_finish = failing(first, RuntimeError("the worker dies"))
    work = world.work("build")
    with pytest.raises(RuntimeError):
        await agent.run(work)
    world.before_finish = failing(replace(first, failure="pages"), card())
    resumed = world.work(None, run_id=work.run_id)

    def hearing(work: AgentWork) -> AgentWork:
        def remember(known: Sequence[str]) -> None:
            heard.append(list(known))

        return replace(work, remember_failures=remember)

    assert (await agent.run(hearing(resumed))).ending == "waiting_input"
    world.before_finish = failing()
    answer = world.work(None, run_id=work.run_id, answer={"text": "Try again another way"})
    await agent.run(hearing(answer))
    assert heard == [["api"], ["api", "pages"], []]
    assert (await agent.run(hearing(world.work("now this")))).ending == "finished"
    assert heard[-1] == []


async def asked(agent: Agent, world: AgentWorld, server: ScriptedModel, given: Feedback) -> str:
    server.script(say("Done."), say("Tried again."))
    world.before_finish = answers(Feedback("It fails.", is_repair=True), given)
    work = world.work("build")
    outcome = await agent.run(work)
    assert outcome.question == "It does not work. How?"
    return work.run_id


async def answered(
    agent: Agent, world: AgentWorld, run_id: str, text: str
) -> tuple[str, list[int]]:
    brought: list[int] = []

    async def bring_back(version: int) -> None:
        brought.append(version)

    work: AgentWork = world.work(None, run_id=run_id, answer={"text": text})
    outcome = await agent.run(replace(work, bring_back=bring_back))
    return outcome.ending, brought


async def test_another_attempt_knows_what_failed_and_has_calls_again(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    run_id = await asked(agent, world, server, card())
    assert await answered(agent, world, run_id, "Use a cookie instead") == ("finished", [])
    said = str(server.requests[-1].messages[-1])
    assert "Use a cookie instead" in said
    assert "api failed" in said


async def test_the_unfinished_attempt_comes_back_when_it_is_wanted(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    run_id = await asked(agent, world, server, card(version=3, attempt=4))
    calls = len(server.requests)
    assert await answered(agent, world, run_id, "Bring it back") == ("stopped", [4])
    assert len(server.requests) == calls


async def test_what_works_is_kept_when_it_is_wanted(
    server: ScriptedModel, agent: Agent, world: AgentWorld
) -> None:
    run_id = await asked(agent, world, server, card(version=3, attempt=4))
    assert await answered(agent, world, run_id, "Keep version 3, which works") == ("stopped", [])
