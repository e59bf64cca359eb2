import pytest

from stackwright.agent.models.base import ModelTurn, TokenUsage
from stackwright.agent.pricing import PriceList, usage_event

PRICES = PriceList()


def turn(model: str, usage: TokenUsage) -> ModelTurn:
    return ModelTurn(({"type": "text", "text": "x"},), (), "end_turn", usage, model)


def test_cached_tokens_are_priced_apart() -> None:
    plain = usage_event(turn("claude-sonnet-4-6", TokenUsage(10_000, 100)), PRICES)
    cached = usage_event(turn("claude-sonnet-4-6", TokenUsage(1_000, 100, 9_000)), PRICES)
    assert plain.cost_usd == pytest.approx(0.0315)
    assert cached.cost_usd == pytest.approx(0.003 + 0.0015 + 0.0027)


@pytest.mark.parametrize(
    ("model", "usage"),
    [
        ("ollama:my-own", TokenUsage(5, 5)),
        ("unheard-of", TokenUsage(5, 5)),
        ("offline", TokenUsage()),
    ],
)
def test_a_model_without_a_price_costs_an_unknown_amount(model: str, usage: TokenUsage) -> None:
    assert usage_event(turn(model, usage), PRICES).cost_usd is None
