"""What a model call cost, from the price list of `genai-prices`."""

from stackwright.agent.models.base import ModelTurn
from stackwright.core.events import Usage


def usage_event(turn: ModelTurn) -> Usage:
    """Tokens and cost of one finished call. `input_tokens` excludes what the cache gave or took."""
    used = turn.usage
    return Usage(
        model=turn.model,
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cache_read_tokens=used.cache_read_tokens,
        cache_write_tokens=used.cache_write_tokens,
        cost_usd=_cost_usd(turn),
    )


def _cost_usd(turn: ModelTurn) -> float | None:
    """None for models whose price nobody published, such as local ones."""
    used = turn.usage
    if used.input_tokens + used.output_tokens == 0:
        return None
    # The price list takes a tenth of a second to load: only runs with a priced model pay.
    from genai_prices import Usage as PricedUsage  # noqa: PLC0415
    from genai_prices import calc_price  # noqa: PLC0415

    provider, separator, name = turn.model.rpartition(":")
    counted = PricedUsage(
        input_tokens=used.input_tokens + used.cache_read_tokens + used.cache_write_tokens,
        output_tokens=used.output_tokens,
        cache_read_tokens=used.cache_read_tokens,
        cache_write_tokens=used.cache_write_tokens,
    )
    try:
        price = calc_price(counted, model_ref=name, provider_id=provider if separator else None)
    except LookupError:
        return None
    return float(price.total_price)
