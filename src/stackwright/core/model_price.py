"""What a model costs, as the settings say it."""

import re
from dataclasses import dataclass

_ENTRY = re.compile(r"(?P<name>[^\s=,]{1,200})=(?P<prices>\d+(\.\d+)?(/\d+(\.\d+)?){1,3})")
PER = 1_000_000
"""Tokens that a price is for."""


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """US dollars per million tokens. `name` is the model's, with its provider if it has one."""

    name: str
    read: float
    written: float
    cache_read: float
    cache_write: float

    def cost_usd(
        self, *, read: int, written: int, cache_read: int = 0, cache_write: int = 0
    ) -> float:
        """`read` excludes what the cache gave or took."""
        return (
            read * self.read
            + written * self.written
            + cache_read * self.cache_read
            + cache_write * self.cache_write
        ) / PER


def read_model_price(text: object) -> ModelPrice:
    """Reads `name=read/written` or `name=read/written/cache read/cache write`. Raises ValueError."""
    if isinstance(text, ModelPrice):
        return text
    match = _ENTRY.fullmatch(str(text))
    if match is None:
        raise ValueError("must be prices like my-model=2/10, in US dollars per million tokens")
    read, written, *cached = (float(price) for price in match["prices"].split("/"))
    cache_read, cache_write = (*cached, *((read,) * (2 - len(cached))))
    return ModelPrice(match["name"], read, written, cache_read, cache_write)
