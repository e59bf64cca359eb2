"""The chat model port: messages in, typed events out.

Messages are plain dicts in the Anthropic shape inside our own frozen type. Three homes implement
the port: `anthropic` (raw stream of the official SDK), `langchain` (any other provider), `offline`.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import orjson

from stackwright.core.errors import PlatformError
from stackwright.core.pictures import tokens_of

ContentBlock = Mapping[str, Any]
"""One Anthropic content block: text, thinking, tool_use, tool_result or image."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation. `content` is never empty."""

    role: Literal["user", "assistant"]
    content: tuple[ContentBlock, ...]
    origin: str = ""
    """What a message with thinking answered (`TurnRequest.origin`): thinking is signed for it."""
    _size: int | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes of the content as JSON, and what its pictures add. Counted once: a long conversation is asked at each turn."""
        if self._size is None:
            pictures = sum(map(_picture_size, self.content))
            object.__setattr__(self, "_size", len(orjson.dumps(self.content)) + pictures)
        assert self._size is not None
        return self._size

    @property
    def text(self) -> str:
        return "".join(b["text"] for b in self.content if b["type"] == "text")

    @property
    def tool_calls(self) -> tuple[ContentBlock, ...]:
        return tuple(b for b in self.content if b["type"] == "tool_use")


BYTES_PER_TOKEN = 4


def _picture_size(block: ContentBlock) -> int:
    """Bytes of text that cost as much as the pictures of a block that are named in it."""
    if block["type"] == "tool_result" and not isinstance(block["content"], str):
        return sum(map(_picture_size, block["content"]))
    if block["type"] != "image" or block["source"]["type"] != "kept":
        return 0
    return BYTES_PER_TOKEN * tokens_of(block["source"]["width"], block["source"]["height"])


def result_text(block: ContentBlock) -> str:
    """What a tool_result says in words."""
    content = block["content"]
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str
    kind: Literal["text", "thinking"] = "text"


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a call's JSON. The first one of a call may have an empty `delta`."""

    tool_id: str
    tool_name: str
    delta: str


@dataclass(frozen=True, slots=True)
class TokenUsage:
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """Last event of a stream: the message ended properly.

    Each tool call has an id of its own in this message; ids and names are the provider's.
    `calls` holds each tool call's raw JSON text as streamed, in order: the stream gate parses it
    strictly; nobody else does.
    """

    content: tuple[ContentBlock, ...]
    calls: tuple["RawToolCall", ...]
    stop_reason: str
    usage: TokenUsage
    model: str


@dataclass(frozen=True, slots=True)
class RawToolCall:
    tool_id: str
    tool_name: str
    arguments_json: str


@dataclass(frozen=True, slots=True)
class PromptRead:
    """The provider has taken the request: what it counts of the prompt. Some tell it only at the end."""

    usage: TokenUsage


ModelEvent = PromptRead | TextDelta | ToolCallDelta | ModelTurn


CONTEXT_OVERFLOW = "model_context_overflow"
"""Code of the failure that a shorter conversation cures."""


class ModelFailed(PlatformError):
    """The model could not be used. `code` says why; `is_retryable` whether trying again helps."""

    status = 502
    code = "model_failed"

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "model_failed",
        is_retryable: bool,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.is_retryable = is_retryable
        self.wait_s = retry_after_s


class ChatModel(Protocol):
    """One model. `stream` yields at most one PromptRead, then deltas, and ends with exactly one ModelTurn, or raises ModelFailed.

    Consume it under `aclosing`: an abandoned stream keeps its connection.
    """

    @property
    def name(self) -> str: ...

    @property
    def takes_images(self) -> bool:
        """Whether messages may hold pictures; else they hold a text instead."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        *,
        system: str,
        tools: Sequence[Mapping[str, Any]],
    ) -> AsyncGenerator[ModelEvent]: ...
