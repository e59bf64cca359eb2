"""The models that runs are given: each is made when a run first names it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from stackwright.agent.models.base import ChatModel
from stackwright.agent.models.factory import compaction_threshold, make_model
from stackwright.agent.pricing import PriceList
from stackwright.agent.stream import Agent
from stackwright.core.model_offers import ModelOffers
from stackwright.core.setting_groups import ModelSettings
from stackwright.core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunModel:
    """What a run thinks with. `smaller` names the fallback model if it costs less than the first."""

    name: str
    agent: Agent
    model: ChatModel
    fallback: ChatModel | None
    smaller: str


class RunModels:
    def __init__(
        self, settings: Settings, prices: PriceList, make_agent: Callable[[int | None], Agent]
    ) -> None:
        """`make_agent` is told above how many tokens the agent compacts."""
        self._offers = ModelOffers(settings)
        self._fallback = settings.fallback
        self._prices = prices
        self._make_agent = make_agent
        self._made: dict[str, RunModel] = {}

    async def of(self, name: str | None) -> RunModel | None:
        """The model of this name, or the default one. None: it is not offered, or not any more."""
        settings = self._offers.chosen(name)
        if settings is None:
            return None
        # In a thread: a provider's SDK and the price list take a second to load.
        return self._made.get(settings.name) or await asyncio.to_thread(self.make, settings)

    def make_default(self) -> None:
        """Make the default model now, so that the first run need not wait for it."""
        if (settings := self._offers.chosen(None)) is not None:
            self.make(settings)

    def make(self, settings: ModelSettings) -> RunModel:
        is_offline = settings.provider == "offline"
        if not is_offline:
            self._prices.load()
        other = self._fallback
        has_other = other is not None and not is_offline and other.name != settings.name
        made = RunModel(
            name=settings.plain_name,
            agent=self._make_agent(compaction_threshold(settings)),
            model=make_model(settings),
            fallback=make_model(other) if other is not None and has_other else None,
            smaller=_smaller(settings, other, self._prices) if has_other else "",
        )
        return self._made.setdefault(settings.name, made)


def _smaller(first: ModelSettings, other: ModelSettings | None, prices: PriceList) -> str:
    """The other model's name, if it is known to cost less than the first; else ""."""
    if other is None:
        return ""
    names = first.plain_name, other.plain_name
    costs = [prices.worst_usd(n, prompt_tokens=1000, output_tokens=1000) for n in names]
    known = [cost for cost in costs if cost is not None]
    return other.plain_name if len(known) == 2 and known[1] < known[0] else ""
