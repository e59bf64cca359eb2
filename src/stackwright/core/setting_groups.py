"""The groups of settings that the parts of the platform are given, each what one part needs.

`core.settings` makes them out of the variables of the environment.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from stackwright.core.events import BudgetScope
from stackwright.core.setting_rules import ModelPrice

BUDGET_SCOPES: tuple[BudgetScope, ...] = ("run", "project", "user", "day", "repair")


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelSettings(_Group):
    """What the agent thinks with."""

    provider: Literal["anthropic", "langchain", "offline"]
    name: str
    temperature: float
    max_tokens: int
    timeout_s: float
    api_key: SecretStr | None
    base_url: str | None
    max_iterations: int
    summarization: bool
    summarization_threshold_tokens: int
    silence_s: float = 90.0
    takes_images: bool = False

    @property
    def plain_name(self) -> str:
        """As its maker calls it."""
        return "offline" if self.provider == "offline" else self.name.removeprefix("anthropic:")


class RetrySettings(_Group):
    """How a model that fails is asked again."""

    max_tries: int
    first_wait_s: float
    max_wait_s: float
    patience_s: float


class BudgetSettings(_Group):
    """What runs may cost, in US dollars or tokens."""

    limits: Mapping[str, float] = Field(default_factory=dict[str, float])
    """By scope and unit, such as `run_usd`. What is not in it has no limit."""
    may_be_raised: bool = True
    prices: tuple[ModelPrice, ...] = ()


class TracingSettings(_Group):
    """Where LangSmith's traces go; None as key: nowhere."""

    api_key: SecretStr | None


class DatabaseSettings(_Group):
    """Where PostgreSQL is; `url` None means the embedded server."""

    url: SecretStr | None
    direct_url: SecretStr | None
    ssl_mode: str | None
    pool_size: int
    max_overflow: int
    pool_timeout_s: float
    checkpoint_pool_min: int
    checkpoint_pool_max: int
    echo: bool
    data_dir: Path


class SandboxSettings(_Group):
    """Engine choice and the manager's limits."""

    engine: Literal["e2b", "local"]
    e2b_api_key: SecretStr | None
    api_url: str | None
    sandbox_url: str | None
    domain: str | None
    template: str
    max_per_user: int
    max_kept_per_user: int
    max_total: int
    idle_timeout_s: int
    max_age_s: int
    timeout_s: int
    data_dir: Path
    templates_dir: Path
    egress_allow: tuple[str, ...]


class ServerSettings(_Group):
    """How the API is served."""

    host: str
    port: int
    public_url: str
    preview_domain: str | None
    trusted_proxies: tuple[str, ...]
    cors_origins: tuple[str, ...]
    env: Literal["development", "test", "production"]
    platform_details: Literal["operator", "everybody"]
    max_message_bytes: int
    stream_heartbeat_s: int
    stream_max_age_s: int


class LogSettings(_Group):
    """What is logged and where."""

    level: str
    directory: Path
    database: bool
    agent: bool
    tools: bool
