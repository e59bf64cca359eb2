"""Rounds of upkeep: every process renews what it uses, one of all cleans up for everybody."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from stackwright.core.errors import PlatformError
from stackwright.core.tasks import spawn
from stackwright.sandbox.registry import SandboxRegistry

log = logging.getLogger(__name__)


class Upkeep:
    """Two tasks, since cleaning takes as long as the engine does. A round that fails is logged, and the
    next one comes after `round_s`: without upkeep, sandboxes in use would be paused under their runs."""

    def __init__(
        self,
        registry: SandboxRegistry,
        renew: Callable[[], Awaitable[None]],
        clean: Callable[[], Awaitable[None]],
        *,
        round_s: float,
    ) -> None:
        self._registry = registry
        self._renew = renew
        self._clean = clean
        self._round_s = round_s
        self._tasks: set[asyncio.Task[None]] = set()
        self.leads = False
        """Whether this process is the one that cleans up."""

    def start(self) -> None:
        self._tasks = {
            spawn(self._repeat(self._renew), name="sandbox renewals"),
            spawn(self._repeat(self._clean_if_leading), name="sandbox cleaning"),
        }

    async def aclose(self) -> None:
        ending, self._tasks = self._tasks, set()
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending)

    async def round(self) -> None:
        """Do one round of all upkeep; for processes that did not `start()` it."""
        await self._renew()
        await self._clean_if_leading()

    async def _clean_if_leading(self) -> None:
        leads = await self._registry.keep_lead()
        if leads != self.leads:
            self.leads = leads
            log.info("sandbox_upkeep_lead", extra={"leads": leads})
        if leads:
            await self._clean()

    async def _repeat(self, upkeep: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await upkeep()
            except (PlatformError, TimeoutError) as error:
                log.warning("sandbox_upkeep_failed", extra={"error": repr(error)})
            except Exception:
                log.exception("sandbox_upkeep_bug")
            await asyncio.sleep(self._round_s)
