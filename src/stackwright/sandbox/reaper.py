"""What one process does for all: project rows follow the engine, idle sandboxes are paused, stray ones
killed.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox.provider import E2BProvider, Kept, PauseCause
from stackwright.sandbox.registry import Owner, Row

log = logging.getLogger(__name__)

KEPT_ASIDE_S = 86_400.0
"""How long the disk of a broken sandbox is kept."""


@dataclass(frozen=True, slots=True)
class SandboxReaper:
    provider: E2BProvider
    forget: Callable[[Owner], None]
    """Called for a sandbox that was put away."""
    woken: Callable[[Owner], None]
    """Called for a sandbox that somebody resumed past the platform: nothing was started in it."""

    async def clean(self) -> None:
        """One round. Rows are read before the engine is asked: a row that changes meanwhile is
        left alone (`correct`)."""
        await self._end_aside()
        rows = {row.owner: row for row in await self.provider.registry.rows()}
        by_owner: defaultdict[Owner, list[Kept]] = defaultdict(list)
        for one in await self.provider.all():
            by_owner[one.owner].append(one)
        await self._correct_rows(rows, by_owner)
        projects = await self.provider.registry.existing(by_owner.keys())
        for owner, sandboxes in by_owner.items():
            try:
                if owner not in projects:
                    await self._kill_orphans(owner)
                elif len(sandboxes) > 1:
                    await self._kill_duplicates(owner)
                elif sandboxes[0].is_running:
                    await self._retire(sandboxes[0], rows.get(owner))
            except SandboxUnavailable as error:  # of this one; the others have their turn
                about = {"project_id": owner[1], "why": str(error)}
                log.warning("sandbox_not_cleaned", extra=about)

    async def _end_aside(self) -> None:
        for one in await self.provider.registry.aside():
            if one.age_s >= KEPT_ASIDE_S:
                await self.provider.kill(one.sandbox_id, "broken")
                await self.provider.registry.forget_aside(one)

    async def _correct_rows(
        self, rows: Mapping[Owner, Row], by_owner: Mapping[Owner, Sequence[Kept]]
    ) -> None:
        registry = self.provider.registry
        for owner, row in rows.items():
            found = _meant(row, by_owner.get(owner, ()))
            state = "killed" if found is None else "running" if found.is_running else "paused"
            sandbox_id = None if found is None else found.id
            if (state, sandbox_id) == (row.state, row.sandbox_id):
                continue
            if await registry.correct(row, state, sandbox_id):
                log.info("sandbox_row_corrected", extra={"project_id": owner[1], "state": state})
                if (row.state, state) == ("paused", "running"):
                    self.woken(owner)
        for owner in by_owner.keys() - rows.keys():
            await self._enter(owner)

    async def _enter(self, owner: Owner) -> None:
        """Write a sandbox into a row that knows of none: the process that made it died in between. The
        engine is
        asked again, since rows come first."""
        row = await self.provider.registry.find_row(owner)
        if row is None or row.state in {"running", "paused"}:
            return
        for found in (await self.provider.of(owner))[:1]:
            state = "running" if found.is_running else "paused"
            await self.provider.registry.correct(row, state, found.id)

    async def _kill_orphans(self, owner: Owner) -> None:
        """Kill sandboxes whose project was deleted, or that were made for somebody who never had the
        project."""
        async with self.provider.registry.if_unused(owner) as is_unused:
            if not is_unused or await self.provider.registry.existing([owner]):
                return
            for stray in await self.provider.of(owner):
                await self.provider.kill(stray.id, "orphan")
            self.forget(owner)

    async def _kill_duplicates(self, owner: Owner) -> None:
        """Kill all sandboxes of an owner but the one in the project row, else the oldest running one."""
        async with self.provider.registry.if_unused(owner) as is_unused:
            sandboxes = await self.provider.of(owner) if is_unused else ()
            row = await self.provider.registry.find_row(owner) if sandboxes else None
            if row is None:
                return
            meant = _meant(row, sandboxes)
            for other in sandboxes:
                if other is not meant:
                    await self.provider.kill(other.id, "duplicate")

    async def _retire(self, one: Kept, row: Row | None) -> None:
        """Pause what nobody used for long."""
        if row is None or self._due(one, row) is None:
            return
        registry = self.provider.registry
        async with registry.if_unused(one.owner) as is_unused:
            row = await registry.find_row(one.owner) if is_unused else None
            cause = None if row is None else self._due(one, row)
            if cause is None:
                return
            self.forget(one.owner)
            await self.provider.pause(one, cause)

    def _due(self, one: Kept, row: Row) -> PauseCause | None:
        limits = self.provider.settings
        idle_s = row.idle_s if row.idle_s is not None else one.age_s
        if idle_s >= limits.idle_timeout_s:
            return "idle"
        return "age" if idle_s >= limits.max_age_s else None


def _meant(row: Row, sandboxes: Sequence[Kept]) -> Kept | None:
    """Which of the owner's sandboxes the row is about."""
    ranked = sorted(sandboxes, key=lambda one: (one.id != row.sandbox_id, not one.is_running))
    return ranked[0] if ranked else None
