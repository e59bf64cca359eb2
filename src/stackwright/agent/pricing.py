"""What model calls cost, from published prices."""

from functools import cache
from typing import Any


@cache
def _prices() -> Any:
    # A large table that the offline builder never needs: imported with the first paid call.
    import genai_prices  # noqa: PLC0415

    return genai_prices


def cost_usd(
    model: str,
    *,
    input_tokens: int,
    output_tokens: int,
    cache_read_tokens: int,
    cache_write_tokens: int,
) -> float | None:
    """US dollars for one call; None for a model without a published price.

    The Anthropic API counts cached input apart; the price table wants the sum.
    """
    if input_tokens + output_tokens == 0:
        return None
    prices = _prices()
    usage = prices.Usage(
        input_tokens=input_tokens + cache_read_tokens + cache_write_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
    )
    try:
        price: Any = prices.calc_price(usage, model.rpartition(":")[2])
    except LookupError:
        return None
    return float(price.total_price)
