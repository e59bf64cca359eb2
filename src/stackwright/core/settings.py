"""The one reader of the environment. `main.py` reads `Settings` once and passes groups on.

Every variable is optional: the platform starts with none set. `docs/settings.md` lists them and a
test compares it with this file.
"""

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from stackwright.core.errors import WrongSettings
from stackwright.core.model_names import takes_images
from stackwright.core.setting_groups import (
    BUDGET_SCOPES,
    BudgetSettings,
    DatabaseSettings,
    LogSettings,
    ModelSettings,
    RetrySettings,
    SandboxSettings,
    ServerSettings,
    TracingSettings,
)
from stackwright.core.setting_rules import (
    HostName,
    IpNetwork,
    ListenAddress,
    ModelPrice,
    Origin,
    PostgresAddress,
    ReachableHost,
    RedisAddress,
    WebAddress,
    sentences,
)


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        # The embedded PostgreSQL opens up the permissions of every parent folder when run by root.
        return Path("/var/lib/stackwright")
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "stackwright"


class Settings(BaseSettings):
    """All variables, as named in the environment or in `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        case_sensitive=False,
        hide_input_in_errors=True,
    )

    # Model
    anthropic_api_key: SecretStr | None = Field(
        default=None, description="Key for Claude. Unset: the offline builder works instead."
    )
    anthropic_base_url: WebAddress | None = Field(
        default=None, description="Another address of the Anthropic Messages API."
    )
    openai_api_key: SecretStr | None = Field(
        default=None, description="Key for OpenAI-compatible models (with DEFAULT_MODEL=openai:…)."
    )
    openai_base_url: WebAddress | None = Field(
        default=None, description="An OpenAI-compatible endpoint."
    )
    default_model: str = Field(
        default="claude-sonnet-5-5",
        description="Model name; `provider:name` picks another LangChain provider; `offline` forces the offline builder.",
    )
    fallback_model: str | None = Field(
        default=None,
        description="Model that finishes a run when DEFAULT_MODEL stays overloaded or unreachable; named like DEFAULT_MODEL.",
    )
    offered_models: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        max_length=20,
        description="Models that people may choose beside DEFAULT_MODEL, comma-separated, named like it.",
    )
    model_temperature: float = Field(default=0.7, ge=0, le=2, description="Sampling temperature.")
    max_tokens: int = Field(
        default=32_000, ge=256, description="Output tokens per model call. 8192 truncates files."
    )
    model_timeout: float = Field(
        default=300.0, gt=0, allow_inf_nan=False, description="Seconds one model call may take."
    )
    model_silence: float = Field(
        default=90.0,
        gt=0,
        allow_inf_nan=False,
        description="Seconds without content (pings do not count) after which a model call is broken off.",
    )
    model_max_tries: int = Field(
        default=5, ge=1, le=100, description="How often a failing model call is tried."
    )
    model_retry_wait: float = Field(
        default=1.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds before the second try; doubled with each.",
    )
    model_max_retry_wait: float = Field(
        default=30.0, ge=0, allow_inf_nan=False, description="Longest wait between two tries."
    )
    model_patience: float = Field(
        default=60.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds one message is tried for before FALLBACK_MODEL is asked.",
    )
    max_iterations: int = Field(
        default=25,
        ge=3,
        le=1000,
        description="Model calls per run, repairs not counted; then the run ends as unverified.",
    )
    max_repair_calls: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Model calls per run after a failing proof; then the person is asked.",
    )
    enable_memory: bool = Field(
        default=True,
        description="Keep notes on each project, which the agent writes and reads in later runs.",
    )
    model_takes_images: Literal["auto", "yes", "no"] = Field(
        default="auto",
        description="Send pictures to the model; auto = as its name tells. A model without gets text instead.",
    )
    enable_summarization: bool = Field(
        default=True, description="Compact long conversations in the request; history stays whole."
    )
    summarization_threshold: int = Field(
        default=120_000,
        ge=1000,
        description="Input tokens above which a conversation is compacted.",
    )
    langsmith_api_key: SecretStr | None = Field(
        default=None, description="Key for LangSmith traces."
    )
    langchain_tracing_v2: bool = Field(
        default=False, description="Send traces to LangSmith. Needs LANGSMITH_API_KEY."
    )

    # Money
    max_run_usd: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Most US dollars for one run. Unset: no limit.",
    )
    max_run_tokens: int | None = Field(
        default=None, gt=0, description="Most tokens (read, cached and written) for one run."
    )
    max_project_usd: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Most US dollars for one project, over all its runs. Unset: no limit.",
    )
    max_project_tokens: int | None = Field(
        default=None,
        gt=0,
        description="Most tokens (read, cached and written) for one project, over all its runs.",
    )
    max_user_usd: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Most US dollars for one user, over all runs. Unset: no limit.",
    )
    max_user_tokens: int | None = Field(
        default=None,
        gt=0,
        description="Most tokens (read, cached and written) for one user, over all runs.",
    )
    max_day_usd: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Most US dollars for one user in one day (UTC). Unset: no limit.",
    )
    max_day_tokens: int | None = Field(
        default=None,
        gt=0,
        description="Most tokens (read, cached and written) for one user in one day (UTC).",
    )
    max_repair_usd: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Most US dollars that one run may spend after a failing proof.",
    )
    max_repair_tokens: int | None = Field(
        default=None, gt=0, description="Most tokens that one run may spend after a failing proof."
    )
    budget_may_be_raised: bool = Field(
        default=True,
        description="The person may raise a limit on the card that shows it is reached.",
    )
    model_prices: Annotated[tuple[ModelPrice, ...], NoDecode] = Field(
        default=(),
        description="Prices of models that the price list lacks, comma-separated: `name=2/10` in US dollars per million tokens read and written, `name=2/10/0.2/2.5` also for cache reads and writes.",
    )

    # Database
    database_url: PostgresAddress | None = Field(
        default=None,
        description="PostgreSQL address. Unset: an embedded PostgreSQL in STACKWRIGHT_DATA_DIR.",
    )
    direct_database_url: PostgresAddress | None = Field(
        default=None, description="Address that bypasses PgBouncer: migrations, queue, LISTEN."
    )
    ssl_mode: (
        Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] | None
    ) = Field(default=None, description="sslmode added to the database address.")
    db_pool_size: int = Field(default=10, ge=1, description="Connections kept by the SQL pool.")
    db_max_overflow: int = Field(
        default=20, ge=0, description="Connections above DB_POOL_SIZE under load."
    )
    db_pool_timeout: float = Field(
        default=30.0, gt=0, allow_inf_nan=False, description="Seconds to wait for a connection."
    )
    checkpoint_pool_min: int = Field(
        default=2, ge=1, description="Connections kept by the checkpoint pool."
    )
    checkpoint_pool_max: int = Field(
        default=20, ge=1, description="Most connections of the checkpoint pool."
    )
    test_database_url: PostgresAddress | None = Field(
        default=None, description="Database for the tests. Unset: an embedded PostgreSQL."
    )
    redis_url: RedisAddress | None = Field(
        default=None, description="Redis: sandbox-id cache and quicker wake-ups. Unset: in-process."
    )

    # Sandboxes
    sandbox_engine: Literal["auto", "e2b", "local"] = Field(
        default="auto", description="auto = E2B with E2B_API_KEY, else the local engine."
    )
    sandbox_shared_kernel_accepted: bool = Field(
        default=False,
        description="With ENV=production: users' programs may share this machine's kernel.",
    )
    e2b_api_key: SecretStr | None = Field(
        default=None, description="Key for E2B or an E2B-compatible engine."
    )
    e2b_api_url: WebAddress | None = Field(
        default=None, description="Control-plane address of a self-hosted E2B-compatible engine."
    )
    e2b_sandbox_url: WebAddress | None = Field(
        default=None, description="Data-plane address of a self-hosted E2B-compatible engine."
    )
    e2b_domain: HostName | None = Field(
        default=None,
        description="Domain of a self-hosted E2B (`api.<domain>`, `<port>-<id>.<domain>`).",
    )
    e2b_template_id: str = Field(
        default="next-fast-mongo-pre-v2", description="Template of new sandboxes."
    )
    max_sandboxes_per_user: int = Field(default=2, ge=1, description="Live sandboxes per user.")
    max_kept_sandboxes_per_user: int = Field(
        default=100,
        ge=1,
        description="Sandboxes per user, paused ones included: each keeps its disk.",
    )
    max_total_sandboxes: int = Field(default=10, ge=1, description="Live sandboxes altogether.")
    sandbox_idle_timeout: int = Field(
        default=500,
        ge=10,
        description="Seconds without use after which a sandbox is paused or ended.",
    )
    sandbox_max_age: int = Field(
        default=900,
        ge=10,
        description="Seconds after its last use at which a sandbox is paused at the latest.",
    )
    sandbox_timeout: int = Field(
        default=500, ge=10, description="Lifetime asked from the engine, renewed while in use."
    )
    sandbox_egress_allow: Annotated[tuple[ReachableHost, ...], NoDecode] = Field(
        default=(),
        description="Hosts (comma-separated, *.suffix allowed) that sandboxes may reach besides the package registries.",
    )

    # Web search
    search_provider: Literal["tavily", "brave", "searxng"] | None = Field(
        default=None, description="Who answers search_web. Unset: the agent works without."
    )
    search_api_key: SecretStr | None = Field(default=None, description="Key for Tavily or Brave.")
    search_url: WebAddress | None = Field(default=None, description="Address of a SearXNG server.")

    # Server
    host: ListenAddress = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    public_url: WebAddress | None = Field(
        default=None, description="Address people use, when a proxy stands in front."
    )
    preview_domain: HostName | None = Field(
        default=None,
        description="Domain for previews, `<port>-<label>.<domain>`. Unset: `*.localhost`.",
    )
    trusted_proxies: Annotated[tuple[IpNetwork, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks (comma-separated) of proxies in front whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    )
    cors_origins: Annotated[tuple[Origin, ...], NoDecode] = Field(
        default=(), description="Origins (comma-separated) that may call the API from a browser."
    )
    env: Literal["development", "test", "production"] = Field(
        default="development", description="Kind of deployment."
    )
    platform_details: Literal["operator", "everybody"] = Field(
        default="operator",
        description="Who is told what the machine lacks and which keys are set: `operator` is whoever comes from this machine itself, past no proxy.",
    )
    debug: bool = Field(default=False, description="Log everything, as LOG_LEVEL=DEBUG does.")
    reload: bool = Field(
        default=False, description="Restart the server when its code changes (development)."
    )
    max_message_bytes: int = Field(
        default=200_000, ge=1000, description="Longest accepted chat message."
    )
    max_runs_per_worker: int = Field(
        default=10, ge=1, description="Runs that one worker works on at the same time."
    )
    stream_heartbeat: int = Field(
        default=15, ge=1, description="Silent seconds of a stream after which a comment is sent."
    )
    stream_max_age: int = Field(
        default=3600,
        ge=1,
        description="Seconds after which a stream is closed between two events; clients reconnect and lose nothing.",
    )
    stackwright_data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Embedded database, sandboxes, template layers.",
    )
    stackwright_templates_dir: Path | None = Field(
        default=None, description="Application templates. Unset: the ones of this checkout."
    )

    # Logs and tools
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_dir: Path = Field(default=Path("log"), description="Folder of log_latest.log.")
    enable_debug_tools: bool = Field(
        default=False,
        description="Give the agent `inspect_run`, which shows what the platform knows of its run.",
    )
    enable_test_mode: bool = Field(default=False, description="The same as ENV=test.")
    kill_at: int | None = Field(
        default=None, ge=1, description="Chaos tests: die at this kill point. Needs ENV=test."
    )
    kill_log: Path | None = Field(
        default=None, description="Chaos tests: file that lists the kill points. Needs ENV=test."
    )
    kill_signal: int = Field(
        default=int(signal.SIGKILL),
        ge=1,
        le=64,
        description="Chaos tests: the signal at KILL_AT; 9 kills, 19 stops until SIGCONT.",
    )
    enable_db_logging: bool = Field(default=False, description="Log SQL statements.")
    enable_agent_logging: bool = Field(default=True, description="Log the agent's steps.")
    enable_tool_logging: bool = Field(default=True, description="Log tool calls.")

    @field_validator(
        *("trusted_proxies", "cors_origins", "sandbox_egress_allow"),
        *("model_prices", "offered_models"),
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _dies_in_tests_only(self) -> Self:
        if not self.is_test and (self.kill_at is not None or self.kill_log is not None):
            raise ValueError("KILL_AT and KILL_LOG need ENV=test")
        return self

    @model_validator(mode="after")
    def _is_one_kind_of_deployment(self) -> Self:
        if self.enable_test_mode and self.env == "production":
            raise ValueError("ENV=production and ENABLE_TEST_MODE=true contradict each other")
        return self

    @model_validator(mode="after")
    def _pool_has_room(self) -> Self:
        if self.checkpoint_pool_min > self.checkpoint_pool_max:
            raise ValueError(
                f"CHECKPOINT_POOL_MIN ({self.checkpoint_pool_min}) must not be above "
                f"CHECKPOINT_POOL_MAX ({self.checkpoint_pool_max})"
            )
        return self

    @model_validator(mode="after")
    def _has_what_it_turns_on(self) -> Self:
        if self.langchain_tracing_v2 and self.langsmith_api_key is None:
            raise ValueError("LANGCHAIN_TRACING_V2=true needs LANGSMITH_API_KEY")
        if self.search_provider in {"tavily", "brave"} and self.search_api_key is None:
            raise ValueError(f"SEARCH_PROVIDER={self.search_provider} needs SEARCH_API_KEY")
        if self.search_provider == "searxng" and self.search_url is None:
            raise ValueError("SEARCH_PROVIDER=searxng needs SEARCH_URL")
        return self

    @model_validator(mode="after")
    def _shares_its_kernel_knowingly(self) -> Self:
        is_local = self.sandbox_engine == "local" or (
            self.sandbox_engine == "auto" and self.e2b_api_key is None
        )
        if self.env == "production" and is_local and not self.sandbox_shared_kernel_accepted:
            raise ValueError(
                "with ENV=production several users' programs would share this machine's kernel: "
                "use E2B (E2B_API_KEY), or accept that with SANDBOX_SHARED_KERNEL_ACCEPTED=true"
            )
        return self

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
        return level

    @model_validator(mode="after")
    def _usable_fallback(self) -> Self:
        if self.fallback_model and self._provider(self.fallback_model)[0] == "offline":
            raise ValueError(
                "FALLBACK_MODEL names a model that needs no network or has no key: "
                "set ANTHROPIC_API_KEY for Claude, or name another `provider:model`"
            )
        return self

    @property
    def is_test(self) -> bool:
        """Whether the platform runs for its own tests."""
        return self.enable_test_mode or self.env == "test"

    @property
    def tracing(self) -> TracingSettings:
        return TracingSettings(
            api_key=self.langsmith_api_key if self.langchain_tracing_v2 else None
        )

    @property
    def model(self) -> ModelSettings:
        return self.model_named(self.default_model)

    @property
    def fallback(self) -> ModelSettings | None:
        """The second model; None when none is named."""
        return self.model_named(self.fallback_model) if self.fallback_model else None

    def model_named(self, name: str) -> ModelSettings:
        """Any model; one of Anthropic without a key is the offline builder."""
        provider, key, base_url = self._provider(name)
        return ModelSettings(
            provider=provider,
            name=name,
            temperature=self.model_temperature,
            max_tokens=self.max_tokens,
            timeout_s=self.model_timeout,
            api_key=key,
            base_url=base_url,
            max_iterations=self.max_iterations,
            summarization=self.enable_summarization,
            summarization_threshold_tokens=self.summarization_threshold,
            silence_s=self.model_silence,
            takes_images=provider != "offline" and self._takes_images(name),
        )

    @property
    def retry(self) -> RetrySettings:
        return RetrySettings(
            max_tries=self.model_max_tries,
            first_wait_s=self.model_retry_wait,
            max_wait_s=self.model_max_retry_wait,
            patience_s=self.model_patience,
        )

    @property
    def budget(self) -> BudgetSettings:
        names = [f"{scope}_{unit}" for scope in BUDGET_SCOPES for unit in ("usd", "tokens")]
        given = {name: getattr(self, f"max_{name}") for name in names}
        return BudgetSettings(
            limits={name: limit for name, limit in given.items() if limit is not None},
            may_be_raised=self.budget_may_be_raised,
            prices=self.model_prices,
        )

    def _takes_images(self, name: str) -> bool:
        if self.model_takes_images == "auto":
            return takes_images(name)
        return self.model_takes_images == "yes"

    def _provider(
        self, name: str
    ) -> tuple[Literal["anthropic", "langchain", "offline"], SecretStr | None, str | None]:
        provider, _, _ = name.partition(":")
        if name == "offline":
            return "offline", None, None
        if ":" in name and provider != "anthropic":
            return "langchain", self.openai_api_key, self.openai_base_url
        if self.anthropic_api_key is not None:
            return "anthropic", self.anthropic_api_key, self.anthropic_base_url
        return "offline", None, None

    @property
    def database(self) -> DatabaseSettings:
        return DatabaseSettings(
            url=self.database_url,
            direct_url=self.direct_database_url or self.database_url,
            ssl_mode=self.ssl_mode,
            pool_size=self.db_pool_size,
            max_overflow=self.db_max_overflow,
            pool_timeout_s=self.db_pool_timeout,
            checkpoint_pool_min=self.checkpoint_pool_min,
            checkpoint_pool_max=self.checkpoint_pool_max,
            echo=self.enable_db_logging,
            data_dir=self.stackwright_data_dir / "postgres",
        )

    @property
    def sandbox(self) -> SandboxSettings:
        wants_e2b = self.sandbox_engine == "e2b" or (
            self.sandbox_engine == "auto" and self.e2b_api_key is not None
        )
        return SandboxSettings(
            engine="e2b" if wants_e2b else "local",
            e2b_api_key=self.e2b_api_key,
            api_url=self.e2b_api_url,
            sandbox_url=self.e2b_sandbox_url,
            domain=self.e2b_domain,
            template=self.e2b_template_id,
            max_per_user=self.max_sandboxes_per_user,
            max_kept_per_user=self.max_kept_sandboxes_per_user,
            max_total=self.max_total_sandboxes,
            idle_timeout_s=self.sandbox_idle_timeout,
            max_age_s=self.sandbox_max_age,
            timeout_s=self.sandbox_timeout,
            data_dir=self.stackwright_data_dir / "engine",
            templates_dir=self.stackwright_templates_dir or _templates_of_this_checkout(),
            egress_allow=self.sandbox_egress_allow,
        )

    @property
    def server(self) -> ServerSettings:
        shown = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::"} else self.host  # noqa: S104
        return ServerSettings(
            host=self.host,
            port=self.port,
            public_url=(self.public_url or f"http://{shown}:{self.port}").rstrip("/"),
            preview_domain=self.preview_domain,
            trusted_proxies=self.trusted_proxies,
            cors_origins=self.cors_origins,
            env="test" if self.is_test else self.env,
            platform_details=self.platform_details,
            max_message_bytes=self.max_message_bytes,
            stream_heartbeat_s=self.stream_heartbeat,
            stream_max_age_s=self.stream_max_age,
        )

    @property
    def logs(self) -> LogSettings:
        return LogSettings(
            level="DEBUG" if self.debug else self.log_level,
            directory=self.log_dir,
            database=self.enable_db_logging,
            agent=self.enable_agent_logging,
            tools=self.enable_tool_logging,
        )


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the environment once. `overrides` come from the command line and win. Raises WrongSettings."""
    try:
        return Settings(**(overrides or {}))
    except ValidationError as error:
        annotations = {name: field.annotation for name, field in Settings.model_fields.items()}
        raise WrongSettings(sentences(error, annotations)) from None


def minimal_environment() -> dict[str, str]:
    """What a child process of ours may see: where programs are, and nothing that could be a secret."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _templates_of_this_checkout() -> Path:
    return Path(__file__).resolve().parents[3] / "templates"


def described_variables() -> Iterator[tuple[str, str, str]]:
    """(name, default, description) of every variable, in the order of this file."""
    for name, field in Settings.model_fields.items():
        if field.default_factory is not None:
            default = "`~/.local/share/stackwright` (root: `/var/lib/stackwright`)"
        elif field.default in (None, ()):
            default = "none"
        else:
            default = f"`{field.default}`"
        yield name.upper(), default, field.description or ""
