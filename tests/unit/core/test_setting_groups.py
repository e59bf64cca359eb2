import pytest

from stackwright.core.settings import load_settings


@pytest.mark.parametrize(
    ("model", "name"),
    [("anthropic:claude-x", "claude-x"), ("claude-x", "claude-x"), ("offline", "offline")],
)
def test_a_model_has_the_name_that_its_maker_gave_it(model: str, name: str) -> None:
    settings = load_settings({"anthropic_api_key": "k", "default_model": model})
    assert settings.model.plain_name == name


def test_a_model_without_its_key_is_the_offline_builder() -> None:
    assert load_settings({"default_model": "claude-x"}).model.plain_name == "offline"
