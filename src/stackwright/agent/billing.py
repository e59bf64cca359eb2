"""The money side of a model call: what it may cost before it, what it did cost after it."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from stackwright.agent.contract import OpenPurse, Purse, WorstCase
from stackwright.agent.models.base import (
    ContentBlock,
    Message,
    ModelEvent,
    ModelFailed,
    ModelTurn,
    PromptRead,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
)
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.pricing import PriceList, usage_event
from stackwright.core.events import Usage, UsagePurpose

BYTES_PER_TOKEN = 3
"""Text has more bytes for each token, so the estimate is seldom too low."""
TOKENS_PER_PICTURE = 5000
FREE_MODELS = frozenset({"offline"})


@dataclass(slots=True)
class CallSoFar:
    """What is known of a call's cost before its end."""

    model: str
    told: TokenUsage | None = None
    """What the provider said of the prompt."""
    written_bytes: int = 0

    def heard(self, event: ModelEvent) -> None:
        match event:
            case PromptRead(usage):
                self.told = usage
            case TextDelta(text=piece) | ToolCallDelta(delta=piece):
                self.written_bytes += len(piece.encode())
            case ModelTurn():
                pass

    def is_charged(self, error: BaseException) -> bool:
        """Whether the provider counts a call that ended with this error: it had begun to answer, or nobody
        knows, because it was left alone before it answered."""
        is_left = isinstance(error, asyncio.CancelledError) or (
            isinstance(error, ModelFailed) and error.code == "model_timeout"
        )
        return self.told is not None or self.written_bytes > 0 or is_left


@dataclass(frozen=True, slots=True)
class Billing:
    """`output_tokens` is what one call may write at most."""

    prices: PriceList = field(default_factory=PriceList)
    purse: Purse = field(default_factory=OpenPurse)
    output_tokens: int = 32_000
    purpose: UsagePurpose = "build"

    def of(self, purpose: UsagePurpose) -> "Billing":
        return replace(self, purpose=purpose)

    async def reserve(self, model: str, request: TurnRequest) -> None:
        """Have room for the call, or raise BudgetReached. Costs nothing where there is no limit."""
        if self.purse.is_open or model in FREE_MODELS:
            return
        prompt = prompt_tokens(request)
        usd = self.prices.worst_usd(model, prompt_tokens=prompt, output_tokens=self.output_tokens)
        is_repair = self.purpose == "repair"
        await self.purse.reserve(WorstCase(model, prompt + self.output_tokens, usd, is_repair))

    def usage(self, turn: ModelTurn) -> Usage:
        tools = dict.fromkeys(call.tool_name for call in turn.calls)
        return usage_event(turn, self.prices, self.purpose, tools=tuple(tools))

    def usage_so_far(self, call: CallSoFar, request: TurnRequest) -> Usage:
        """Usage of a call that broke off. What the provider did not report is estimated, rather too high."""
        told = call.told or TokenUsage(prompt_tokens(request))
        written = -(-call.written_bytes // BYTES_PER_TOKEN)
        used = replace(told, output_tokens=max(told.output_tokens, written))
        return usage_event(ModelTurn((), (), "", used, call.model), self.prices, self.purpose)


def prompt_tokens(request: TurnRequest) -> int:
    """An estimate of what a request's prompt holds, rather too high."""
    size = len(request.system.encode()) + len(orjson.dumps(list(request.tools)))
    pictures = 0
    for message in request.messages:
        shown = _pictures(message)
        pictures += len(shown)
        size += message.size - sum(len(orjson.dumps(picture)) for picture in shown)
    return size // BYTES_PER_TOKEN + pictures * TOKENS_PER_PICTURE + 1


def _pictures(message: Message) -> list[ContentBlock]:
    found: list[ContentBlock] = []
    for block in message.content:
        inner: Any = block.get("content")
        blocks: list[ContentBlock] = [block, *(inner if isinstance(inner, list) else ())]
        found += [one for one in blocks if one.get("type") == "image"]
    return found
