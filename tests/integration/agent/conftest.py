from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.stream import Agent
from stackwright.agent.turn import RetryRule
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.agent_world import AgentWorld
from stackwright.testing.scripted_model import ScriptedModel


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as running:
        yield running
        assert running.refusals == []


@pytest.fixture
def model_settings(server: ScriptedModel) -> ModelSettings:
    return ModelSettings(
        provider="anthropic",
        name="claude-sonnet-4-6",
        temperature=0.7,
        max_tokens=8000,
        timeout_s=10,
        api_key=SecretStr("sk-scripted"),
        base_url=server.url,
        max_iterations=25,
        summarization=True,
        summarization_threshold_tokens=100_000,
        silence_s=1.0,
    )


@pytest.fixture
async def model(model_settings: ModelSettings) -> AsyncIterator[AnthropicModel]:
    made = AnthropicModel(model_settings)
    yield made
    await made.aclose()


@pytest.fixture
def world(model: AnthropicModel) -> AgentWorld:
    return AgentWorld(model)


@pytest.fixture
def agent() -> Agent:
    return Agent(compact_above_tokens=None, retry=RetryRule(first_wait_s=0.01, max_wait_s=0.05))
