"""One sandbox per (user, project): found, resumed or made, within limits, never stolen from a run.

Looked up in memory, then in the cache, then in the engine's list by owner metadata. A sandbox that
must go is paused, so that the app's own data stays; the workspace is outside anyway.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import aiohttp

from stackwright.core.cache import Cache
from stackwright.core.errors import SandboxLimitReached, SandboxUnavailable
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.settings import SandboxSettings
from stackwright.core.tasks import spawn
from stackwright.sandbox import client
from stackwright.sandbox.base import Sandbox, SandboxGone, SandboxProvider
from stackwright.sandbox.client import E2BSandbox, Endpoint, Listed

log = logging.getLogger(__name__)

Owner = tuple[UserId, ProjectId]
T = TypeVar("T")

TRUSTED_FOR_S = 5.0
"""A sandbox that answered so recently is not asked again whether it lives."""
RENEW_EVERY_S = 30.0
MAX_TRIES = 4


@dataclass(slots=True)
class _Held:
    """A live sandbox of this process. `runs` counts runs in progress: while above 0 it stays."""

    sandbox: E2BSandbox
    checked_at: float
    used_at: float
    runs: int = 0


@dataclass(slots=True)
class SandboxManager:
    """Implements the provider port for the whole process."""

    settings: SandboxSettings
    endpoint: Endpoint
    cache: Cache
    http: aiohttp.ClientSession
    _held: dict[Owner, _Held] = field(default_factory=dict[Owner, _Held])
    _locks: dict[Owner, asyncio.Lock] = field(default_factory=dict[Owner, asyncio.Lock])
    _upkeep: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Begin renewing sandboxes in use and pausing idle ones."""
        self._upkeep = spawn(self._keep_up(), name="sandbox upkeep")

    async def aclose(self) -> None:
        """Stop the upkeep; sandboxes stay as they are and are found again."""
        if self._upkeep is not None:
            self._upkeep.cancel()
            await asyncio.wait({self._upkeep})

    async def get(self, user_id: UserId, project_id: ProjectId) -> Sandbox:
        owner = (user_id, project_id)
        async with self._locks.setdefault(owner, asyncio.Lock()):
            sandbox = await self._find(owner)
            if sandbox is None:
                await self._make_room(owner)
                sandbox = await _persistently(lambda: self._create(owner))
            return await self._keep(owner, sandbox)

    async def find(self, user_id: UserId, project_id: ProjectId) -> Sandbox | None:
        owner = (user_id, project_id)
        async with self._locks.setdefault(owner, asyncio.Lock()):
            sandbox = await self._find(owner)
            return None if sandbox is None else await self._keep(owner, sandbox)

    async def end(self, user_id: UserId, project_id: ProjectId) -> None:
        owner = (user_id, project_id)
        async with self._locks.setdefault(owner, asyncio.Lock()):
            self._held.pop(owner, None)
            await self.cache.delete(_key(owner))
            for found in await client.listed(_metadata(owner), self.endpoint):
                await client.kill(found.id, self.endpoint)

    @asynccontextmanager
    async def in_use(self, user_id: UserId, project_id: ProjectId) -> AsyncGenerator[Sandbox]:
        """The sandbox, protected from idle and age limits while the block runs."""
        sandbox = await self.get(user_id, project_id)
        held = self._held[user_id, project_id]
        held.runs += 1
        try:
            yield sandbox
        finally:
            held.runs -= 1
            held.used_at = time.monotonic()

    async def counts(self) -> Mapping[str, int]:
        """For /health: how many sandboxes run or are paused, and the limits."""
        found = await client.listed({}, self.endpoint)
        running = sum(one.is_running for one in found)
        return {
            "running": running,
            "paused": len(found) - running,
            "max_total": self.settings.max_total,
            "max_per_user": self.settings.max_per_user,
        }

    async def _find(self, owner: Owner) -> E2BSandbox | None:
        held = self._held.get(owner)
        if held is not None:
            if time.monotonic() - held.checked_at < TRUSTED_FOR_S or await held.sandbox.is_alive():
                return held.sandbox
            return await self._reconnect(owner, held.sandbox.id)
        cached = await self.cache.get(_key(owner))
        found = await client.listed(_metadata(owner), self.endpoint)
        ids = [one.id for one in found if _is_owned(one, owner)]
        if cached in ids:
            ids = [cached, *(i for i in ids if i != cached)]
        elif cached is not None:
            log.warning("sandbox_cache_entry_dropped", extra={"project_id": owner[1]})
            await self.cache.delete(_key(owner))
        for sandbox_id in ids:
            if (sandbox := await self._reconnect(owner, sandbox_id)) is not None:
                return sandbox
        return None

    async def _reconnect(self, owner: Owner, sandbox_id: str) -> E2BSandbox | None:
        """The sandbox, running again; None when the engine has lost it."""
        is_counted = owner in self._held
        try:
            if not is_counted:
                await self._make_room(owner, except_id=sandbox_id)
            return await _persistently(
                lambda: client.connect(
                    sandbox_id, self.endpoint, self.http, self.settings.timeout_s
                )
            )
        except SandboxGone:
            self._held.pop(owner, None)
            await self.cache.delete(_key(owner))
            return None

    async def _create(self, owner: Owner) -> E2BSandbox:
        return await client.create(
            self.settings.template,
            _metadata(owner),
            self.endpoint,
            self.http,
            self.settings.timeout_s,
        )

    async def _keep(self, owner: Owner, sandbox: E2BSandbox) -> E2BSandbox:
        now = time.monotonic()
        held = self._held.get(owner)
        if held is None or held.sandbox is not sandbox:
            runs = held.runs if held else 0
            self._held[owner] = _Held(sandbox, now, now, runs)
            await self.cache.set(_key(owner), sandbox.id, ttl_s=self.settings.max_age_s)
        else:
            held.checked_at = held.used_at = now
        return sandbox

    async def _make_room(self, owner: Owner, *, except_id: str | None = None) -> None:
        """Pause this user's idle sandboxes until one more fits, else SandboxLimitReached."""
        running = [
            one
            for one in await client.listed({"platform": "stackwright"}, self.endpoint)
            if one.is_running and one.id != except_id
        ]
        mine = [one for one in running if one.metadata.get("user_id") == owner[0]]
        excess = max(
            len(mine) + 1 - self.settings.max_per_user,
            len(running) + 1 - self.settings.max_total,
            0,
        )
        idle = sorted((one for one in mine if not self._is_busy(one)), key=self._used_at)
        if excess > len(idle):
            if len(mine) + 1 > self.settings.max_per_user:
                raise SandboxLimitReached(self.settings.max_per_user, "this user")
            raise SandboxLimitReached(self.settings.max_total, "this server")
        for one in idle[:excess]:
            await self._pause(one)

    def _is_busy(self, one: Listed) -> bool:
        held = self._held.get(_owner_of(one))
        return held is not None and held.runs > 0

    def _used_at(self, one: Listed) -> float:
        held = self._held.get(_owner_of(one))
        return held.used_at if held else 0.0

    async def _pause(self, one: Listed) -> None:
        self._held.pop(_owner_of(one), None)
        log.info("sandbox_paused", extra={"sandbox_id": one.id})
        try:
            await client.pause(one.id, self.endpoint)
        except SandboxUnavailable as error:
            log.warning("sandbox_pause_failed", extra={"sandbox_id": one.id, "error": str(error)})

    async def _keep_up(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            for owner, held in list(self._held.items()):
                try:
                    await self._keep_one_up(owner, held)
                except SandboxUnavailable as error:
                    log.warning(
                        "sandbox_upkeep_failed",
                        extra={"project_id": owner[1], "error": str(error)},
                    )

    async def _keep_one_up(self, owner: Owner, held: _Held) -> None:
        if held.runs or time.monotonic() - held.used_at < self.settings.idle_timeout_s:
            await held.sandbox.keep_alive()
            return
        async with self._locks.setdefault(owner, asyncio.Lock()):
            if not held.runs and self._held.get(owner) is held:
                await self._pause(Listed(held.sandbox.id, _metadata(owner), True, 0))


async def _persistently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try again with growing, jittered pauses while the engine is unavailable."""
    for number in range(MAX_TRIES):
        try:
            return await attempt()
        except SandboxGone:
            raise
        except SandboxUnavailable:
            if number == MAX_TRIES - 1:
                raise
            await asyncio.sleep(0.2 * 2**number * random.uniform(0.5, 1.5))  # noqa: S311 (jitter)
    raise AssertionError("unreachable")


def _metadata(owner: Owner) -> dict[str, str]:
    return {"platform": "stackwright", "user_id": owner[0], "project_id": owner[1]}


def _owner_of(one: Listed) -> Owner:
    return (UserId(one.metadata.get("user_id", "")), ProjectId(one.metadata.get("project_id", "")))


def _is_owned(one: Listed, owner: Owner) -> bool:
    return _owner_of(one) == owner


def _key(owner: Owner) -> str:
    return f"sandbox:{owner[0]}:{owner[1]}"


if TYPE_CHECKING:

    def _proof(manager: SandboxManager) -> SandboxProvider:
        return manager
