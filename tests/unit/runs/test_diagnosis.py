import pytest

from stackwright.core.errors import BadInput
from stackwright.core.settings import load_settings
from stackwright.runs.diagnosis import PlatformDiagnosis

SECRET = "sk-ant-secret"


def diagnosis(**settings: object) -> PlatformDiagnosis:
    return PlatformDiagnosis(load_settings(settings))


def test_a_key_is_told_by_name_and_never_by_value() -> None:
    keyed = diagnosis(anthropic_api_key=SECRET)
    told = {key.name: key.is_set for key in keyed.listed_keys()}
    assert told["ANTHROPIC_API_KEY"]
    assert not told["E2B_API_KEY"]
    assert SECRET not in repr(keyed.listed_keys())


async def test_a_key_that_is_not_set_says_where_to_set_it_and_an_unknown_one_is_refused() -> None:
    ok, sentence = await diagnosis().tried("E2B_API_KEY")
    assert (ok, "start the platform anew" in sentence) == (False, True)
    with pytest.raises(BadInput, match="ANTHROPIC_API_KEY"):
        await diagnosis().tried("PATH")


async def test_a_key_that_nothing_uses_says_what_is_used() -> None:
    ok, sentence = await diagnosis(anthropic_api_key=SECRET).tried("OPENAI_API_KEY")
    assert not ok
    keyed = diagnosis(anthropic_api_key=SECRET, openai_api_key="x")
    ok, sentence = await keyed.tried("OPENAI_API_KEY")
    assert (ok, "are built with" in sentence) == (True, True)
