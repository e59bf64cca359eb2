"""A scripted turn as bytes of the Anthropic and OpenAI streaming APIs."""

from collections.abc import Mapping
from typing import Any

import orjson

from stackwright.core.ids import new_id
from stackwright.testing.script import Call, Say, Think, Turn
from stackwright.testing.signatures import signature_at

TEXT_PIECE = 24
JSON_PIECE = 256


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def sse_frame(event: Mapping[str, Any]) -> bytes:
    """An event as the Anthropic API streams it."""
    return b"event: %b\ndata: %b\n\n" % (str(event["type"]).encode(), orjson.dumps(event))


def message_start(model: str, input_tokens: int) -> dict[str, Any]:
    return {
        "type": "message_start",
        "message": {
            "id": f"msg_{new_id()}",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": input_tokens, "output_tokens": 1},
        },
    }


def anthropic_stream(turn: Turn, body: Mapping[str, Any], input_tokens: int) -> list[bytes]:
    """The turn as server-sent events of the Anthropic Messages API."""
    events = [message_start(body["model"], input_tokens), {"type": "ping"}]
    signature = _signature(turn, body)
    for index, block in enumerate(turn.blocks):
        start, deltas = _block_events(block, signature)
        events.append({"type": "content_block_start", "index": index, "content_block": start})
        events += [{"type": "content_block_delta", "index": index, "delta": d} for d in deltas]
        events.append({"type": "content_block_stop", "index": index})
    events.append(
        {
            "type": "message_delta",
            "delta": {"stop_reason": turn.ending, "stop_sequence": None},
            "usage": {"output_tokens": output_tokens(turn)},
        }
    )
    events.append({"type": "message_stop"})
    return [sse_frame(event) for event in events]


def _signature(turn: Turn, body: Mapping[str, Any]) -> str:
    """Signature of the thinking in this answer; empty when there is none."""
    thinks = any(isinstance(block, Think) for block in turn.blocks)
    return signature_at(body, len(body["messages"])) if thinks else ""


def _block_events(
    block: Say | Think | Call, signature: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    match block:
        case Say(text):
            deltas = [{"type": "text_delta", "text": p} for p in _pieces(text, TEXT_PIECE)]
            return {"type": "text", "text": ""}, deltas
        case Think(text):
            thoughts = [
                {"type": "thinking_delta", "thinking": p} for p in _pieces(text, TEXT_PIECE)
            ]
            signed = {"type": "signature_delta", "signature": signature}
            return {"type": "thinking", "thinking": "", "signature": ""}, [*thoughts, signed]
        case Call(name, arguments_json):
            start: dict[str, Any] = {
                "type": "tool_use",
                "id": block.tool_id or f"toolu_{new_id()}",
                "name": name,
                "input": {},
            }
            pieces = ["", *_pieces(arguments_json, JSON_PIECE)]
            return start, [{"type": "input_json_delta", "partial_json": p} for p in pieces]


def anthropic_message(turn: Turn, body: Mapping[str, Any], input_tokens: int) -> dict[str, Any]:
    """The turn as the whole body of a request without `stream`."""
    content: list[dict[str, Any]] = []
    signature = _signature(turn, body)
    for block in turn.blocks:
        start, _ = _block_events(block, signature)
        match block:
            case Say(text):
                content.append({**start, "text": text})
            case Think(text):
                content.append({**start, "thinking": text, "signature": signature})
            case Call(_, arguments_json):
                content.append({**start, "input": orjson.loads(arguments_json)})
    usage = {"input_tokens": input_tokens, "output_tokens": output_tokens(turn)}
    made = message_start(body["model"], input_tokens)["message"]
    return {**made, "content": content, "stop_reason": turn.ending, "usage": usage}


def openai_stream(turn: Turn, model: str, input_tokens: int) -> list[bytes]:
    """The turn as chunks of the OpenAI chat completions API, with usage."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    calls = [block for block in turn.blocks if isinstance(block, Call)]
    for block in turn.blocks:
        if isinstance(block, Say):
            deltas += [{"content": piece} for piece in _pieces(block.text, TEXT_PIECE)]
    for index, block in enumerate(calls):
        head = {"name": block.name, "arguments": ""}
        first = {
            "index": index,
            "id": block.tool_id or f"call_{new_id()}",
            "type": "function",
            "function": head,
        }
        deltas.append({"tool_calls": [first]})
        for piece in _pieces(block.arguments_json, JSON_PIECE):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    stop = {"tool_use": "tool_calls", "end_turn": "stop", "max_tokens": "length"}
    ending = stop.get(turn.ending, "content_filter")
    choices: list[list[dict[str, Any]]] = [
        [{"index": 0, "delta": d, "finish_reason": None}] for d in deltas
    ]
    choices.append([{"index": 0, "delta": {}, "finish_reason": ending}])
    common: dict[str, Any] = {
        "id": f"chatcmpl-{new_id()}",
        "object": "chat.completion.chunk",
        "created": 1,
    }
    chunks = [{**common, "model": model, "choices": choice} for choice in choices]
    used = output_tokens(turn)
    usage = {
        "prompt_tokens": input_tokens,
        "completion_tokens": used,
        "total_tokens": input_tokens + used,
    }
    chunks.append({**common, "model": model, "choices": [], "usage": usage})
    return [*(b"data: %b\n\n" % orjson.dumps(chunk) for chunk in chunks), b"data: [DONE]\n\n"]


def output_tokens(turn: Turn) -> int:
    sizes = [len(b.arguments_json) if isinstance(b, Call) else len(b.text) for b in turn.blocks]
    return max(1, sum(sizes) // 4)
