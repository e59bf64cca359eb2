from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import ChatModel
from stackwright.agent.models.langchain import LangChainModel
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.scripted_model import ScriptedModel

SILENCE_S = 0.4


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as running:
        yield running


def settings(provider: str, name: str, base_url: str) -> ModelSettings:
    return ModelSettings.model_validate(
        {
            "provider": provider,
            "name": name,
            "temperature": 0.7,
            "max_tokens": 4000,
            "timeout_s": 20,
            "api_key": SecretStr("sk-scripted"),
            "base_url": base_url,
            "max_iterations": 25,
            "summarization": True,
            "summarization_threshold_tokens": 100_000,
            "silence_s": SILENCE_S,
        }
    )


@pytest.fixture(params=["anthropic", "langchain"])
async def model(request: pytest.FixtureRequest, server: ScriptedModel) -> AsyncIterator[ChatModel]:
    """Every model that speaks to a network, before the scripted server."""
    if request.param == "langchain":
        given = settings("langchain", "openai:gpt-4.1", f"{server.url}/v1")
        yield LangChainModel(given)
        return
    made = AnthropicModel(settings("anthropic", "claude-sonnet-4-6", server.url))
    yield made
    await made.aclose()
