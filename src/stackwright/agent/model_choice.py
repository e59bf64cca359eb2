"""Which model a run asks: the chosen one, and after it gave up the fallback."""

from dataclasses import dataclass

from stackwright.agent.models.base import ChatModel


@dataclass(slots=True)
class ModelChoice:
    """The fallback stays for the rest of the run: the models do not share a prompt cache, and each
    step would wait for the first one's retries again. The next run begins with the first."""

    model: ChatModel
    fallback: ChatModel | None = None

    def fall_back(self) -> ChatModel | None:
        """The model that is asked from now on; None when there is no other."""
        if self.fallback is None:
            return None
        self.model, self.fallback = self.fallback, None
        return self.model
