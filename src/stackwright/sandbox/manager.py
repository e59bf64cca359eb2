"""One sandbox per (user, project): found, resumed or made, within limits, never taken from a run.

Looked up in memory, then in the engine's list by owner metadata (the cache says which to try
first). A sandbox that must go is paused, so that the app's own data stays; the workspace is
outside anyway.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from stackwright.core.cache import Cache
from stackwright.core.errors import PlatformError, SandboxLimitReached, SandboxUnavailable
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.settings import SandboxSettings
from stackwright.core.tasks import spawn
from stackwright.sandbox import client
from stackwright.sandbox.base import Sandbox, SandboxGone, SandboxProvider
from stackwright.sandbox.client import E2BSandbox, Endpoint, Listed
from stackwright.sandbox.retrying import persistently

log = logging.getLogger(__name__)

Owner = tuple[UserId, ProjectId]

TRUSTED_FOR_S = 5.0
"""A sandbox that answered so recently is not asked again whether it lives."""
RENEW_EVERY_S = 30.0
QUIET_BEFORE_RECYCLING_S = 60.0
"""A sandbox above its age limit is left alone while somebody uses it."""
_PLATFORM = {"platform": "stackwright"}


@dataclass(slots=True)
class _Held:
    """A live sandbox of this process; times are monotonic."""

    sandbox: E2BSandbox
    since: float
    checked_at: float
    used_at: float


async def _no_run(_user_id: UserId, _project_id: ProjectId) -> bool:
    return False


@dataclass(slots=True)
class SandboxManager:
    """Implements the provider port for the whole process.

    `has_run` says whether any process of the platform has a run of the project in progress.
    """

    settings: SandboxSettings
    endpoint: Endpoint
    cache: Cache
    http: aiohttp.ClientSession
    has_run: Callable[[UserId, ProjectId], Awaitable[bool]] = _no_run
    _held: dict[Owner, _Held] = field(default_factory=dict[Owner, _Held])
    _locks: dict[Owner, asyncio.Lock] = field(default_factory=dict[Owner, asyncio.Lock])
    _uses: Counter[Owner] = field(default_factory=Counter[Owner])
    _starting: set[Owner] = field(default_factory=set[Owner])
    _room: asyncio.Lock = field(default_factory=asyncio.Lock)
    _upkeep: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Begin renewing sandboxes in use and pausing idle ones."""
        self._upkeep = spawn(self._keep_up(), name="sandbox upkeep")

    async def aclose(self) -> None:
        """Stop the upkeep; sandboxes stay as they are and are found again."""
        if self._upkeep is not None:
            self._upkeep.cancel()
            await asyncio.wait({self._upkeep})
            self._upkeep = None

    async def get(self, user_id: UserId, project_id: ProjectId) -> Sandbox:
        owner = (user_id, project_id)
        async with self._lock(owner):
            present = await self._present(owner)
            if present is not None:
                return present
            async with self._room_for(owner):
                sandbox = await self._resumed(owner)
                if sandbox is None:
                    sandbox = await persistently(lambda: self._create(owner))
                return await self._hold(owner, sandbox)

    async def find(self, user_id: UserId, project_id: ProjectId) -> Sandbox | None:
        """The project's running sandbox; a paused one stays paused."""
        owner = (user_id, project_id)
        async with self._lock(owner):
            return await self._present(owner)

    async def end(self, user_id: UserId, project_id: ProjectId) -> None:
        """Kill the project's sandbox, paused or running, with all its data."""
        owner = (user_id, project_id)
        async with self._lock(owner):
            self._held.pop(owner, None)
            await self.cache.delete(_key(owner))
            for found in await client.listed(_metadata(owner), self.endpoint):
                await client.kill(found.id, self.endpoint)

    @asynccontextmanager
    async def in_use(self, user_id: UserId, project_id: ProjectId) -> AsyncGenerator[Sandbox]:
        """The sandbox, protected from idle, age and room while the block runs."""
        owner = (user_id, project_id)
        self._uses[owner] += 1
        try:
            yield await self.get(user_id, project_id)
        finally:
            self._uses[owner] -= 1
            if not self._uses[owner]:
                del self._uses[owner]
            if (held := self._held.get(owner)) is not None:
                held.used_at = time.monotonic()

    async def counts(self) -> Mapping[str, int]:
        """For /health: how many sandboxes run or are paused, and the limits."""
        found = await client.listed(_PLATFORM, self.endpoint)
        running = sum(one.is_running for one in found)
        return {
            "running": running,
            "paused": len(found) - running,
            "max_total": self.settings.max_total,
            "max_per_user": self.settings.max_per_user,
        }

    async def tend(self) -> None:
        """One round of upkeep: renew what is in use, pause what is idle or too old."""
        for owner, held in list(self._held.items()):
            try:
                await self._tend_one(owner, held)
            except SandboxGone:
                self._forget(owner, held)
            except PlatformError as error:
                log.warning(
                    "sandbox_upkeep_failed", extra={"project_id": owner[1], "error": str(error)}
                )

    async def _keep_up(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            await self.tend()

    async def _tend_one(self, owner: Owner, held: _Held) -> None:
        if not self._is_due(held) or self._lock(owner).locked() or await self._is_busy(owner):
            await held.sandbox.keep_alive()
            return
        async with self._lock(owner):
            if self._held.get(owner) is held and self._is_due(held) and not self._uses[owner]:
                await self._pause(owner, held.sandbox.id)

    def _is_due(self, held: _Held) -> bool:
        now = time.monotonic()
        idle_s, age_s = now - held.used_at, now - held.since
        if idle_s >= self.settings.idle_timeout_s:
            return True
        return age_s >= self.settings.max_age_s and idle_s >= QUIET_BEFORE_RECYCLING_S

    async def _is_busy(self, owner: Owner) -> bool:
        return bool(self._uses[owner]) or owner in self._starting or await self.has_run(*owner)

    async def _present(self, owner: Owner) -> E2BSandbox | None:
        """The owner's sandbox if it runs."""
        held = self._held.get(owner)
        if held is not None:
            if await self._is_sound(held):
                held.used_at = time.monotonic()
                return held.sandbox
            self._forget(owner, held)
        for found in await self._found(owner):
            sandbox = await self._connected(found.id) if found.is_running else None
            if sandbox is not None and await sandbox.is_alive():
                return await self._hold(owner, sandbox)
        return None

    async def _is_sound(self, held: _Held) -> bool:
        now = time.monotonic()
        if not held.sandbox.is_suspect and now - held.checked_at < TRUSTED_FOR_S:
            return True
        if not await held.sandbox.is_alive():
            return False
        held.checked_at = now
        return not held.sandbox.is_suspect

    async def _resumed(self, owner: Owner) -> E2BSandbox | None:
        """The owner's paused sandbox, running again; None when there is none (any more)."""
        for found in await self._found(owner):
            if (sandbox := await self._connected(found.id)) is not None:
                return sandbox
        return None

    async def _found(self, owner: Owner) -> Sequence[Listed]:
        """The owner's sandboxes by the engine's word; the one in the cache comes first."""
        cached = await self.cache.get(_key(owner))
        found = await persistently(lambda: client.listed(_metadata(owner), self.endpoint))
        mine = [one for one in found if _owner_of(one) == owner]
        if cached is not None and cached not in [one.id for one in mine]:
            log.warning("sandbox_cache_entry_dropped", extra={"project_id": owner[1]})
            await self.cache.delete(_key(owner))
        return sorted(mine, key=lambda one: (one.id != cached, not one.is_running))

    async def _connected(self, sandbox_id: str) -> E2BSandbox | None:
        try:
            return await persistently(
                lambda: client.connect(
                    sandbox_id, self.endpoint, self.http, self.settings.timeout_s
                )
            )
        except SandboxGone:
            return None

    async def _create(self, owner: Owner) -> E2BSandbox:
        template, timeout_s = self.settings.template, self.settings.timeout_s
        return await client.create(template, _metadata(owner), self.endpoint, self.http, timeout_s)

    async def _hold(self, owner: Owner, sandbox: E2BSandbox) -> E2BSandbox:
        now = time.monotonic()
        self._held[owner] = _Held(sandbox, since=now, checked_at=now, used_at=now)
        await self.cache.set(_key(owner), sandbox.id, ttl_s=self.settings.max_age_s)
        return sandbox

    def _forget(self, owner: Owner, held: _Held) -> None:
        if self._held.get(owner) is held:
            del self._held[owner]

    def _lock(self, owner: Owner) -> asyncio.Lock:
        return self._locks.setdefault(owner, asyncio.Lock())

    @asynccontextmanager
    async def _room_for(self, owner: Owner) -> AsyncGenerator[None]:
        """A place among the running sandboxes for the block, which starts one."""
        async with self._room:
            await self._make_room(owner)
            self._starting.add(owner)
        try:
            yield
        finally:
            self._starting.discard(owner)

    async def _make_room(self, owner: Owner) -> None:
        """Pause this user's idle sandboxes until one more fits, else SandboxLimitReached."""
        listed = await persistently(lambda: client.listed(_PLATFORM, self.endpoint))
        running = {_owner_of(one): one.id for one in listed if one.is_running}
        taken = (running.keys() | self._starting) - {owner}
        mine = [other for other in taken if other[0] == owner[0]]
        too_many_mine = len(mine) + 1 - self.settings.max_per_user
        too_many = len(taken) + 1 - self.settings.max_total
        excess = max(too_many_mine, too_many, 0)
        for other in sorted(mine, key=self._used_at):
            if excess and other in running and await self._pause_if_idle(other, running[other]):
                excess -= 1
        if excess and too_many_mine > 0:
            raise SandboxLimitReached(self.settings.max_per_user, "this user")
        if excess:
            raise SandboxLimitReached(self.settings.max_total, "this server")

    async def _pause_if_idle(self, owner: Owner, sandbox_id: str) -> bool:
        if self._lock(owner).locked() or await self._is_busy(owner):
            return False
        async with self._lock(owner):
            return not self._uses[owner] and await self._pause(owner, sandbox_id)

    def _used_at(self, owner: Owner) -> float:
        held = self._held.get(owner)
        return held.used_at if held else 0.0

    async def _pause(self, owner: Owner, sandbox_id: str) -> bool:
        """Whether it does not run any more."""
        self._held.pop(owner, None)
        try:
            await client.pause(sandbox_id, self.endpoint)
        except SandboxGone:
            return True
        except SandboxUnavailable as error:
            log.warning("sandbox_pause_failed", extra={"sandbox_id": sandbox_id, "why": str(error)})
            return False
        log.info("sandbox_paused", extra={"sandbox_id": sandbox_id, "project_id": owner[1]})
        return True


def _metadata(owner: Owner) -> dict[str, str]:
    return {**_PLATFORM, "user_id": owner[0], "project_id": owner[1]}


def _owner_of(one: Listed) -> Owner:
    return (UserId(one.metadata.get("user_id", "")), ProjectId(one.metadata.get("project_id", "")))


def _key(owner: Owner) -> str:
    return f"sandbox:{owner[0]}:{owner[1]}"


if TYPE_CHECKING:

    def _proof(manager: SandboxManager) -> SandboxProvider:
        return manager
