"""Any other LangChain provider or OpenAI-compatible endpoint, by `init_chat_model`."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import orjson

from stackwright.agent.models.base import (
    CONTEXT_OVERFLOW,
    ChatModel,
    ContentBlock,
    Message,
    ModelEvent,
    ModelFailed,
    ModelTurn,
    RawToolCall,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    result_text,
)
from stackwright.core.ids import new_id
from stackwright.core.setting_groups import ModelSettings

_STOP = {
    "tool_calls": "tool_use",
    "tool_use": "tool_use",
    "length": "max_tokens",
    "max_tokens": "max_tokens",
    "content_filter": "refusal",
    "refusal": "refusal",
}


_OVERFLOW = ("context_length", "context length", "context window", "contextoverflow")


@dataclass(slots=True)
class _Call:
    tool_id: str
    name: str = ""
    pieces: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Answer:
    """What arrived so far."""

    text: list[str] = field(default_factory=list[str])
    calls: dict[int, _Call] = field(default_factory=dict[int, _Call])
    stop: str | None = None
    usage: TokenUsage = field(default_factory=TokenUsage)

    def take(self, chunk: Any) -> Iterator[ModelEvent]:
        if piece := chunk.text:
            self.text.append(piece)
            yield TextDelta(piece)
        for part in chunk.tool_call_chunks:
            yield self._piece_of_call(part)
        self.stop = _finish_reason(chunk) or self.stop
        self.usage = _usage(chunk) or self.usage

    def _piece_of_call(self, part: Mapping[str, Any]) -> ToolCallDelta:
        index = part.get("index") or 0
        if index not in self.calls:
            self.calls[index] = _Call(self._unique(part.get("id") or ""))
        call = self.calls[index]
        call.name = call.name or part.get("name") or ""
        piece = part.get("args") or ""
        call.pieces.append(piece)
        return ToolCallDelta(call.tool_id, call.name, piece)

    def _unique(self, given: str) -> str:
        """The provider's id if it stands for this call alone: some send none."""
        is_taken = any(call.tool_id == given for call in self.calls.values())
        return given if given and not is_taken else f"call_{new_id()}"

    def turn(self, model: str) -> ModelTurn:
        if self.stop is None:
            raise ModelFailed(
                "The model's answer broke off.", code="model_cut_off", is_retryable=True
            )
        text = "".join(self.text)
        content: list[ContentBlock] = [{"type": "text", "text": text}] if text else []
        content += [
            {"type": "tool_use", "id": call.tool_id, "name": call.name, "input": {}}
            for call in self.calls.values()
        ]
        raw = tuple(
            RawToolCall(call.tool_id, call.name, "".join(call.pieces))
            for call in self.calls.values()
        )
        # Some providers report a plain stop after tool calls.
        stop = "tool_use" if raw and self.stop == "end_turn" else self.stop
        return ModelTurn(tuple(content), raw, stop, self.usage, model)


