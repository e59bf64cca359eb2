"""What model calls cost: by the prices in the settings, else by the list of `genai-prices`."""

from collections.abc import Sequence
from importlib import import_module

from stackwright.agent.models.base import ModelTurn, TokenUsage
from stackwright.core.events import Usage, UsagePurpose
from stackwright.core.model_price import ModelPrice


class PriceList:
    def __init__(self, own: Sequence[ModelPrice] = ()) -> None:
        """`own` prices go before the published ones."""
        self._own = {price.name: price for price in own}

    @staticmethod
    def load() -> None:
        """Read the published list, which takes half a second. Else the first priced call does."""
        import_module("genai_prices")

    def cost_usd(self, model: str, used: TokenUsage) -> float | None:
        """None for models whose price nobody published, such as local ones."""
        if used.input_tokens + used.output_tokens == 0:
            return None
        own = self._own.get(model) or self._own.get(model.rpartition(":")[2])
        if own is not None:
            return own.cost_usd(
                read=used.input_tokens,
                written=used.output_tokens,
                cache_read=used.cache_read_tokens,
                cache_write=used.cache_write_tokens,
            )
        return _published(model, used)

    def worst_usd(self, model: str, *, prompt_tokens: int, output_tokens: int) -> float | None:
        """For a call whose whole prompt is new to the cache, or that has no cache."""
        plain = self.cost_usd(model, TokenUsage(prompt_tokens, output_tokens))
        kept = self.cost_usd(
            model, TokenUsage(1, output_tokens, cache_write_tokens=prompt_tokens - 1)
        )
        return None if plain is None or kept is None else max(plain, kept)


def usage_event(
    turn: ModelTurn,
    prices: PriceList,
    purpose: UsagePurpose = "build",
    *,
    tools: Sequence[str] = (),
) -> Usage:
    """Tokens and cost of one finished call. `input_tokens` excludes what the cache gave or took."""
    used = turn.usage
    return Usage(
        model=turn.model,
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cache_read_tokens=used.cache_read_tokens,
        cache_write_tokens=used.cache_write_tokens,
        cost_usd=prices.cost_usd(turn.model, used),
        purpose=purpose,
        tools=tuple(tools),
    )


def _published(model: str, used: TokenUsage) -> float | None:
    # The price list takes half a second to load: only runs with a priced model pay.
    from genai_prices import Usage as PricedUsage  # noqa: PLC0415
    from genai_prices import calc_price  # noqa: PLC0415

    provider, separator, name = model.rpartition(":")
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
