"""What every networked chat model promises, whoever provides it."""

from contextlib import aclosing
from typing import Any

import orjson
import pytest

from stackwright.agent.models.base import (
    ChatModel,
    Message,
    ModelEvent,
    ModelFailed,
    ModelTurn,
    TextDelta,
    ToolCallDelta,
)
from stackwright.testing.script import call, faulty, raw_call, say, together
from stackwright.testing.scripted_model import ScriptedModel

pytestmark = pytest.mark.integration

TOOLS: list[dict[str, Any]] = [
    {
        "name": "write_file",
        "description": "Writes a file.",
        "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}},
        "cache_control": {"type": "ephemeral"},
    }
]


def user(text: str) -> Message:
    return Message("user", ({"type": "text", "text": text},))


async def ask(model: ChatModel, *messages: Message) -> list[ModelEvent]:
    async with aclosing(model.stream(messages, system="Be brief.", tools=TOOLS)) as stream:
        return [event async for event in stream]


async def test_text_streams_and_ends_with_one_turn(server: ScriptedModel, model: ChatModel) -> None:
    text = "Grüße, 世界 \u2028 and a line separator inside, in several pieces of text."
    server.script(say(text))
    events = await ask(model, user("hi"))
    *deltas, turn = events
    assert isinstance(turn, ModelTurn)
    assert len(deltas) > 1
    assert "".join(d.text for d in deltas if isinstance(d, TextDelta)) == text
    assert turn.content == ({"type": "text", "text": text},)
    assert turn.stop_reason == "end_turn"
    assert turn.usage.input_tokens > 0
    assert turn.usage.output_tokens > 0


async def test_parallel_calls_keep_their_raw_json_and_order(
    server: ScriptedModel, model: ChatModel
) -> None:
    long = "x" * 1000
    server.script(together(call("write_file", path=long), call("write_file", path="b")))
    *deltas, turn = await ask(model, user("write"))
    assert isinstance(turn, ModelTurn)
    assert turn.stop_reason == "tool_use"
    assert [orjson.loads(c.arguments_json)["path"] for c in turn.calls] == [long, "b"]
    first, second = turn.calls
    assert first.tool_id != second.tool_id
    pieces = [d.delta for d in deltas if isinstance(d, ToolCallDelta)]
    assert "".join(pieces) == first.arguments_json + second.arguments_json
    assert [b["id"] for b in turn.content] == [first.tool_id, second.tool_id]


async def test_unsound_json_is_handed_on_as_it_came(
    server: ScriptedModel, model: ChatModel
) -> None:
    server.script(raw_call("write_file", '{"path": "a'))
    turn = (await ask(model, user("write")))[-1]
    assert isinstance(turn, ModelTurn)
    assert turn.calls[0].arguments_json == '{"path": "a'


async def test_results_of_tools_are_sent_so_that_the_provider_accepts_them(
    server: ScriptedModel, model: ChatModel
) -> None:
    server.script(together(say("I write."), call("write_file", path="a")), say("Done."))
    turn = (await ask(model, user("write")))[-1]
    assert isinstance(turn, ModelTurn)
    content = [
        {**b, "input": {"path": "a"}} if b["type"] == "tool_use" else b for b in turn.content
    ]
    result = {
        "type": "tool_result",
        "tool_use_id": turn.calls[0].tool_id,
        "content": "no such folder",
        "is_error": True,
    }
    answer = Message("user", (result, {"type": "text", "text": "and hurry"}))
    end = (await ask(model, user("write"), Message("assistant", tuple(content)), answer))[-1]
    assert isinstance(end, ModelTurn)
    assert end.content[0]["text"] == "Done."
    assert server.refusals == []


@pytest.mark.parametrize(
    ("fault", "code", "is_retryable"),
    [
        ("401", "model_auth", False),
        ("429", "model_rate_limited", True),
        ("500", "model_unavailable", True),
        ("413", "model_context_overflow", False),
        ("hang_headers", "model_timeout", True),
        ("reset_before", None, True),
        ("html_200", None, True),
    ],
)
async def test_failures_carry_a_code_and_whether_trying_again_helps(
    server: ScriptedModel, model: ChatModel, fault: str, code: str | None, is_retryable: bool
) -> None:
    server.script(faulty(say("never"), fault))
    with pytest.raises(ModelFailed) as caught:
        await ask(model, user("hi"))
    assert caught.value.is_retryable is is_retryable
    assert code is None or caught.value.code == code
    assert "sk-scripted" not in str(caught.value)


async def test_a_stream_that_is_left_early_can_be_asked_again(
    server: ScriptedModel, model: ChatModel
) -> None:
    server.script(say("a long text " * 50))
    async with aclosing(model.stream([user("hi")], system="s", tools=TOOLS)) as stream:
        async for _ in stream:
            break
    assert isinstance((await ask(model, user("hi")))[-1], ModelTurn)