class LangChainModel:
    """A model named `provider:name`, e.g. `openai:gpt-5` or `ollama:qwen3-coder`."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._silence_s = settings.silence_s
        self._model: Any = None

    @property
    def name(self) -> str:
        return self._settings.plain_name

    @property
    def takes_images(self) -> bool:
        return self._settings.takes_images

    async def stream(
        self, messages: Sequence[Message], *, system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        answer = _Answer()
        model = self._bound(tools)
        clock = asyncio.get_running_loop().time
        try:
            async with (
                asyncio.timeout(self._settings.timeout_s),
                asyncio.timeout(self._silence_s) as watchdog,
                aclosing(model.astream(_converted(messages, system))) as chunks,
            ):
                async for chunk in chunks:
                    for event in answer.take(chunk):
                        watchdog.reschedule(clock() + self._silence_s)
                        yield event
        except TimeoutError as error:
            raise ModelFailed(
                "The model did not answer in time.", code="model_timeout", is_retryable=True
            ) from error
        except Exception as error:
            # Each provider has errors of its own; the HTTP status tells what they mean.
            raise _failed(error) from error
        yield answer.turn(self.name)

    def _bound(self, tools: Sequence[Mapping[str, Any]]) -> Any:
        if self._model is None:
            self._model = _make(self._settings)
        if not tools:
            return self._model
        return self._model.bind_tools([_function(tool) for tool in tools])


def _make(settings: ModelSettings) -> Any:
    # LangChain takes seconds to import: only runs that use it pay.
    from langchain import chat_models  # noqa: PLC0415

    make: Callable[..., Any] = cast("Any", chat_models).init_chat_model

    options: dict[str, Any] = {}
    if settings.api_key is not None:
        options["api_key"] = settings.api_key.get_secret_value()
    if settings.base_url is not None:
        options["base_url"] = settings.base_url
    if settings.name.startswith("openai:"):
        # Usage is not asked for by default at an address other than OpenAI's own.
        options["stream_usage"] = True
    try:
        return make(
            settings.name,
            temperature=settings.temperature,
            max_tokens=settings.max_tokens,
            max_retries=0,
            **options,
        )
    except Exception as error:
        # A missing package, key or unknown provider: each provider says it in its own way.
        raise ModelFailed(
            f"The model {settings.name!r} cannot be used: {str(error)[:300]}",
            code="model_configuration",
            is_retryable=False,
        ) from error


def _function(tool: Mapping[str, Any]) -> dict[str, Any]:
    described = {
        "name": tool["name"],
        "description": tool["description"],
        "parameters": tool["input_schema"],
    }
    return {"type": "function", "function": described}


def _failed(error: Exception) -> ModelFailed:
    status = getattr(error, "status_code", None)
    text = f"{type(error).__name__}: {str(error)[:300]}"
    said = f"{getattr(error, 'code', '')} {text}".lower()
    if status == 413 or (status in (400, None) and any(mark in said for mark in _OVERFLOW)):
        sentence = "The conversation is too long for the model."
        return ModelFailed(sentence, code=CONTEXT_OVERFLOW, is_retryable=False)
    codes = {401: "model_auth", 403: "model_auth", 429: "model_rate_limited"}
    is_retryable = not isinstance(status, int) or status in (408, 409, 429) or status >= 500
    code = codes.get(status or 0, "model_unavailable" if is_retryable else "model_refused_request")
    return ModelFailed(f"The model failed. {text}", code=code, is_retryable=is_retryable)


def _finish_reason(chunk: Any) -> str | None:
    metadata = chunk.response_metadata
    reason = metadata.get("finish_reason") or metadata.get("stop_reason")
    return None if reason is None else _STOP.get(reason, "end_turn")


def _usage(chunk: Any) -> TokenUsage | None:
    counted: Mapping[str, Any] | None = chunk.usage_metadata
    if not counted:
        return None
    details: Mapping[str, int] = counted.get("input_token_details") or {}
    cached = details.get("cache_read") or 0
    return TokenUsage(counted["input_tokens"] - cached, counted["output_tokens"], cached)


def _converted(messages: Sequence[Message], system: str) -> list[dict[str, Any]]:
    """Our messages in the OpenAI shape, which every LangChain provider takes."""
    out: list[dict[str, Any]] = [{"role": "system", "content": system}]
    for message in messages:
        if message.role == "assistant":
            out.append(_assistant(message))
            continue
        out += [
            {
                "role": "tool",
                "tool_call_id": block["tool_use_id"],
                "content": result_text(block) or "(no output)",
            }
            for block in message.content
            if block["type"] == "tool_result"
        ]
        if said := _said(message):
            out.append({"role": "user", "content": said})
    return out


def _said(message: Message) -> str | list[dict[str, Any]]:
    """What the person says and shows. Pictures of tool results come here too: OpenAI's tool messages
    hold text only."""
    seen = [
        {"type": "image_url", "image_url": {"url": _data_url(part)}}
        for block in message.content
        for part in (block["content"] if _is_parted(block) else (block,))
        if part["type"] == "image"
    ]
    if not seen:
        return message.text
    return [*([{"type": "text", "text": message.text}] if message.text else ()), *seen]


def _is_parted(block: ContentBlock) -> bool:
    return block["type"] == "tool_result" and not isinstance(block["content"], str)


def _data_url(block: ContentBlock) -> str:
    return f"data:{block['source']['media_type']};base64,{block['source']['data']}"


def _assistant(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = {"role": "assistant", "content": message.text}
    if message.tool_calls:
        made["tool_calls"] = [
            {
                "id": call["id"],
                "type": "function",
                "function": {
                    "name": call["name"],
                    "arguments": orjson.dumps(call["input"]).decode(),
                },
            }
            for call in message.tool_calls
        ]
    return made


if TYPE_CHECKING:

    def _proof(model: LangChainModel) -> ChatModel:
        return model
