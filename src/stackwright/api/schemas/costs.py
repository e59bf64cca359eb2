"""Costs of runs and projects, and what the next run may cost."""

from stackwright.api.schemas.base import ResponseBody


class CostOut(ResponseBody):
    """A sum over model calls. `unpriced_calls` are not in `usd`: nobody knows their price."""

    name: str
    usd: float
    tokens: int
    calls: int
    cached_tokens: int
    unpriced_calls: int


class CostsOut(ResponseBody):
    """One sum, told in several ways. `repair` is the part that followed failing proofs."""

    total: CostOut
    repair: CostOut
    by_day: list[CostOut]
    by_tool: list[CostOut]
    by_model: list[CostOut]


class EstimateOut(ResponseBody):
    """What the next run may cost. Without `usd` nobody knows the model's price."""

    model: str
    usd: float | None
    tokens: int
    model_calls: int
    is_free: bool
    sentence: str
