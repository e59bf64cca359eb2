"""What this machine lacks with its fix, and which key would turn on what."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.core.errors import BadInput, DatabaseUnavailable, PlatformError
from stackwright.core.setting_groups import BudgetSettings
from stackwright.core.settings import Settings
from stackwright.engine.host.doctor import diagnose
from stackwright.engine.host.findings import Finding
from stackwright.runs.sandbox_findings import named_things

E2B_LIMIT_S = 10.0
NO_SANDBOX = {"stackwright": "doctor"}
"""Metadata that no sandbox has, so that the answer of the engine is one empty page."""
FRESH_S = 60.0
"""How old findings may be: the machine changes rarely, and looking at it starts a sandbox."""


@dataclass(frozen=True, slots=True)
class Key:
    """A setting that holds a key. Its value is shown to nobody."""

    name: str
    is_set: bool
    turns_on: str


class PlatformDiagnosis:
    """The findings for people who look at the platform's page, at most one look at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looking = asyncio.Lock()
        self._known: Sequence[Finding] = ()
        self._known_at = float("-inf")

    @property
    def builds_with(self) -> str:
        model = self._settings.model
        return "the offline builder" if model.provider == "offline" else model.plain_name

    @property
    def goes_on_with(self) -> str | None:
        fallback = self._settings.fallback
        return None if fallback is None else fallback.plain_name

    @property
    def budget(self) -> BudgetSettings:
        return self._settings.budget

    async def findings(self) -> Sequence[Finding]:
        async with self._looking:
            if time.monotonic() - self._known_at > FRESH_S:
                self._known = await examined(self._settings)
                self._known_at = time.monotonic()
            return self._known

    def listed_keys(self) -> Sequence[Key]:
        settings = self._settings
        return [
            Key(
                "ANTHROPIC_API_KEY",
                settings.anthropic_api_key is not None,
                "Claude builds your apps. Without a model the offline builder does, which knows "
                "record-keeping apps only.",
            ),
            Key(
                "OPENAI_API_KEY",
                settings.openai_api_key is not None,
                "Models of OpenAI, or of any service with the same interface (OPENAI_BASE_URL).",
            ),
            Key(
                "E2B_API_KEY",
                settings.e2b_api_key is not None,
                "Apps run in E2B's cloud. Without it they run on this machine.",
            ),
            Key(
                "SEARCH_API_KEY",
                settings.search_api_key is not None,
                "The builder searches the web with Tavily or Brave (SEARCH_PROVIDER).",
            ),
        ]

    async def tried(self, name: str) -> tuple[bool, str]:
        """Whether a key works, and a sentence. Raises BadInput for a name that is none of the keys."""
        known = {key.name: key for key in self.listed_keys()}
        if name not in known:
            raise BadInput(f"There is no key {name[:50]!r}; there are {', '.join(known)}.")
        if not known[name].is_set:
            return False, f"{name} is not set. Set it in .env and start the platform anew."
        if name == "E2B_API_KEY" and self._settings.e2b_api_key is not None:
            found = await _e2b(self._settings.e2b_api_key.get_secret_value(), self._settings)
            return found.ok, found.detail
        if name.startswith(("ANTHROPIC", "OPENAI")):
            return await self._tried_model(name)
        return True, f"{name} is set. It is tried when the builder searches."

    async def _tried_model(self, name: str) -> tuple[bool, str]:
        model = self._settings.model
        is_used = model.provider == ("anthropic" if name.startswith("ANTHROPIC") else "langchain")
        if not is_used:
            return True, f"{name} is set, but apps are built with {self.builds_with}."
        # Loaded late: its HTTP client takes memory that a platform without a key does not need.
        from stackwright.agent.models.catalogue import find_fault  # noqa: PLC0415

        fault = await find_fault(model)
        return (
            not fault,
            fault or f"Nothing speaks against {model.plain_name}: the key was not refused.",
        )


async def examined(settings: Settings) -> list[Finding]:
    """Every capability, the ones that are missing with their fix. Takes seconds: it tries a sandbox."""
    found = [*named_things(settings), _chromium(), await _database(settings)]
    if settings.redis_url is not None:
        found.append(await _redis(settings.redis_url.get_secret_value()))
    if settings.sandbox.engine == "local":
        data_dir = settings.sandbox.data_dir
        return [*await diagnose(data_dir if data_dir.exists() else None), *found]
    if settings.e2b_api_key is not None:
        found.insert(1, await _e2b(settings.e2b_api_key.get_secret_value(), settings))
    return found


async def _e2b(key: str, settings: Settings) -> Finding:
    # Loaded late: the SDK is slow, and the local engine does without.
    from stackwright.sandbox.control import listed  # noqa: PLC0415
    from stackwright.sandbox.endpoint import Endpoint  # noqa: PLC0415

    sandbox = settings.sandbox
    endpoint = Endpoint(key, sandbox.api_url, sandbox.sandbox_url, sandbox.domain)
    which = "E2B_API_URL" if sandbox.api_url else "E2B_DOMAIN" if sandbox.domain else "E2B"
    try:
        async with asyncio.timeout(E2B_LIMIT_S):
            await listed(NO_SANDBOX, endpoint)
    except TimeoutError:
        problem = f"{which} does not answer within {E2B_LIMIT_S:.0f} s."
    except PlatformError as error:
        problem = f"{which} does not list our sandboxes: {error}"
    else:
        return Finding("E2B", True, f"{which} answers and takes the key.")
    return Finding(
        "E2B", False, problem, "Correct E2B_API_KEY and E2B_API_URL, or start the engine."
    )


def _chromium() -> Finding:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        return Finding(
            "chromium",
            False,
            "No Chromium: pages cannot be checked.",
            "Run: apt-get install chromium.",
        )
    return Finding("chromium", True, f"Chromium at {path}.")


async def _database(settings: Settings) -> Finding:
    # Loaded late: SQLAlchemy is slow, and every other finding does without.
    from stackwright.db.address import addresses  # noqa: PLC0415
    from stackwright.db.engine import Database  # noqa: PLC0415

    given = addresses(settings.database)
    if given is None:
        return Finding("database", True, f"Embedded PostgreSQL in {settings.database.data_dir}.")
    database = Database(given[0], settings.database)
    try:
        await database.ping()
    except DatabaseUnavailable:
        return Finding(
            "database", False, "DATABASE_URL does not answer.", "Start it, or correct DATABASE_URL."
        )
    finally:
        await database.close()
    return Finding("database", True, "DATABASE_URL answers.")


async def _redis(url: str) -> Finding:
    # Loaded late, as everywhere: most platforms have none.
    from stackwright.cache.redis import RedisCache  # noqa: PLC0415

    cache = RedisCache(url)
    try:
        if await cache.is_healthy():
            return Finding("redis", True, "REDIS_URL answers.")
    finally:
        await cache.aclose()
    return Finding("redis", False, "REDIS_URL does not answer.", "Start it, or correct REDIS_URL.")
