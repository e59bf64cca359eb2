import re
from pathlib import Path
from typing import Any

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


OTHER_VALUES: dict[str, dict[str, Any]] = {
    "anthropic_api_key": {},
    "anthropic_base_url": {"anthropic_api_key": "k"},
    "openai_api_key": {"default_model": "openai:gpt-5"},
    "openai_base_url": {"default_model": "openai:gpt-5"},
    "fallback_model": {"anthropic_api_key": "k", "fallback_model": "claude-haiku-4-5"},
    "langsmith_api_key": {"langchain_tracing_v2": True, "langsmith_api_key": "k"},
    "langchain_tracing_v2": {"langsmith_api_key": "k"},
    "database_url": {"database_url": "postgresql://db/app"},
    "direct_database_url": {"direct_database_url": "postgresql://db/app"},
    "test_database_url": {"test_database_url": "postgresql://db/app"},
    "redis_url": {"redis_url": "redis://cache"},
    "ssl_mode": {"ssl_mode": "require"},
    "sandbox_engine": {"sandbox_engine": "e2b"},
    "sandbox_egress_allow": {"sandbox_egress_allow": "api.example.org"},
    "search_provider": {"search_api_key": "k", "search_provider": "tavily"},
    "cors_origins": {"cors_origins": "https://app.example.org"},
    "env": {"env": "test"},
    "trusted_proxies": {"trusted_proxies": "10.0.0.0/8"},
    "log_level": {"log_level": "ERROR"},
    "host": {"host": "0.0.0.0"},
    "kill_at": {"env": "test", "kill_at": 3},
    "kill_log": {"env": "test", "kill_log": "kills"},
    "default_model": {"default_model": "openai:gpt-5"},
    "model_prices": {"model_prices": "my-model=1/2"},
    "platform_details": {"platform_details": "everybody"},
    "model_takes_images": {"default_model": "openai:gpt-5", "model_takes_images": "no"},
}
"""For the variables whose other value cannot be made from the default, or that need another one set."""
DECIDES_AT_START = {"sandbox_shared_kernel_accepted"}
"""Read by a rule of the settings themselves; see the test of ENV=production."""
SOURCES = Path(__file__).parents[3] / "src" / "stackwright"
CODE = "\n".join(
    path.read_text()
    for folder in (SOURCES, SOURCES.parents[1] / "tests" / "fixtures")
    for path in folder.rglob("*.py")
    if path.name != "settings.py"
)


def other_values(name: str) -> dict[str, Any]:
    """Settings in which this one differs from its default, as far as it can be told from that."""
    given = OTHER_VALUES.get(name, {})
    if name in given:
        return given
    default = Settings.model_fields[name].get_default(call_default_factory=True)
    match default:
        case bool():
            return {**given, name: not default}
        case int() | float():
            return {**given, name: default + 1 if name != "model_temperature" else 0.1}
        case Path():
            return {**given, name: default / "elsewhere"}
        case None if Settings.model_fields[name].annotation in (int | None, float | None):
            return {**given, name: 7}
        case _:
            wants_url = name.endswith("_url")
            return {**given, name: "https://other.example.org" if wants_url else "other.example"}


def told(settings: Settings) -> dict[tuple[str, str], Any]:
    """Everything that the settings hand on: by group and field, and the fields themselves."""
    groups = (
        "model",
        "fallback",
        "tracing",
        "database",
        "sandbox",
        "server",
        "logs",
        "retry",
        "budget",
    )
    own = {("", field): value for field, value in dict(settings).items()}
    handed_on = {
        (group, field): value
        for group in groups
        if (made := getattr(settings, group)) is not None
        for field, value in dict(made).items()
    }
    return own | handed_on


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - DECIDES_AT_START))
def test_each_setting_changes_something_that_the_code_reads(name: str) -> None:
    values = other_values(name)
    # Compared with the settings that it needs, but without itself.
    needed = {key: value for key, value in values.items() if key != name}
    if name == "langsmith_api_key":
        needed = {}
    before, after = told(Settings(**needed)), told(Settings(**values))
    changed = {field for place, field in after if after[place, field] != before.get((place, field))}
    read = {field for field in changed if re.search(rf"\.{field}\b", CODE)}
    assert read, f"nothing reads {name.upper()}"


def test_debug_logs_everything() -> None:
    assert Settings(debug=True, log_level="ERROR").logs.level == "DEBUG"


def test_test_mode_is_the_test_environment() -> None:
    settings = Settings(enable_test_mode=True, kill_at=1)
    assert settings.is_test
    assert settings.server.env == "test"


def test_traces_go_out_only_when_they_are_turned_on() -> None:
    assert Settings(langsmith_api_key="k").tracing.api_key is None
    traced = Settings(langsmith_api_key="k", langchain_tracing_v2=True).tracing
    assert traced.api_key is not None
