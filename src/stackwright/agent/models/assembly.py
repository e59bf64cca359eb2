"""Puts the raw events of one Anthropic message together. Strict: what is out of order is a fault."""

from collections.abc import Iterator, Mapping
from typing import Any

from stackwright.agent.models.base import (
    ContentBlock,
    ModelEvent,
    ModelFailed,
    ModelTurn,
    PromptRead,
    RawToolCall,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
)


class TurnAssembly:
    """Feed events with `take`; after `message_stop`, `finished()` is the whole turn."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._blocks: list[dict[str, Any]] = []
        self._open: int | None = None
        self._pieces: list[str] = []
        self._json: dict[str, str] = {}
        self._stop_reason: str | None = None
        self._usage: dict[str, int] = {}
        self._has_started = False
        self.is_finished = False
        self.had_content = False
        """Whether the last event carried content (a ping does not)."""

    def take(self, event: Mapping[str, Any]) -> Iterator[ModelEvent]:
        """The typed events that this raw event means."""
        self.had_content = event.get("type") != "ping"
        try:
            yield from self._take(event)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise _bad_stream(f"event {event.get('type')!r} is malformed") from error

    def _take(self, event: Mapping[str, Any]) -> Iterator[ModelEvent]:
        match event["type"]:
            case "message_start":
                self._start(event["message"])
                yield PromptRead(self._counted())
            case "content_block_start":
                yield from self._start_block(event["index"], event["content_block"])
            case "content_block_delta":
                yield from self._delta(event["index"], event["delta"])
            case "content_block_stop":
                self._stop_block(event["index"])
            case "message_delta":
                self._stop_reason = event["delta"].get("stop_reason") or self._stop_reason
                self._count(event.get("usage"))
            case "message_stop":
                self._stop()
            case "error":
                raise _stream_error(event["error"])
            case _:
                pass

    def finished(self) -> ModelTurn:
        """The whole turn; only after `is_finished`."""
        assert self.is_finished
        assert self._stop_reason is not None
        calls = tuple(
            RawToolCall(b["id"], b["name"], self._json[b["id"]])
            for b in self._blocks
            if b["type"] == "tool_use"
        )
        content: tuple[ContentBlock, ...] = tuple(self._blocks)
        return ModelTurn(content, calls, self._stop_reason, self._counted(), self._model)

    def _counted(self) -> TokenUsage:
        return TokenUsage(
            input_tokens=self._usage.get("input_tokens", 0),
            output_tokens=self._usage.get("output_tokens", 0),
            cache_read_tokens=self._usage.get("cache_read_input_tokens", 0),
            cache_write_tokens=self._usage.get("cache_creation_input_tokens", 0),
        )

    def _start(self, message: Mapping[str, Any]) -> None:
        if self._has_started:
            raise _bad_stream("the message started twice")
        self._has_started = True
        named = message.get("model")
        # The database must be able to read the name in a usage event.
        if isinstance(named, str) and named.isprintable():
            self._model = named or self._model
        self._count(message.get("usage"))

    def _start_block(self, index: int, block: Mapping[str, Any]) -> Iterator[ModelEvent]:
        if not self._has_started or self._open is not None or index != len(self._blocks):
            raise _bad_stream("content blocks are out of order")
        self._open = index
        self._pieces = []
        self._blocks.append(dict(block))
        if block["type"] == "tool_use":
            if block["id"] in self._json:
                raise _bad_stream("two tool calls share an id")
            self._json[block["id"]] = ""
            yield ToolCallDelta(block["id"], block["name"], "")
        elif block["type"] == "text" and block.get("text"):
            self._pieces.append(block["text"])
            yield TextDelta(block["text"])

    def _delta(self, index: int, delta: Mapping[str, Any]) -> Iterator[ModelEvent]:
        if index != self._open:
            raise _bad_stream("a piece belongs to no open block")
        block = self._blocks[index]
        match delta["type"]:
            case "text_delta":
                self._pieces.append(delta["text"])
                yield TextDelta(delta["text"])
            case "input_json_delta":
                self._pieces.append(delta["partial_json"])
                yield ToolCallDelta(block["id"], block["name"], delta["partial_json"])
            case "thinking_delta":
                self._pieces.append(delta["thinking"])
                yield TextDelta(delta["thinking"], "thinking")
            case "signature_delta":
                block["signature"] = delta["signature"]
            case _:
                pass

    def _stop_block(self, index: int) -> None:
        if index != self._open:
            raise _bad_stream("a block ended that was not open")
        block = self._blocks[index]
        text = "".join(self._pieces)
        if block["type"] == "tool_use":
            self._json[block["id"]] = text
        elif block["type"] in ("text", "thinking"):
            block[block["type"]] = text
        self._open = None

    def _stop(self) -> None:
        if self._open is not None or self._stop_reason is None:
            raise _bad_stream("the message stopped before it was complete")
        self.is_finished = True

    def _count(self, usage: Mapping[str, Any] | None) -> None:
        for key, value in (usage or {}).items():
            if isinstance(value, int):
                self._usage[key] = value


def _bad_stream(what: str) -> ModelFailed:
    return ModelFailed(
        f"The model's stream was faulty: {what}.", code="model_bad_stream", is_retryable=True
    )


def _stream_error(error: Mapping[str, Any]) -> ModelFailed:
    kind = str(error.get("type", "unknown"))
    retryable = kind in ("overloaded_error", "api_error", "rate_limit_error", "timeout_error")
    code = "model_overloaded" if kind == "overloaded_error" else "model_unavailable"
    return ModelFailed(
        f"The model reported an error in its stream ({kind}).",
        code=code if retryable else "model_refused_request",
        is_retryable=retryable,
    )
