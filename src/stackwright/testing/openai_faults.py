"""The faults of `faults.py` in the shape of the OpenAI chat completions API, where it has them."""

from collections.abc import Mapping
from typing import Any

import orjson

from stackwright.testing.faults import FAULTS, SOUND_CALL, Ending, Fault

_PING = b": ping\n\n"
_DONE = b"data: [DONE]\n\n"


def _data(value: Mapping[str, Any]) -> bytes:
    return b"data: %b\n\n" % orjson.dumps(value)


def _chunk(delta: Mapping[str, Any], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return _data(
        {
            "id": "chatcmpl-faulty",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "scripted",
            "choices": [choice],
        }
    )


def _text(words: str) -> bytes:
    return _chunk({"role": "assistant", "content": words})


def _call(json: str, name: str = "write_file") -> bytes:
    function = {"name": name, "arguments": json}
    call = {"index": 0, "id": "call_faulty_0", "type": "function", "function": function}
    return _chunk({"role": "assistant", "content": None, "tool_calls": [call]})


def _broken(*body: bytes, ending: Ending = "close") -> Fault:
    return Fault(200, body, ending, ping=_PING)


def _ended(*body: bytes, reason: str) -> Fault:
    return Fault(200, (*body, _chunk({}, reason), _DONE))


def _called(json: str, name: str = "write_file") -> Fault:
    return _ended(_text("x"), _call(json, name), reason="tool_calls")


def _error(message: str) -> bytes:
    return _data({"error": {"message": message, "type": "server_error", "code": None}})


_TOO_LONG = orjson.dumps(
    {
        "error": {
            "message": "This model's maximum context length is 128000 tokens.",
            "type": "invalid_request_error",
            "code": "context_length_exceeded",
        }
    }
)

OPENAI_FAULTS: Mapping[str, Fault] = {
    **FAULTS,
    "ok": _ended(_text("hello"), reason="stop"),
    "trunc_text_clean": _broken(_text("hel")),
    "trunc_text_rst": _broken(_text("hel"), ending="reset"),
    "trunc_nochunkend": _broken(_text("hel"), ending="cut"),
    "trunc_tool_clean": _broken(_call('{"path": "a.py", "cont')),
    "trunc_tool_closed_block": _broken(_call(SOUND_CALL)),
    "maxtok_mid_tool": _ended(_call('{"path": "a.py", "content": "print('), reason="length"),
    "malformed_json": _called('{"path": a.py,,'),
    "json_array": _called('["a"]'),
    "json_scalar": _called("5"),
    "empty_input": _called(""),
    "unknown_tool": _called(SOUND_CALL, "no_such_tool"),
    "wrong_types": _called('{"path": 5, "content": null}'),
    "extra_args": _called('{"path": "a.py", "content": "x", "mode": "0777"}'),
    "midstream_overloaded": _broken(_text("hel"), _error("overloaded")),
    "midstream_api_error": _broken(_text("hel"), _error("internal")),
    "unknown_event": _ended(
        _data({"object": "wobble", "choices": []}), _text("hello"), reason="stop"
    ),
    "refusal": _ended(_text("no"), reason="content_filter"),
    "empty_content": _ended(reason="stop"),
    "bad_sse_json": _broken(b"data: {not json\n\n", _DONE),
    "hang_mid": _broken(_text("hel"), ending="hang"),
    "ping_forever": _broken(ending="ping"),
    "400_toolong": Fault(400, (_TOO_LONG,), "close", "application/json"),
}
"""`pause_turn` has no counterpart: such a message is Claude's alone."""
