from contextlib import aclosing
from typing import Any

import orjson

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import Message, ModelTurn, TextDelta
from stackwright.agent.models.offline import NEEDS_KEY, TOO_LONG, OfflineModel
from stackwright.scaffold.spec import AppSpec

TODO = "Create a todo app with FastAPI and Next.js"
NAMED = {
    "set_wishes": "The wishes of this message:\nw1 (words) Named\nw2 (data) Tasks\nThe next: w3."
}


def user(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


async def answer(conversation: list[Message]) -> ModelTurn:
    async with aclosing(OfflineModel().stream(conversation, system="", tools=())) as stream:
        events = [event async for event in stream]
    *deltas, turn = events
    assert isinstance(turn, ModelTurn)
    said = "".join(d.text for d in deltas if isinstance(d, TextDelta))
    assert said == "".join(b["text"] for b in turn.content if b["type"] == "text")
    return turn


def extended(
    conversation: list[Message], turn: ModelTurn, results: dict[str, str], *, failed: bool = False
) -> list[Message]:
    inputs = {call.tool_id: orjson.loads(call.arguments_json) for call in turn.calls}
    blocks: list[dict[str, Any]] = [
        {**block, "input": inputs[block["id"]]} if block["type"] == "tool_use" else dict(block)
        for block in turn.content
    ]
    answers = tuple(
        {
            "type": "tool_result",
            "tool_use_id": call.tool_id,
            "content": results.get(call.tool_name, "ok"),
            **({"is_error": True} if failed else {}),
        }
        for call in turn.calls
    )
    return [*conversation, Message("assistant", tuple(blocks)), Message("user", answers)]


def names(turn: ModelTurn) -> list[str]:
    return [call.tool_name for call in turn.calls]


async def built(request: str) -> tuple[list[Message], AppSpec]:
    conversation = [user(request)]
    conversation = extended(conversation, await answer(conversation), NAMED)
    turn = await answer(conversation)
    spec = AppSpec.model_validate(orjson.loads(turn.calls[-1].arguments_json)["spec"])
    conversation = extended(conversation, turn, {})
    conversation = extended(conversation, await answer(conversation), {"check_app": "verified"})
    conversation = extended(conversation, await answer(conversation), {})
    end = await answer(conversation)
    return [*conversation, Message("assistant", end.content)], spec


async def test_a_new_app_is_planned_scaffolded_checked_and_summarised() -> None:
    conversation = [user(TODO)]
    turn = await answer(conversation)
    assert names(turn) == ["set_wishes", "update_plan"]
    conversation = extended(conversation, turn, NAMED)
    turn = await answer(conversation)
    assert names(turn) == ["update_plan", "scaffold_app"]
    links = orjson.loads(turn.calls[1].arguments_json)["wishes"]
    assert [(link["wish"], link["shows"]) for link in links] == [("w1", "title"), ("w2", "records")]
    conversation = extended(conversation, turn, {})
    turn = await answer(conversation)
    assert names(turn) == ["update_plan", "check_app"]
    conversation = extended(conversation, turn, {"check_app": "Verified: 9 of 9 checks passed.\nx"})
    turn = await answer(conversation)
    assert names(turn) == ["update_plan"]
    plan = orjson.loads(turn.calls[0].arguments_json)["steps"]
    assert {step["status"] for step in plan} == {"done"}
    turn = await answer(extended(conversation, turn, {}))
    assert turn.stop_reason == "end_turn"
    assert "9 of 9 checks passed" in turn.content[0]["text"]


async def test_a_follow_up_reads_the_specification_and_changes_it() -> None:
    conversation, spec = await built(TODO)
    conversation.append(user("add a due date to tasks"))
    turn = await answer(conversation)
    assert names(turn) == ["read_file"]
    stored = orjson.dumps({"spec": spec.model_dump(mode="json")}).decode()
    conversation = extended(conversation, turn, {"read_file": stored})
    turn = await answer(conversation)
    assert names(turn) == ["set_wishes"]
    (wish,) = orjson.loads(turn.calls[0].arguments_json)["wishes"]
    assert wish["quotes"] == ["due date to tasks"]
    conversation = extended(conversation, turn, {"set_wishes": "\nw9 (data) Due date\n"})
    turn = await answer(conversation)
    assert names(turn) == ["scaffold_app"]
    (link,) = orjson.loads(turn.calls[0].arguments_json)["wishes"]
    assert (link["wish"], link["shows"]) == ("w9", "field")
    changed = orjson.loads(turn.calls[0].arguments_json)["spec"]
    assert AppSpec.model_validate(changed) != spec


async def test_what_is_no_application_is_answered_without_tools() -> None:
    turn = await answer([user("what is the weather like?")])
    assert not turn.calls
    assert NEEDS_KEY in turn.content[0]["text"]


async def test_a_failed_gate_is_told_and_not_tried_again() -> None:
    conversation, _ = await built(TODO)
    turn = await answer([*conversation, user(f"{FEEDBACK_PREFIX}tsc failed")])
    assert not turn.calls


async def test_a_failed_scaffold_ends_with_the_reason() -> None:
    conversation = extended([user(TODO)], await answer([user(TODO)]), NAMED)
    conversation = extended(
        conversation, await answer(conversation), {"scaffold_app": "the disk is full"}, failed=True
    )
    turn = await answer(conversation)
    assert not turn.calls
    assert "the disk is full" in turn.content[0]["text"]


async def test_a_message_that_takes_too_long_gets_a_sentence_and_the_next_one_is_read() -> None:
    long = user("Books with title, author and pages. " * 400)
    async with aclosing(OfflineModel(0.01).stream([long], system="", tools=())) as stream:
        turn = [event async for event in stream][-1]
    assert isinstance(turn, ModelTurn)
    assert turn.content[0]["text"] == TOO_LONG
    assert names(await answer([long, user(TODO)])) == ["set_wishes", "update_plan"]
