from stackwright.core.settings import load_settings
from stackwright.serving import welcome


def test_who_starts_the_platform_reads_where_it_is_what_builds_and_how_it_ends() -> None:
    told = welcome(load_settings({"port": 8123, "default_model": "offline"}))
    assert "http://localhost:8123" in told
    assert "offline builder" in told
    assert "Ctrl-C" in told


def test_who_has_a_key_reads_which_model_builds() -> None:
    told = welcome(load_settings({"anthropic_api_key": "k", "default_model": "claude-x"}))
    assert "claude-x" in told
    assert "offline" not in told
