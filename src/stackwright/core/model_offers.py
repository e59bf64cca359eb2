"""Which models people may choose from, as the settings say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackwright.core.errors import BadInput
from stackwright.core.setting_groups import ModelSettings
from stackwright.core.settings import Settings

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """`missing` says what a model lacks that cannot be used; "" of one that can."""

    name: str
    title: str
    missing: str

    @property
    def is_usable(self) -> bool:
        return not self.missing


class ModelOffers:
    """DEFAULT_MODEL, FALLBACK_MODEL and OFFERED_MODELS; without a key for the first, the offline builder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        names = [settings.default_model, settings.fallback_model, *settings.offered_models]
        if settings.model.provider == OFFLINE:
            names.insert(0, OFFLINE)
        self._known: Mapping[str, ModelOffer] = {
            name: _offer(settings.model_named(name)) for name in names if name is not None
        }

    @property
    def default(self) -> str:
        """The name of the model that builds when nobody chooses."""
        settings = self._settings
        return OFFLINE if settings.model.provider == OFFLINE else settings.default_model

    def listed(self) -> list[ModelOffer]:
        return list(self._known.values())

    def chosen(self, name: str | None) -> ModelSettings | None:
        """The model of this name, or the default one; None when it is not offered, or cannot be used."""
        offer = self._known.get(name or self.default)
        usable = offer is not None and (offer.is_usable or name is None)
        return self._settings.model_named(name or self.default) if usable else None

    def check(self, name: str) -> None:
        """Raises BadInput for a model that nobody can choose here."""
        offer = self._known.get(name)
        if offer is None:
            known = ", ".join(one.name for one in self._known.values() if one.is_usable)
            raise BadInput(f"The model {name[:100]!r} is not offered here; there are: {known}.")
        if offer.missing:
            raise BadInput(f"{offer.title} cannot be used: {offer.missing}")


def _offer(model: ModelSettings) -> ModelOffer:
    title = "Offline builder" if model.name == OFFLINE else model.name.removeprefix("anthropic:")
    return ModelOffer(model.name, title, _missing(model))


def _missing(model: ModelSettings) -> str:
    """Providers beside these two read keys of their own, which nobody can look at from here."""
    if model.provider == "offline" and model.name != OFFLINE:
        return "it needs a key. Set ANTHROPIC_API_KEY and start the platform anew."
    is_openai = model.name.startswith("openai:")
    if is_openai and model.api_key is None and model.base_url is None:
        return "it needs a key. Set OPENAI_API_KEY and start the platform anew."
    return ""
