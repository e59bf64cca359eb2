import asyncio
from typing import Any

import pytest

from stackwright.agent.billing import TOKENS_PER_PICTURE, Billing, CallSoFar, prompt_tokens
from stackwright.agent.contract import OpenPurse, WorstCase
from stackwright.agent.models.base import (
    Message,
    ModelFailed,
    ModelTurn,
    PromptRead,
    RawToolCall,
    TextDelta,
    TokenUsage,
)
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.pricing import PriceList
from stackwright.core.model_price import ModelPrice


class ToldPurse(OpenPurse):
    is_open = False

    def __init__(self) -> None:
        self.calls: list[WorstCase] = []

    async def reserve(self, call: WorstCase) -> None:
        self.calls.append(call)


def request(*content: Any) -> TurnRequest:
    return TurnRequest((Message("user", content),), "", ())


PriceList.load()
TEXT = {"type": "text", "text": "x" * 30_000}
PRICE = ModelPrice("mine", read=1, written=10, cache_read=0.1, cache_write=2)


def test_a_prompt_is_rather_estimated_too_high() -> None:
    assert 10_000 <= prompt_tokens(request(TEXT)) <= 10_100


def test_a_picture_counts_as_a_picture_wherever_it_is_and_not_as_text() -> None:
    picture = {"type": "image", "source": {"type": "base64", "data": "A" * 1_000_000}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": [picture]}
    assert 2 * TOKENS_PER_PICTURE < prompt_tokens(request(picture, result)) < 11_000


async def test_the_worst_case_writes_the_whole_prompt_to_the_cache_and_says_all_it_may() -> None:
    purse = ToldPurse()
    billing = Billing(PriceList((PRICE,)), purse, output_tokens=1000, purpose="repair")
    await billing.reserve("mine", request(TEXT))
    (call,) = purse.calls
    assert call.is_repair
    assert call.tokens == prompt_tokens(request(TEXT)) + 1000
    assert call.usd == pytest.approx(0.02 + 0.01, rel=0.01)


async def test_the_offline_builder_costs_nothing_and_an_unknown_model_an_unknown_amount() -> None:
    purse = ToldPurse()
    billing = Billing(PriceList(), purse)
    await billing.reserve("offline", request(TEXT))
    await billing.reserve("unheard-of", request(TEXT))
    assert [(call.model, call.usd) for call in purse.calls] == [("unheard-of", None)]


def test_a_calls_cost_is_of_the_tools_that_it_called() -> None:
    calls = tuple(RawToolCall(f"t{n}", name, "{}") for n, name in enumerate(["b", "a", "b"]))
    turn = ModelTurn((), calls, "tool_use", TokenUsage(1_000_000, 0), "mine")
    used = Billing(PriceList((PRICE,)), purpose="repair").usage(turn)
    assert (used.tools, used.purpose, used.cost_usd, used.tokens) == (
        ("b", "a"),
        "repair",
        1.0,
        1_000_000,
    )


def test_a_call_that_broke_off_costs_its_prompt_and_what_it_had_written() -> None:
    told, silent = CallSoFar("mine"), CallSoFar("mine")
    told.heard(PromptRead(TokenUsage(4, 1, cache_read_tokens=9000)))
    for call in (told, silent):
        call.heard(TextDelta("ä" * 300))
    billing = Billing(PriceList((PRICE,)))
    used = billing.usage_so_far(told, request(TEXT))
    assert (used.model, used.input_tokens, used.output_tokens) == ("mine", 4, 200)
    assert used.cache_read_tokens == 9000
    assert billing.usage_so_far(silent, request(TEXT)).input_tokens == prompt_tokens(request(TEXT))


def test_a_call_that_was_refused_before_it_began_costs_nothing() -> None:
    refused = ModelFailed("x", code="model_rate_limited", is_retryable=True)
    silent = ModelFailed("x", code="model_timeout", is_retryable=True)
    begun = CallSoFar("mine", TokenUsage(4))
    assert not CallSoFar("mine").is_charged(refused)
    assert CallSoFar("mine").is_charged(silent)
    assert CallSoFar("mine").is_charged(asyncio.CancelledError())
    assert begun.is_charged(refused)
