"""The limits: how many sandboxes may run for one user and altogether, counted for all processes.

Paused sandboxes take no room but their disk: only how many one user may keep is limited. Room is made by pausing idle sandboxes of
the same user, never those of others and never one that somebody works in.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from stackwright.core.errors import DatabaseUnavailable, SandboxLimitReached, TooManyKeptSandboxes
from stackwright.core.tasks import spawn
from stackwright.sandbox.provider import Fleet, Kept
from stackwright.sandbox.registry import Owner

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Room:
    fleet: Fleet
    forget: Callable[[Owner], None]
    """Called for a sandbox that was put away."""
    renew_every_s: float = 40.0
    """A first build of a template takes longer than a place is reserved for."""

    @asynccontextmanager
    async def place_for(self, owner: Owner) -> AsyncGenerator[None]:
        """A place among the running sandboxes for the block, which starts one. Raises
        SandboxLimitReached, TooManyKeptSandboxes."""
        registry = self.fleet.registry
        async with registry.counting():
            await self._make_room(owner)
            await registry.reserve(owner)
        renewing = spawn(self._renew(owner), name="keep a place for a sandbox")
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})
            await registry.release(owner)

    async def _renew(self, owner: Owner) -> None:
        while True:
            await asyncio.sleep(self.renew_every_s)
            try:
                await self.fleet.registry.reserve(owner)
            except DatabaseUnavailable:
                log.warning("sandbox_place_not_renewed", extra={"project_id": owner[1]})

    async def _make_room(self, owner: Owner) -> None:
        limits, metrics = self.fleet.settings, self.fleet.metrics
        kept = await self.fleet.all()
        self._check_kept(owner, {one.owner for one in kept})
        running = {one.owner: one for one in kept if one.is_running}
        taken = (running.keys() | set(await self.fleet.registry.reserved())) - {owner}
        mine = {other for other in taken if other[0] == owner[0]}
        too_many_mine = len(mine) + 1 - limits.max_per_user
        excess = max(too_many_mine, len(taken) + 1 - limits.max_total)
        if excess <= 0:
            return
        candidates = [running[o] for o in mine if o in running]
        paused = await self._pause_idle(candidates, excess)
        if paused >= excess:
            return
        if too_many_mine == excess:
            metrics.sandbox_refused("user")
            raise SandboxLimitReached(limits.max_per_user, "this user")
        metrics.sandbox_refused("total")
        raise SandboxLimitReached(limits.max_total, "this server")

    def _check_kept(self, owner: Owner, kept: Collection[Owner]) -> None:
        """What exists may always be resumed; only new ones are refused."""
        most = self.fleet.settings.max_kept_per_user
        if owner not in kept and sum(other[0] == owner[0] for other in kept) >= most:
            self.fleet.metrics.sandbox_refused("kept")
            raise TooManyKeptSandboxes(most)

    async def _pause_idle(self, candidates: Collection[Kept], wanted: int) -> int:
        """Pause so many of them, the longest unused first, or none; how many it were."""
        idle_s = {row.owner: row.idle_s or 0.0 for row in await self.fleet.registry.rows()}
        unused: list[Kept] = []
        async with AsyncExitStack() as unused_meanwhile:
            for one in sorted(candidates, key=lambda one: -idle_s.get(one.owner, 0.0)):
                looking = self.fleet.registry.if_unused(one.owner)
                if await unused_meanwhile.enter_async_context(looking):
                    unused.append(one)
                if len(unused) == wanted:
                    return sum([await self._pause(one) for one in unused])
        return 0

    async def _pause(self, one: Kept) -> bool:
        self.forget(one.owner)
        return await self.fleet.pause(one, "room")
