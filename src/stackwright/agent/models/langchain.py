"""Any other LangChain provider or OpenAI-compatible endpoint, by `init_chat_model`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from stackwright.agent.models.base import (
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
)
from stackwright.core.settings import ModelSettings

_STOP = {"tool_calls": "tool_use", "tool_use": "tool_use", "length": "max_tokens"}


@dataclass(slots=True)
class _Call:
    tool_id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list[str])


class LangChainModel:
    """A model named `provider:name`, e.g. `openai:gpt-5` or `ollama:qwen3-coder`."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._model: Any = None

    @property
    def name(self) -> str:
        return self._settings.name

    async def stream(
        self, messages: Sequence[Message], *, system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncIterator[ModelEvent]:
        text: list[str] = []
        calls: dict[int, _Call] = {}
        stop: str | None = None
        usage = TokenUsage()
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                async for chunk in self._bound(tools).astream(_converted(messages, system)):
                    if piece := chunk.text:
                        text.append(piece)
                        yield TextDelta(piece)
                    for part in chunk.tool_call_chunks:
                        yield _collect(calls, part)
                    stop = _finish_reason(chunk) or stop
                    usage = _usage(chunk) or usage
        except TimeoutError as error:
            raise ModelFailed(
                "The model did not answer in time.", code="model_timeout", is_retryable=True
            ) from error
        except ModelFailed:
            raise
        except Exception as error:
            # Each provider has errors of its own; the status tells whether trying again helps.
            status = getattr(error, "status_code", None)
            raise ModelFailed(
                f"The model failed: {type(error).__name__} {str(error)[:300]}",
                code="model_auth" if status in (401, 403) else "model_unavailable",
                is_retryable=status is None or status in (408, 409, 429) or status >= 500,
            ) from error
        if stop is None:
            raise ModelFailed(
                "The model's answer broke off.", code="model_cut_off", is_retryable=True
            )
        yield _turn("".join(text), list(calls.values()), stop, usage, self.name)

    def _bound(self, tools: Sequence[Mapping[str, Any]]) -> Any:
        if self._model is None:
            # LangChain takes seconds to import: only runs that use it pay.
            from langchain.chat_models import init_chat_model  # noqa: PLC0415

            options: dict[str, Any] = {}
            if self._settings.api_key is not None:
                options["api_key"] = self._settings.api_key.get_secret_value()
            if self._settings.base_url is not None:
                options["base_url"] = self._settings.base_url
            self._model = init_chat_model(
                self._settings.name,
                temperature=self._settings.temperature,
                max_tokens=self._settings.max_tokens,
                max_retries=0,
                **options,
            )
        model: Any = self._model
        bound: Any = model.bind_tools(
            [
                {
                    "type": "function",
                    "function": {
                        "name": tool["name"],
                        "description": tool["description"],
                        "parameters": tool["input_schema"],
                    },
                }
                for tool in tools
            ]
        )
        return bound


def _collect(calls: dict[int, _Call], part: Mapping[str, Any]) -> ToolCallDelta:
    index = part.get("index") or 0
    call = calls.setdefault(index, _Call())
    call.tool_id = call.tool_id or part.get("id") or ""
    call.name = call.name or part.get("name") or ""
    piece = part.get("args") or ""
    call.pieces.append(piece)
    return ToolCallDelta(call.tool_id, call.name, piece)


def _finish_reason(chunk: Any) -> str | None:
    metadata = chunk.response_metadata
    reason = metadata.get("finish_reason") or metadata.get("stop_reason")
    return None if reason is None else _STOP.get(reason, "end_turn")


def _usage(chunk: Any) -> TokenUsage | None:
    counted = chunk.usage_metadata
    if not counted:
        return None
    return TokenUsage(counted["input_tokens"], counted["output_tokens"])


def _turn(text: str, calls: Sequence[_Call], stop: str, usage: TokenUsage, model: str) -> ModelTurn:
    content: list[ContentBlock] = [{"type": "text", "text": text}] if text else []
    content += [
        {"type": "tool_use", "id": call.tool_id, "name": call.name, "input": {}} for call in calls
    ]
    raw = tuple(RawToolCall(call.tool_id, call.name, "".join(call.pieces)) for call in calls)
    return ModelTurn(tuple(content), raw, stop, usage, model)


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
                "content": str(block["content"]),
            }
            for block in message.content
            if block["type"] == "tool_result"
        ]
        if message.text:
            out.append({"role": "user", "content": message.text})
    return out


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
