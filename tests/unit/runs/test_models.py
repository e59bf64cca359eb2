import asyncio

from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.offline import OfflineModel
from stackwright.agent.pricing import PriceList
from stackwright.agent.stream import Agent
from stackwright.core.settings import load_settings
from stackwright.runs.models import RunModels

SETTINGS = {
    "anthropic_api_key": "key",
    "default_model": "claude-sonnet-4-6",
    "fallback_model": "claude-haiku-4-5",
    "offered_models": "offline",
    "summarization_threshold": 5000,
}


async def test_each_run_gets_the_model_that_it_names() -> None:
    compacts: list[int | None] = []

    def make_agent(compact_above_tokens: int | None) -> Agent:
        compacts.append(compact_above_tokens)
        return Agent(compact_above_tokens=compact_above_tokens)

    models = RunModels(load_settings(SETTINGS), PriceList(), make_agent)
    await asyncio.to_thread(models.make_default)
    usual, named = await models.of(None), await models.of("claude-sonnet-4-6")
    assert usual is not None
    assert usual is named
    assert isinstance(usual.model, AnthropicModel)
    assert isinstance(usual.fallback, AnthropicModel)
    assert usual.smaller == "claude-haiku-4-5"

    small = await models.of("claude-haiku-4-5")
    assert small is not None
    assert (small.name, small.fallback, small.smaller) == ("claude-haiku-4-5", None, "")

    offline = await models.of("offline")
    assert offline is not None
    assert isinstance(offline.model, OfflineModel)
    assert offline.fallback is None
    assert compacts == [5000, 5000, None]
    assert await models.of("claude-that-was-retired") is None
