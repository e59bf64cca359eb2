"""One turn of the model: stream, retries, fallback, stream gate."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from stackwright.agent.billing import FREE_MODELS, Billing, CallSoFar
from stackwright.agent.call_names import CallNames
from stackwright.agent.models.base import (
    CONTEXT_OVERFLOW,
    ChatModel,
    ContentBlock,
    Message,
    ModelFailed,
    ModelTurn,
    PromptRead,
    TextDelta,
    ToolCallDelta,
)
from stackwright.agent.models.factory import ModelChoice
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.policies.thinking import THINKING
from stackwright.agent.stream_gate import Verdict, judge
from stackwright.core.events import (
    AgentThinking,
    Event,
    MessageReset,
    StateChanged,
    ToolArgsDelta,
    ToolRefused,
    Usage,
)
from stackwright.core.killpoints import reached
from stackwright.tools.base import Emit, Tool

log = logging.getLogger(__name__)

MAX_CONTINUATIONS = 3

RequestFor = Callable[[str], TurnRequest]
"""Makes the request for the model of this name."""


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How often a failing model is asked again, and how long to wait in between."""

    max_tries: int = 5
    first_wait_s: float = 1.0
    max_wait_s: float = 30.0
    patience_s: float = 60.0
    """How long one message may be tried for before the fallback model is asked, if there is one."""

    def wait_s(self, attempt: int, asked_for_s: float | None) -> float:
        """The model's own wish when it has one, else doubling with jitter."""
        if asked_for_s is not None:
            return min(asked_for_s, self.max_wait_s)
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
        return min(self.max_wait_s, jitter * self.first_wait_s * 2 ** (attempt - 1))


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
    was_cut: bool
    """The text ended at the token limit: the model should go on."""


