"""Chooses the models of a run from the settings, and the one that it asks now."""

from dataclasses import dataclass

from stackwright.agent.models.base import ChatModel
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.models.offline import OfflineModel, reply_to
from stackwright.core.bounded import warm
from stackwright.core.setting_groups import ModelSettings


def compaction_threshold(settings: ModelSettings) -> int | None:
    """Above how many tokens `Agent` compacts; the offline builder reads conversations whole."""
    if settings.provider == "offline" or not settings.summarization:
        return None
    return settings.summarization_threshold_tokens


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
            warm(reply_to)
            return OfflineModel()


@dataclass(slots=True)
class ModelChoice:
    """The fallback stays for the rest of the run: the models do not share a prompt cache, and each
    step would wait for the first one's retries again. The next run begins with the first."""

    model: ChatModel
    fallback: ChatModel | None = None
    has_fallen_back: bool = False

    def fall_back(self) -> ChatModel | None:
        """The model that is asked from now on; None when there is no other."""
        if self.fallback is None:
            return None
        self.model, self.fallback, self.has_fallen_back = self.fallback, None, True
        return self.model
