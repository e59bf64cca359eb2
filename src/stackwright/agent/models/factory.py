"""Chooses the model's home from the settings."""

from stackwright.agent.models.base import ChatModel
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.models.offline import OfflineModel
from stackwright.core.settings import ModelSettings, Settings


def compaction_threshold(settings: ModelSettings) -> int | None:
    """Above how many tokens `Agent` compacts; the offline builder reads conversations whole."""
    if settings.provider == "offline" or not settings.summarization:
        return None
    return settings.summarization_threshold_tokens


def make_fallback(settings: Settings) -> ChatModel | None:
    """The model that goes on when the first one does not answer; None when none is named."""
    return None if settings.fallback is None else make_model(settings.fallback)


def make_model(settings: ModelSettings) -> ChatModel:
    """The model that `settings` name. No connection is made before the first call."""
    match settings.provider:
        case "anthropic":
            # Loaded late: the SDK takes a second and 45 MB, and other models do without it.
            from stackwright.agent.models.anthropic import AnthropicModel  # noqa: PLC0415

            return AnthropicModel(settings)
        case "langchain":
            return LangChainModel(settings)
        case "offline":
            return OfflineModel()