class TurnTaker:
    """Asks a model until a message ends properly."""

    def __init__(
        self,
        choice: ModelChoice,
        emit: Emit,
        retry: RetryRule,
        used_ids: Set[str] = frozenset(),
        billing: Billing | None = None,
    ) -> None:
        """`used_ids`: of the conversation's calls, also of those that requests leave out."""
        self._choice = choice
        self._emit = emit
        self._retry = retry
        self._used_ids = used_ids
        self._billing = billing or Billing()
        self.progress = TurnProgress()

    async def take(self, request_for: RequestFor, tools: Mapping[str, Tool[Any]]) -> FinishedTurn:
        """Raises ModelFailed when no model can or will answer.

        A message with an incomplete call, or without any content, is asked for once more.
        """
        has_repeated = False
        while True:
            turn, request = await self._stream(request_for)
            self._check_ending(turn)
            verdict = judge(turn, tools)
            if has_repeated or not (verdict.was_cut or _is_empty(turn.content)):
                break
            has_repeated = True
            self._emit(self._billing.usage(turn))
            self._void("the message arrived incomplete and is being repeated")
            detail = "The model's message arrived incomplete and is being repeated."
            self._emit(StateChanged(state="retrying", detail=detail, code="model_incomplete"))
        for call in turn.calls:
            if reason := verdict.refused.get(call.tool_id):
                self._emit(
                    ToolRefused(tool_id=call.tool_id, tool_name=call.tool_name, reason=reason)
                )
        was_cut = turn.stop_reason in ("max_tokens", "pause_turn") and not turn.calls
        message = _storable(turn, verdict, request.origin)
        return FinishedTurn(message, verdict, self._billing.usage(turn), was_cut)

    async def summary_of(self, text: str) -> str:
        """An answer that is not shown: what the model makes of a long conversation."""
        self._emit(StateChanged(state="compacting", detail="Summarising the conversation so far."))
        task = Message("user", ({"type": "text", "text": text},))
        request = TurnRequest((task,), "You summarise conversations.", ())
        billing = self._billing.of("summary")
        quiet = TurnTaker(self._choice, self._tell_quietly, self._retry, billing=billing)
        turn, _ = await quiet._stream(lambda _: request)
        self._check_ending(turn)
        self._emit(billing.usage(turn))
        return _storable(turn, Verdict((), {}), "").text

    def too_long(self) -> None:
        """Tell that the conversation is shortened, and that what was streamed is void."""
        detail = "The conversation is too long for the model and is being shortened."
        self._void("the conversation was too long and is being shortened")
        self._emit(StateChanged(state="compacting", detail=detail, code=CONTEXT_OVERFLOW))

    def _check_ending(self, turn: ModelTurn) -> None:
        if turn.stop_reason in ("refusal", "model_context_window_exceeded"):
            self._emit(self._billing.usage(turn))
        if turn.stop_reason == "refusal":
            self._void("the model declined")
            raise ModelFailed(
                "The model declined this request.", code="model_refused", is_retryable=False
            )
        if turn.stop_reason == "model_context_window_exceeded":
            sentence = "The conversation is too long for the model."
            raise ModelFailed(sentence, code=CONTEXT_OVERFLOW, is_retryable=False)

    async def _stream(self, request_for: RequestFor) -> tuple[ModelTurn, TurnRequest]:
        """One complete message, through retries, the fallback and the model's own pauses."""
        attempt = 0
        began = time.monotonic()
        while True:
            request = request_for(self._choice.model.name)
            try:
                return await self._stream_through_pauses(request), request
            except ModelFailed as error:
                attempt += 1
                self._void(str(error))
                if not error.is_retryable:
                    raise
                is_hopeless = (
                    attempt >= self._retry.max_tries
                    or (error.wait_s or 0) > self._retry.max_wait_s
                    or time.monotonic() - began > self._retry.patience_s
                )
                if is_hopeless and self._fall_back(error):
                    attempt, began = 0, time.monotonic()
                    continue
                if attempt >= self._retry.max_tries:
                    raise
                await self._back_off(error, attempt)

    def _fall_back(self, error: ModelFailed) -> bool:
        fallback = self._choice.fall_back()
        if fallback is None:
            return False
        detail = f"{error} {fallback.name} goes on."
        self._emit(StateChanged(state="fallback_model", detail=detail, code=error.code))
        log.warning("model_fallback", extra={"code": error.code, "model": fallback.name})
        return True

    async def _stream_through_pauses(self, request: TurnRequest) -> ModelTurn:
        """A paused message is handed back to the model, which goes on where it stopped."""
        self.progress.reset()
        turn = await self._stream_once(request)
        for _ in range(MAX_CONTINUATIONS):
            if turn.stop_reason != "pause_turn" or _is_empty(turn.content):
                break
            self._emit(self._billing.usage(turn))
            so_far = Message("assistant", _without_trailing_space(turn.content))
            going_on = replace(request, messages=(*request.messages, so_far))
            more = await self._stream_once(going_on)
            turn = replace(more, content=(*so_far.content, *more.content))
        return turn

    async def _stream_once(self, request: TurnRequest) -> ModelTurn:
        reached("model.request")
        model = self._choice.model
        await self._billing.reserve(model.name, request)
        call = CallSoFar(model.name)
        try:
            return await self._heard(model, request, call)
        except (ModelFailed, asyncio.CancelledError) as error:
            if model.name not in FREE_MODELS and call.is_charged(error):
                self._emit(self._billing.usage_so_far(call, request))
            raise

    async def _heard(self, model: ChatModel, request: TurnRequest, call: CallSoFar) -> ModelTurn:
        names = CallNames(self._used_ids)
        stream = model.stream(request.messages, system=request.system, tools=request.tools)
        async with aclosing(stream) as events:
            async for event in events:
                reached("model.event")
                call.heard(event)
                match names.renamed(event):
                    case TextDelta(text, kind):
                        self.progress.was_streamed = True
                        if kind == "text":
                            self.progress.text.append(text)
                        self._emit(AgentThinking(token=text, kind=kind))
                    case ToolCallDelta(tool_id, tool_name, delta):
                        self.progress.was_streamed = True
                        self._emit(ToolArgsDelta(tool_id=tool_id, tool_name=tool_name, delta=delta))
                    case ModelTurn() as turn:
                        return turn
                    case PromptRead():
                        pass
        raise ModelFailed(
            "The model's answer ended without an end.", code="model_cut_off", is_retryable=True
        )

    async def _back_off(self, error: ModelFailed, attempt: int) -> None:
        wait_s = self._retry.wait_s(attempt, error.wait_s)
        detail = f"{error} Trying again in {wait_s:.0f} s."
        self._emit(StateChanged(state="retrying", detail=detail, code=error.code))
        log.warning("model_retry", extra={"code": error.code, "attempt": attempt, "wait_s": wait_s})
        await asyncio.sleep(wait_s)

    def _void(self, reason: str) -> None:
        if self.progress.was_streamed:
            self._emit(MessageReset(reason=reason))
        self.progress.reset()

    def _tell_quietly(self, event: Event) -> None:
        if isinstance(event, StateChanged | Usage):
            self._emit(event)


def _is_empty(content: Sequence[ContentBlock]) -> bool:
    return all(
        block["type"] in THINKING or (block["type"] == "text" and not block["text"].strip())
        for block in content
    )


def _without_trailing_space(content: Sequence[ContentBlock]) -> tuple[ContentBlock, ...]:
    *first, end = (b for b in content if b["type"] != "text" or b["text"].strip())
    return (*first, {**end, "text": end["text"].rstrip()} if end["type"] == "text" else end)


def _storable(turn: ModelTurn, verdict: Verdict, origin: str) -> Message:
    """The message with parsed inputs; a call without any that can be kept has an empty one."""
    sound = {call.tool_id: call.raw for call in verdict.sound}
    inputs: dict[str, Mapping[str, Any]] = {**verdict.misfits, **sound}
    content: list[ContentBlock] = []
    for block in turn.content:
        if block["type"] == "tool_use":
            content.append({**block, "input": inputs.get(block["id"], {})})
        elif block["type"] != "text" or block["text"].strip():
            content.append(block)
    if _is_empty(content):
        content.append({"type": "text", "text": "(no words)"})
    is_signed = any(block["type"] in THINKING for block in content)
    return Message("assistant", tuple(content), origin if is_signed else "")
