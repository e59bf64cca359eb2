"""One sandbox per (user, project), for all processes: found, resumed or made, within limits, never
taken from a run.

Looked up in memory, in the shared cache, in the engine's list; else made. A sandbox that must go is
paused, so that the app's own data stays; the workspace is outside anyway.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from stackwright.core.cache import Cache
from stackwright.core.errors import PlatformError
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.metrics import Metrics, SandboxSource
from stackwright.core.setting_groups import SandboxSettings
from stackwright.core.tasks import spawn
from stackwright.sandbox.base import EngineRefused, Sandbox, SandboxProvider
from stackwright.sandbox.capacity import SandboxCapacity
from stackwright.sandbox.client import E2BSandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.held import HeldSandboxes
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.provider import E2BProvider, Kept, SandboxBroken
from stackwright.sandbox.queue import Tell, in_turn
from stackwright.sandbox.reaper import SandboxReaper
from stackwright.sandbox.registry import Owner, SandboxRegistry
from stackwright.sandbox.upkeep import Upkeep

log = logging.getLogger(__name__)

LONGEST_ROUND_S = 30.0
"""Longest time between two rounds of upkeep."""
COUNTED_FOR_S = 1.0


class SandboxManager:
    """Implements the provider port for one process; the registry makes it one for all processes."""

    def __init__(
        self,
        settings: SandboxSettings,
        endpoint: Endpoint,
        *,
        cache: Cache,
        http: SandboxHttp,
        registry: SandboxRegistry,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._registry = registry
        self._metrics = metrics
        self._provider = E2BProvider(settings, endpoint, http, registry, metrics)
        self._held = HeldSandboxes(registry, metrics, idle_timeout_s=settings.idle_timeout_s)
        self._capacity = SandboxCapacity(self._provider, self._held.forget)
        reaper = SandboxReaper(self._provider, self._held.forget, self._woken)
        self._upkeep = Upkeep(registry, self._renew, reaper.clean, round_s=_round_s(settings))
        self.start_app: Callable[[UserId, ProjectId], Awaitable[None]] | None = None
        """Starts the services of a sandbox that was resumed by others than the platform."""
        self._locks: WeakValueDictionary[Owner, asyncio.Lock] = WeakValueDictionary()
        self._counting = asyncio.Lock()
        self._counts = (0, 0)
        self._counted_at = float("-inf")

    def start(self) -> None:
        """Begin renewing sandboxes in use and, on one process of all, cleaning up."""
        self._upkeep.start()

    async def aclose(self) -> None:
        """Stop the upkeep; sandboxes stay as they are and are found again."""
        await self._upkeep.aclose()

    async def tend(self) -> None:
        """Do one round of all upkeep; for processes that did not `start()` it."""
        await self._upkeep.round()

    async def _renew(self) -> None:
        await self._held.renew(within_s=_round_s(self._settings))

    async def get(
        self, user_id: UserId, project_id: ProjectId, *, on_wait: Tell | None = None
    ) -> Sandbox:
        """With `on_wait` the call waits in line when there is no room, and tells each change of its place."""
        owner = (user_id, project_id)
        if on_wait is None:
            return await self._get(owner)
        return await in_turn(self._registry, owner, lambda: self._get(owner), tell=on_wait)

    async def _get(self, owner: Owner) -> Sandbox:
        async with self._lock(owner):
            in_hand = await self._held.find(owner)
            if in_hand is not None:
                return in_hand
            async with self._registry.making(owner):
                return await self._obtain(owner)

    async def find(self, user_id: UserId, project_id: ProjectId) -> Sandbox | None:
        """The project's running sandbox; a paused one stays paused, and a silent one is left to
        the run that works with it."""
        owner = (user_id, project_id)
        async with self._lock(owner):
            in_hand = await self._held.find(owner)
            if in_hand is not None:
                return in_hand
            # Shared, so that nobody pauses it between our look and the connection, which would resume it.
            async with self._registry.using(owner), aclosing(self._sought(owner)) as sought:
                async for kept, source in sought:
                    if not kept.is_running:
                        continue
                    sandbox = await self._provider.connect(kept)
                    if sandbox is not None:
                        return await self._hold(owner, sandbox, source)
        return None

    async def put_away(self, user_id: UserId, project_id: ProjectId) -> None:
        """Pause the project's sandbox: nobody needs it, and its data is kept. One that was set aside
        goes for good."""
        owner = (user_id, project_id)
        async with self._lock(owner), self._registry.making(owner):
            self._held.forget(owner)
            await self._cache.delete(_key(owner))
            for kept in await self._provider.of(owner):
                if kept.is_running:
                    await self._provider.pause(kept, "deleted")
            for aside in await self._registry.aside():
                if aside.owner == owner:
                    await self._provider.kill(aside.sandbox_id, "broken")
                    await self._registry.forget_aside(aside)

    async def end(self, user_id: UserId, project_id: ProjectId) -> None:
        """Kill the project's sandbox, paused or running, with all its data."""
        owner = (user_id, project_id)
        async with self._lock(owner), self._registry.making(owner):
            self._held.forget(owner)
            await self._cache.delete(_key(owner))
            for kept in await self._provider.of(owner):
                await self._provider.kill(kept.id, "ended")
            for aside in await self._registry.aside():
                if aside.owner == owner:
                    await self._provider.kill(aside.sandbox_id, "ended")
            await self._registry.note(owner, "killed", None)

    @asynccontextmanager
    async def in_use(
        self, user_id: UserId, project_id: ProjectId, *, on_wait: Tell | None = None
    ) -> AsyncGenerator[Sandbox]:
        """The sandbox, protected from idle, age and room in all processes while the block runs."""
        owner = (user_id, project_id)
        async with self._registry.using(owner):
            self._held.distrust(owner)  # another process may just have put it away
            with self._held.used(owner):
                yield await self.get(user_id, project_id, on_wait=on_wait)

    def with_open_page(
        self, user_id: UserId, project_id: ProjectId
    ) -> AbstractContextManager[None]:
        """While the block runs, somebody has a page of the app open: its sandbox does not get idle."""
        return self._held.used((user_id, project_id))

    async def take_news(self, user_id: UserId, project_id: ProjectId) -> bool:
        """Whether the sandbox was replaced because it was broken, and nobody was told yet."""
        return await self._registry.take_news((user_id, project_id))

    async def counts(self) -> Mapping[str, Any]:
        """For /health: how many sandboxes run or are paused (as of the last second), the limits,
        and who cleans up."""
        running, paused = await self._counted()
        return {
            "running": running,
            "paused": paused,
            "max_total": self._settings.max_total,
            "max_per_user": self._settings.max_per_user,
            "held_by_this_process": len(self._held),
            "cleans_up": self._upkeep.leads,
        }

    async def _counted(self) -> tuple[int, int]:
        """Running and paused sandboxes. Counted at most once a second: the list of a hundred takes as long
        as a step of a run."""
        async with self._counting:
            if time.monotonic() - self._counted_at >= COUNTED_FOR_S:
                found = await self._provider.all(tries=1)
                running = sum(one.is_running for one in found)
                self._counts = running, len(found) - running
                self._counted_at = time.monotonic()
            return self._counts

    async def _obtain(self, owner: Owner) -> E2BSandbox:
        broken: list[Kept] = []
        async with aclosing(self._sought(owner)) as sought:
            async for kept, source in sought:
                try:
                    sandbox = await self._working(owner, kept)
                except SandboxBroken:
                    broken.append(kept)
                    continue
                if sandbox is not None:
                    return await self._hold(owner, sandbox, source)
        async with self._capacity.place_for(owner):
            made = await self._provider.create(owner)
            for one in broken:  # not before there is another: the engine may be at fault
                await self._provider.set_aside(one)
            return await self._settle(owner, made)

    async def _sought(self, owner: Owner) -> AsyncGenerator[tuple[Kept, SandboxSource]]:
        """The owner's sandboxes: the one in the cache, then those in the engine's list."""
        cached = await self._cache.get(_key(owner))
        if cached is not None:
            kept = await self._provider.find(cached)
            if kept is not None and kept.owner == owner:
                yield kept, "cache"
            else:
                log.warning("sandbox_cache_entry_dropped", extra={"project_id": owner[1]})
                await self._cache.delete(_key(owner))
                cached = None
        for kept in await self._provider.of(owner):
            if kept.id != cached:
                yield kept, "list"

    async def _working(self, owner: Owner, kept: Kept) -> E2BSandbox | None:
        """The sandbox, running and working. None when it is gone, or the engine refuses to give it. Raises
        SandboxBroken."""
        try:
            if kept.is_running:
                return await self._provider.revive(kept)
            return await self._resumed(owner, kept)
        except EngineRefused as error:
            log.warning("sandbox_refused", extra={"sandbox_id": kept.id, "why": str(error)})
            return None

    async def _resumed(self, owner: Owner, kept: Kept) -> E2BSandbox | None:
        started = time.monotonic()
        async with self._capacity.place_for(owner):
            sandbox = await self._provider.revive(kept)
        if sandbox is not None:
            self._metrics.sandbox_started("resume", time.monotonic() - started)
        return sandbox

    async def _settle(self, owner: Owner, made: E2BSandbox) -> E2BSandbox:
        """Keep the new sandbox, unless another process that lost its lock made one too: then the older one
        stays."""
        rivals = [one for one in await self._provider.of(owner) if one.is_running]
        for rival in rivals:
            if rival.id == made.id:
                break
            if (older := await self._provider.connect(rival)) is not None:
                await self._provider.kill(made.id, "duplicate")
                return await self._hold(owner, older, "list")
        return await self._hold(owner, made, "new")

    async def _hold(self, owner: Owner, sandbox: E2BSandbox, source: SandboxSource) -> E2BSandbox:
        await self._registry.note(owner, "running", sandbox.id)
        self._held.add(owner, sandbox)
        self._metrics.sandbox_given(source)
        await self._cache.set(_key(owner), sandbox.id, ttl_s=max(self._settings.max_age_s, 1))
        return sandbox

    def _woken(self, owner: Owner) -> None:
        if self.start_app is not None:
            spawn(self._start_app(self.start_app, owner), name=f"start the app of {owner[1]}")

    async def _start_app(
        self, start: Callable[[UserId, ProjectId], Awaitable[None]], owner: Owner
    ) -> None:
        try:
            await start(*owner)
        except PlatformError as error:
            log.warning("app_not_woken", extra={"project_id": owner[1], "error": str(error)})

    def _lock(self, owner: Owner) -> asyncio.Lock:
        lock = self._locks.get(owner)
        if lock is None:
            self._locks[owner] = lock = asyncio.Lock()
        return lock


def _round_s(settings: SandboxSettings) -> float:
    shortest_s = min(settings.idle_timeout_s, settings.timeout_s)
    return min(LONGEST_ROUND_S, max(shortest_s / 3, 1.0))


def _key(owner: Owner) -> str:
    return f"sandbox:{owner[0]}:{owner[1]}"


if TYPE_CHECKING:

    def _proof(manager: SandboxManager) -> SandboxProvider:
        return manager
