from pathlib import Path

import pytest

from stackwright.core.errors import WrongSettings
from stackwright.core.settings import load_settings

SECRET = "hunter2-very-secret"


@pytest.fixture(autouse=True)
def _no_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as refused:
        load_settings()
    return str(refused.value).splitlines()


def test_each_wrong_setting_is_one_line_with_its_variable_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert refusal(
        monkeypatch, SANDBOX_ENGINE="docker", MAX_SANDBOXES_PER_USER="0", PORT="http"
    ) == [
        "SANDBOX_ENGINE must be 'auto', 'e2b' or 'local', not 'docker'",
        "MAX_SANDBOXES_PER_USER must be greater than or equal to 1, not '0'",
        "PORT must be a valid integer, not 'http'",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("E2B_API_URL", "localhost:3000"),
        ("E2B_SANDBOX_URL", "https:///path"),
        ("ANTHROPIC_BASE_URL", f"ftp://me:{SECRET}@files.example"),
        ("OPENAI_BASE_URL", "http://host:port/v1"),
        ("SEARCH_URL", "/search"),
        ("PUBLIC_URL", "build.example.org"),
        ("REDIS_URL", f"me:{SECRET}@localhost:6379"),
        ("REDIS_URL", "redis:6379"),
        ("DATABASE_URL", f"mysql://me:{SECRET}@db/app"),
        ("DIRECT_DATABASE_URL", f"host=db password={SECRET}"),
    ],
)
def test_an_address_needs_its_scheme_and_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    (line,) = refusal(monkeypatch, **{name: value})
    assert line.startswith(f"{name} must be an address")
    assert value not in line
    assert SECRET not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("e2b_api_url", "http://[::1]:3000"),
        ("public_url", "https://build.example.org/"),
        ("redis_url", "rediss://:pw@cache.example:6380/1"),
        ("redis_url", "unix:///run/redis.sock"),
        ("database_url", "postgresql://a:5432,b:5433/app"),
        ("database_url", "postgresql+asyncpg:///app?host=/run/postgresql"),
    ],
)
def test_usual_addresses_are_taken(name: str, value: str) -> None:
    assert load_settings({name: value})


def test_settings_that_contradict_each_other_are_told_without_any_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (line,) = refusal(monkeypatch, ENV="production", ANTHROPIC_API_KEY=SECRET)
    assert "SANDBOX_SHARED_KERNEL_ACCEPTED=true" in line
    assert SECRET[:2] not in line


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SSL_MODE", "banana", "must be 'disable', 'allow', 'prefer', 'require'"),
        ("PREVIEW_DOMAIN", "a b", "must be a host name"),
        ("PREVIEW_DOMAIN", "https://preview.example.org", "must be a host name"),
        ("E2B_DOMAIN", "-x-", "must be a host name"),
        ("HOST", "0.0.0.0:80", "must be a host name"),
        ("CORS_ORIGINS", "app.example.org", "must be origins"),
        ("CORS_ORIGINS", "https://app.example.org/path", "must be origins"),
        ("SANDBOX_EGRESS_ALLOW", "https://api.example.org", "must be host names"),
        ("MODEL_TIMEOUT", "inf", "must be a finite number"),
        ("DB_POOL_TIMEOUT", "nan", "must be"),
        ("KILL_SIGNAL", "900", "must be less than or equal to 64"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    (line,) = refusal(monkeypatch, **{name: value})
    assert line.startswith(f"{name} {told}")


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            {"CHECKPOINT_POOL_MIN": "30"},
            "CHECKPOINT_POOL_MIN (30) must not be above CHECKPOINT_POOL_MAX (20)",
        ),
        ({"LANGCHAIN_TRACING_V2": "true"}, "LANGCHAIN_TRACING_V2=true needs LANGSMITH_API_KEY"),
        ({"SEARCH_PROVIDER": "tavily"}, "SEARCH_PROVIDER=tavily needs SEARCH_API_KEY"),
        ({"SEARCH_PROVIDER": "searxng"}, "SEARCH_PROVIDER=searxng needs SEARCH_URL"),
        (
            {"ENV": "production", "ENABLE_TEST_MODE": "true", "SANDBOX_ENGINE": "e2b"},
            "ENV=production and ENABLE_TEST_MODE=true contradict each other",
        ),
    ],
)
def test_a_setting_that_another_contradicts_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str
) -> None:
    assert refusal(monkeypatch, **environment) == [told]


def test_usual_hosts_and_origins_are_taken() -> None:
    settings = load_settings(
        {
            "host": "::1",
            "preview_domain": "preview.example.org",
            "e2b_domain": "localhost",
            "cors_origins": "https://app.example.org, http://localhost:5173, *",
            "sandbox_egress_allow": "api.example.org,*.example.org",
            "ssl_mode": "verify-full",
        }
    )
    assert settings.server.cors_origins[1] == "http://localhost:5173"
