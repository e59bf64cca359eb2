"""The limits: how many sandboxes may run for one user and altogether, counted for all processes.

Paused sandboxes take no room but their disk: only how many one user may keep is limited. Room is made by pausing idle sandboxes of
the same user, never those of others and never one that somebody works in.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from stackwright.core.errors import DatabaseUnavailable, SandboxLimitReached, TooManyKeptSandboxes
from stackwright.core.tasks import spawn
from stackwright.sandbox.fleet import Fleet, Kept
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
        paused = await self._pause_idle([running[o] for o in mine if o in running], excess)
        if paused >= excess:
            return
        if paused < too_many_mine:
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
        """Pause up to `wanted` of them, the longest unused first; how many it were."""
        idle_s = {row.owner: row.idle_s or 0.0 for row in await self.fleet.registry.rows()}
        paused = 0
        for one in sorted(candidates, key=lambda one: -idle_s.get(one.owner, 0.0)):
            if paused < wanted and await self._pause_if_unused(one):
                paused += 1
        return paused

    async def _pause_if_unused(self, one: Kept) -> bool:
        registry = self.fleet.registry
        async with registry.if_unused(one.owner) as is_unused:
            if not is_unused:
                return False
            self.forget(one.owner)
            state = await self.fleet.pause(one, "room")
            if state is not None:
                await registry.note(one.owner, state, one.id if state == "paused" else None)
            return state is not None
