import pytest

from stackwright.core.errors import BadInput
from stackwright.core.model_offers import ModelOffers
from stackwright.core.settings import Settings, load_settings

KEYLESS = {"anthropic_api_key": None, "openai_api_key": None, "openai_base_url": None}


def offers(**given: object) -> ModelOffers:
    return ModelOffers(load_settings({**KEYLESS, **given}))


def test_without_a_key_the_offline_builder_builds_and_the_rest_says_what_it_lacks() -> None:
    known = offers(default_model="claude-sonnet-5-5", offered_models="openai:gpt-5.2,ollama:qwen3")
    assert known.default == "offline"
    assert [(one.name, one.is_usable) for one in known.listed()] == [
        ("offline", True),
        ("claude-sonnet-5-5", False),
        ("openai:gpt-5.2", False),
        ("ollama:qwen3", True),
    ]
    with pytest.raises(BadInput, match="ANTHROPIC_API_KEY"):
        known.check("claude-sonnet-5-5")
    with pytest.raises(BadInput, match="OPENAI_API_KEY"):
        known.check("openai:gpt-5.2")
    assert known.chosen("claude-sonnet-5-5") is None


def test_with_a_key_only_what_the_settings_name_is_offered() -> None:
    known = offers(
        anthropic_api_key="k",
        fallback_model="claude-haiku-4-5",
        offered_models="claude-haiku-4-5, ",
    )
    default = Settings.model_fields["default_model"].default
    assert [one.name for one in known.listed()] == [default, "claude-haiku-4-5"]
    assert known.default == default
    known.check("claude-haiku-4-5")
    chosen, usual = known.chosen("claude-haiku-4-5"), known.chosen(None)
    assert chosen is not None
    assert usual is not None
    assert (chosen.name, usual.name) == ("claude-haiku-4-5", default)
    for other in ("offline", "gpt-9", "x" * 500):
        assert known.chosen(other) is None
        with pytest.raises(BadInput, match="is not offered here; there are: "):
            known.check(other)
