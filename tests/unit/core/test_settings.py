import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from stackwright.core.settings import Settings, described_variables

ORIGINAL = [
    "ANTHROPIC_API_KEY",
    "E2B_API_KEY",
    "DATABASE_URL",
    "DIRECT_DATABASE_URL",
    "OPENAI_API_KEY",
    "REDIS_URL",
    "LANGSMITH_API_KEY",
    "LANGCHAIN_TRACING_V2",
    "DEFAULT_MODEL",
    "MODEL_TEMPERATURE",
    "MAX_TOKENS",
    "MODEL_TIMEOUT",
    "MAX_ITERATIONS",
    "ENABLE_MEMORY",
    "ENABLE_SUMMARIZATION",
    "SUMMARIZATION_THRESHOLD",
    "E2B_TEMPLATE_ID",
    "MAX_SANDBOXES_PER_USER",
    "MAX_TOTAL_SANDBOXES",
    "SANDBOX_IDLE_TIMEOUT",
    "SANDBOX_MAX_AGE",
    "DB_POOL_SIZE",
    "DB_MAX_OVERFLOW",
    "DB_POOL_TIMEOUT",
    "CHECKPOINT_POOL_MIN",
    "CHECKPOINT_POOL_MAX",
    "ENV",
    "DEBUG",
    "RELOAD",
    "LOG_LEVEL",
    "ENABLE_DEBUG_TOOLS",
    "SSL_MODE",
    "CORS_ORIGINS",
    "TEST_DATABASE_URL",
    "ENABLE_TEST_MODE",
    "ENABLE_DB_LOGGING",
    "ENABLE_AGENT_LOGGING",
    "ENABLE_TOOL_LOGGING",
]


@pytest.fixture(autouse=True)
def _no_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_documentation_lists_every_variable_with_its_default_and_meaning() -> None:
    page = (Path(__file__).parents[3] / "docs" / "settings.md").read_text()
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (.*?) \| (.*) \|$", page, flags=re.MULTILINE)
    assert rows == list(described_variables())


def test_every_variable_of_the_original_exists() -> None:
    known = {name for name, _, _ in described_variables()}
    assert set(ORIGINAL) <= known


def test_without_any_variable_the_offline_builder_and_the_local_engine_are_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ORIGINAL:
        monkeypatch.delenv(name, raising=False)
    settings = Settings()
    assert settings.model.provider == "offline"
    assert settings.sandbox.engine == "local"
    assert settings.database.url is None


def test_an_anthropic_key_chooses_claude_and_an_e2b_key_chooses_e2b(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-x")
    monkeypatch.setenv("E2B_API_KEY", "e2b_x")
    settings = Settings()
    assert settings.model.provider == "anthropic"
    assert settings.sandbox.engine == "e2b"


def test_another_provider_is_named_in_default_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_MODEL", "openai:gpt-5")
    assert Settings().model.provider == "langchain"


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example, https://b.example")
    assert Settings().server.cors_origins == ("https://a.example", "https://b.example")


def test_an_impossible_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "99999")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_a_secret_does_not_show_in_the_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-very-secret")
    assert "very-secret" not in repr(Settings())


def test_a_platform_can_be_told_to_die_only_in_tests() -> None:
    with pytest.raises(ValidationError, match="ENV=test"):
        Settings(kill_at=1)
    assert Settings(kill_at=1, env="test").kill_at == 1


def test_in_production_a_shared_kernel_must_be_accepted() -> None:
    with pytest.raises(ValidationError, match="SANDBOX_SHARED_KERNEL_ACCEPTED"):
        Settings(env="production", sandbox_engine="local")
    accepted = Settings(
        env="production", sandbox_engine="local", sandbox_shared_kernel_accepted=True
    )
    assert accepted.sandbox.engine == "local"
    assert Settings(env="production", sandbox_engine="e2b").sandbox.engine == "e2b"
