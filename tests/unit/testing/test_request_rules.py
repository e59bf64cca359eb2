from typing import Any

import pytest

from stackwright.testing.request_rules import BadRequest, check_messages_request

TOOL = {"name": "t", "description": "d", "input_schema": {"type": "object"}}
USE = {"type": "tool_use", "id": "a", "name": "t", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "a", "content": "ok"}
THOUGHT = {"type": "thinking", "thinking": "x", "signature": "of another model"}
MARK = {"cache_control": {"type": "ephemeral"}}


def body(*messages: tuple[str, Any], **more: Any) -> dict[str, Any]:
    sent = [{"role": role, "content": content} for role, content in messages]
    return {"model": "m", "max_tokens": 10, "messages": sent, "tools": [TOOL], **more}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def test_an_ordinary_conversation_passes() -> None:
    check_messages_request(
        body(
            ("user", "hi"), ("assistant", [text("ok"), USE]), ("user", [RESULT, text("go", **MARK)])
        )
    )


@pytest.mark.parametrize(
    ("request_body", "sentence"),
    [
        (body(("assistant", "hi")), "first message"),
        (body(("user", "")), "non-empty"),
        (body(("user", [])), "non-empty content"),
        (body(("user", [text("  ")])), "non-whitespace"),
        (body(("system", "hi")), "Unexpected role"),
        (body(("user", "hi"), surprise=1), "surprise: Extra inputs"),
        (body(("user", "hi"), temperature=1.5), "range: 0..1"),
        (body(("user", "hi"), max_tokens=0), "max_tokens"),
        (body(("user", [text("x", mood="good")])), "text.mood: Extra inputs"),
        (body(("user", "hi"), ("assistant", [USE])), "without `tool_result` blocks"),
        (body(("user", "hi"), ("assistant", [USE]), ("user", "no")), "without `tool_result`"),
        (
            body(("user", "hi"), ("assistant", [USE]), ("user", [text("x"), RESULT])),
            "without `tool_result` blocks",
        ),
        (body(("user", [RESULT])), "unexpected `tool_use_id`"),
        (body(("user", "hi"), ("assistant", [USE, USE]), ("user", [RESULT])), "must be unique"),
        (body(("user", [USE])), "not permitted in `user`"),
        (body(("user", "hi"), ("assistant", "end ")), "trailing whitespace"),
        (body(("user", "hi"), tools=[TOOL, TOOL]), "must be unique"),
        (body(("user", "hi"), tools=[{**TOOL, "name": "a b"}]), "custom.name"),
        (body(("user", [text(str(n), **MARK) for n in range(5)])), "maximum of 4"),
        (
            body(("user", "hi"), ("assistant", [{"type": "thinking", "thinking": "x"}])),
            "signature",
        ),
        (body(("user", "hi"), ("assistant", [text("x"), THOUGHT])), "first block must be"),
        (body(("user", "hi"), ("assistant", [THOUGHT])), "final block"),
        (
            body(("user", "hi"), ("assistant", [THOUGHT, text("x")]), ("user", "go")),
            "Invalid `signature`",
        ),
        (
            body(
                ("user", "hi"),
                ("assistant", [USE]),
                ("user", [RESULT]),
                max_tokens=9000,
                thinking={"type": "enabled", "budget_tokens": 2000},
            ),
            "must start with a thinking block",
        ),
    ],
)
def test_what_the_api_refuses_is_refused(request_body: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        check_messages_request(request_body)
