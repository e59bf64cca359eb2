"""The limits: how many sandboxes may run for one user and altogether, counted for all processes.

Paused sandboxes take no room but their disk: only how many one user may keep is limited. Space is made
by pausing idle sandboxes, the user's own before those of others and the longest idle first, but never
one that somebody works in.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from stackwright.core.errors import DatabaseUnavailable, SandboxLimitReached, TooManyKeptSandboxes
from stackwright.core.tasks import spawn
from stackwright.sandbox.provider import E2BProvider, Kept
from stackwright.sandbox.registry import Limit, Owner

log = logging.getLogger(__name__)

QUIET_S = 60.0
"""Seconds without use or an open page after which another user may get the place of a sandbox."""


@dataclass(frozen=True, slots=True)
class SandboxCapacity:
    provider: E2BProvider
    forget: Callable[[Owner], None]
    """Called for a sandbox that was put away."""
    renew_every_s: float = 40.0
    """Renewals of a reserved place: the first build of a template takes longer than one reservation."""

    @asynccontextmanager
    async def place_for(self, owner: Owner) -> AsyncGenerator[None]:
        """A place among the running sandboxes for the block, which starts one. Raises
        SandboxLimitReached, TooManyKeptSandboxes."""
        registry = self.provider.registry
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
                await self.provider.registry.reserve(owner)
            except DatabaseUnavailable:
                log.warning("sandbox_place_not_renewed", extra={"project_id": owner[1]})

    async def _make_room(self, owner: Owner) -> None:
        limits, registry = self.provider.settings, self.provider.registry
        kept = await self.provider.all()
        self._check_kept(owner, {one.owner for one in kept})
        running = {one.owner: one for one in kept if one.is_running}
        taken = (running.keys() | set(await registry.reserved())) - {owner}
        mine = {other for other in taken if other[0] == owner[0]}
        too_many_mine = len(mine) + 1 - limits.max_per_user
        too_many = len(taken) + await registry.ahead(owner) + 1 - limits.max_total
        wanted = max(too_many_mine, too_many)
        if wanted <= 0:
            return
        idle_s = {row.owner: row.idle_s or 0.0 for row in await registry.rows()}
        longest_idle = sorted(running.keys() & taken, key=lambda one: -idle_s.get(one, 0.0))
        own = [running[one] for one in longest_idle if one in mine]
        quiet = [one for one in longest_idle if idle_s.get(one, 0.0) >= QUIET_S]
        others = [running[one] for one in quiet if one not in mine]
        async with AsyncExitStack() as unused_meanwhile:
            unused = await self._unused(own, wanted, unused_meanwhile)
            if len(unused) < too_many_mine:
                raise self._refusal("user")
            unused += await self._unused(others, wanted - len(unused), unused_meanwhile)
            if len(unused) < wanted or not await self._pause_all(unused):
                raise self._refusal("server")

    def _refusal(self, whose: Limit) -> SandboxLimitReached:
        limits = self.provider.settings
        self.provider.metrics.sandbox_refused("user" if whose == "user" else "total")
        limit = limits.max_per_user if whose == "user" else limits.max_total
        return SandboxLimitReached(limit, whose)

    def _check_kept(self, owner: Owner, kept: Collection[Owner]) -> None:
        """What exists may always be resumed; only new ones are refused."""
        most = self.provider.settings.max_kept_per_user
        if owner not in kept and sum(other[0] == owner[0] for other in kept) >= most:
            self.provider.metrics.sandbox_refused("kept")
            raise TooManyKeptSandboxes(most)

    async def _unused(
        self, candidates: Sequence[Kept], wanted: int, meanwhile: AsyncExitStack
    ) -> list[Kept]:
        """The first `wanted` ones that nobody uses, and that nobody begins to use while `meanwhile` is
        open."""
        unused: list[Kept] = []
        for one in candidates:
            if len(unused) == wanted:
                break
            if await meanwhile.enter_async_context(self.provider.registry.if_unused(one.owner)):
                unused.append(one)
        return unused

    async def _pause_all(self, unused: Sequence[Kept]) -> bool:
        for one in unused:
            self.forget(one.owner)
        return all([await self.provider.pause(one, "room") for one in unused])
