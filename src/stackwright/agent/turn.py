"""One turn of the model: policies, stream, retries, stream gate."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stackwright.agent.models.base import (
    ChatModel,
    Message,
    ModelFailed,
    ModelTurn,
    TextDelta,
    ToolCallDelta,
)
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.policies.compaction import with_old_results_cleared
from stackwright.agent.pricing import cost_usd
from stackwright.agent.stream_gate import Verdict, judge
from stackwright.core.events import AgentThinking, MessageReset, StateChanged, ToolArgsDelta, Usage
from stackwright.tools.base import Emit, Tool

log = logging.getLogger(__name__)

MAX_TRIES = 5
MAX_WAIT_S = 30.0


@dataclass(slots=True)
class TurnProgress:
    """What was streamed since the last complete message; kept when the person stops the run."""

    text: list[str] = field(default_factory=list[str])
    was_streamed: bool = False

    def reset(self) -> None:
        self.text.clear()
        self.was_streamed = False


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """A message that may be stored, with the gate's verdict on its calls."""

    message: Message
    verdict: Verdict
    usage: Usage


async def take_turn(
    model: ChatModel,
    request: TurnRequest,
    tools: Mapping[str, Tool[Any]],
    emit: Emit,
    progress: TurnProgress,
) -> FinishedTurn:
    """Ask the model until a message ends properly. Raises ModelFailed when it will not."""
    has_repeated = False
    has_compacted = False
    attempt = 0
    while True:
        try:
            turn = await _stream_once(model, request, emit, progress)
        except ModelFailed as error:
            if error.code == "model_context_overflow" and not has_compacted:
                has_compacted = True
                request = _smaller(request)
                _void(emit, progress, "the conversation was too long and is being shortened")
                continue
            attempt += 1
            if not error.is_retryable or attempt >= MAX_TRIES:
                raise
            await _back_off(error, attempt, emit, progress)
            continue
        verdict = judge(turn, tools)
        if verdict.deserves_another_try and not has_repeated:
            has_repeated = True
            _void(emit, progress, "a tool call arrived incomplete and is being repeated")
            continue
        return FinishedTurn(_storable(turn, verdict), verdict, _usage(turn))


async def _stream_once(
    model: ChatModel, request: TurnRequest, emit: Emit, progress: TurnProgress
) -> ModelTurn:
    progress.reset()
    async for event in model.stream(request.messages, system=request.system, tools=request.tools):
        match event:
            case TextDelta(text, kind):
                progress.was_streamed = True
                if kind == "text":
                    progress.text.append(text)
                emit(AgentThinking(token=text, kind=kind))
            case ToolCallDelta(tool_id, tool_name, delta):
                progress.was_streamed = True
                emit(ToolArgsDelta(tool_id=tool_id, tool_name=tool_name, delta=delta))
            case ModelTurn():
                return event
    raise ModelFailed(
        "The model's answer ended without an end.", code="model_cut_off", is_retryable=True
    )


async def _back_off(error: ModelFailed, attempt: int, emit: Emit, progress: TurnProgress) -> None:
    _void(emit, progress, str(error))
    wait_s = error.wait_s if error.wait_s is not None else _backoff_s(attempt)
    wait_s = min(wait_s, MAX_WAIT_S)
    emit(StateChanged(state="retrying", detail=f"{error} Trying again in {wait_s:.0f} s."))
    log.warning("model_retry", extra={"code": error.code, "attempt": attempt, "wait_s": wait_s})
    await asyncio.sleep(wait_s)


def _backoff_s(attempt: int) -> float:
    return random.uniform(0.5, 1.0) * 2 ** (attempt - 1)  # noqa: S311 (jitter, not a secret)


def _void(emit: Emit, progress: TurnProgress, reason: str) -> None:
    if progress.was_streamed:
        emit(MessageReset(reason=reason))
    progress.reset()


def _smaller(request: TurnRequest) -> TurnRequest:
    return TurnRequest(
        messages=with_old_results_cleared(request.messages),
        system=request.system,
        tools=request.tools,
        calls_made=request.calls_made,
        max_calls=request.max_calls,
    )


def _storable(turn: ModelTurn, verdict: Verdict) -> Message:
    """The message with parsed inputs; a refused call keeps its place with an empty input."""
    inputs: dict[str, Mapping[str, Any]] = {call.tool_id: call.raw for call in verdict.sound}
    content: list[Mapping[str, Any]] = []
    for block in turn.content:
        if block["type"] == "tool_use":
            content.append({**block, "input": inputs.get(block["id"], {})})
        elif block["type"] != "text" or block["text"].strip():
            content.append(block)
    return Message("assistant", tuple(content) or ({"type": "text", "text": "(no words)"},))


def _usage(turn: ModelTurn) -> Usage:
    used = turn.usage
    return Usage(
        model=turn.model,
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cache_read_tokens=used.cache_read_tokens,
        cache_write_tokens=used.cache_write_tokens,
        cost_usd=cost_usd(
            turn.model,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cache_read_tokens=used.cache_read_tokens,
            cache_write_tokens=used.cache_write_tokens,
        ),
    )


def by_name(tools: Sequence[Tool[Any]]) -> dict[str, Tool[Any]]:
    return {tool.name: tool for tool in tools}
