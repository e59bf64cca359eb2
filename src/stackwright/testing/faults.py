"""The ways in which a model's answer goes wrong, each playable by the scripted server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from stackwright.testing.wire import sse_frame

Ending = Literal["close", "reset", "cut", "hang", "ping"]
"""close: properly; reset: RST; cut: no end of the chunked body; hang: silence; ping: pings only."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`status` None: nothing is answered at all."""

    status: int | None
    body: tuple[bytes, ...] = ()
    ending: Ending = "close"
    content_type: str = "text/event-stream"
    headers: tuple[tuple[str, str], ...] = ()
    ping: bytes = b""
    """What is sent for ever where `ending` is ping."""


PING = sse_frame({"type": "ping"})
_START = sse_frame(
    {
        "type": "message_start",
        "message": {
            "id": "msg_faulty",
            "type": "message",
            "role": "assistant",
            "model": "scripted",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 1},
        },
    }
)
_END = sse_frame({"type": "message_stop"})


def _open(index: int, block: Mapping[str, Any]) -> bytes:
    return sse_frame({"type": "content_block_start", "index": index, "content_block": block})


def _delta(index: int, delta: Mapping[str, Any]) -> bytes:
    return sse_frame({"type": "content_block_delta", "index": index, "delta": delta})


def _shut(index: int) -> bytes:
    return sse_frame({"type": "content_block_stop", "index": index})


def _stop(reason: str) -> bytes:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return sse_frame({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 20}})


def _text(words: str, *, index: int = 0) -> tuple[bytes, ...]:
    delta = _delta(index, {"type": "text_delta", "text": words})
    return (_open(index, {"type": "text", "text": ""}), delta)


def _call(json: str, *, index: int = 0, name: str = "write_file") -> tuple[bytes, ...]:
    block: dict[str, Any] = {
        "type": "tool_use",
        "id": f"toolu_faulty_{index}",
        "name": name,
        "input": {},
    }
    pieces = (_delta(index, {"type": "input_json_delta", "partial_json": json}),) if json else ()
    return (_open(index, block), *pieces)


def _said(words: str, reason: str) -> Fault:
    return Fault(200, (_START, *_text(words), _shut(0), _stop(reason), _END))


def _called(json: str, *, name: str = "write_file") -> Fault:
    body = (_START, *_text("x"), _shut(0), *_call(json, index=1, name=name), _shut(1))
    return Fault(200, (*body, _stop("tool_use"), _END))


def _broken(*body: bytes, ending: Ending = "close") -> Fault:
    return Fault(200, (_START, *body), ending)


def _error_event(kind: str) -> bytes:
    return sse_frame({"type": "error", "error": {"type": kind, "message": kind}})


def error_body(kind: str, message: str) -> bytes:
    """An error in the shape of the Messages API."""
    return orjson.dumps({"type": "error", "error": {"type": kind, "message": message}})


def _status(status: int, kind: str, message: str, headers: Sequence[tuple[str, str]] = ()) -> Fault:
    return Fault(status, (error_body(kind, message),), "close", "application/json", tuple(headers))


SOUND_CALL = '{"path": "a.py", "content": "print(1)"}'
_HTML = "text/html"

FAULTS: Mapping[str, Fault] = {
    "ok": _said("hello", "end_turn"),
    "trunc_text_clean": _broken(*_text("hel")),
    "trunc_text_rst": _broken(*_text("hel"), ending="reset"),
    "trunc_nochunkend": _broken(*_text("hel"), ending="cut"),
    "trunc_tool_clean": _broken(*_call('{"path": "a.py", "cont')),
    "trunc_tool_closed_block": _broken(*_call(SOUND_CALL), _shut(0)),
    "maxtok_mid_tool": _broken(
        *_call('{"path": "a.py", "content": "print('), _shut(0), _stop("max_tokens"), _END
    ),
    "malformed_json": _called('{"path": a.py,,'),
    "json_array": _called('["a"]'),
    "json_scalar": _called("5"),
    "empty_input": _called(""),
    "unknown_tool": _called(SOUND_CALL, name="no_such_tool"),
    "wrong_types": _called('{"path": 5, "content": null}'),
    "extra_args": _called('{"path": "a.py", "content": "x", "mode": "0777"}'),
    "midstream_overloaded": _broken(*_text("hel"), _error_event("overloaded_error")),
    "midstream_api_error": _broken(*_text("hel"), _error_event("api_error")),
    "unknown_event": Fault(
        200,
        (
            _START,
            sse_frame({"type": "wobble"}),
            *_text("hello"),
            _shut(0),
            _stop("end_turn"),
            _END,
        ),
    ),
    "refusal": _said("no", "refusal"),
    "pause_turn": _said("no", "pause_turn"),
    "empty_content": _broken(_stop("end_turn"), _END),
    "bad_sse_json": _broken(b"event: content_block_delta\ndata: {not json\n\n", _END),
    "html_200": Fault(200, (b"<html>gateway</html>",), "close", _HTML),
    "hang_headers": Fault(None, (), "hang"),
    "hang_mid": _broken(*_text("hel"), ending="hang"),
    "ping_forever": Fault(200, (_START,), "ping", ping=PING),
    "429": _status(429, "rate_limit_error", "slow", [("retry-after", "1")]),
    "529": _status(529, "overloaded_error", "Overloaded"),
    "500": _status(500, "api_error", "x"),
    "400_toolong": _status(
        400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"
    ),
    "401": _status(401, "authentication_error", "invalid x-api-key"),
    "413": _status(413, "request_too_large", "x"),
    "502html": Fault(502, (b"<html>bad gateway</html>",), "close", _HTML),
    "reset_before": Fault(None, (), "reset"),
}
"""By the names used in `tests/data/model_faults.jsonl`."""
