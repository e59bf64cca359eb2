"""A `RunDriver` that is imported at the first request, or else with the first run."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from stackwright.core.ids import RunId
from stackwright.core.loading import to_stay
from stackwright.core.tasks import spawn
from stackwright.runs.lease import ClaimedRun

if TYPE_CHECKING:
    from stackwright.runs.driver import RunDriver


class LazyDriver:
    """Imports RunDriver in a thread; the first request starts it (1 to 2 s)."""

    def __init__(self, load: Callable[[], "RunDriver"]) -> None:
        """`load` is called in a thread: it imports for a second or two."""
        self._load = load
        self._loading: asyncio.Task[RunDriver] | None = None
        self.is_loaded = asyncio.Event()

    def expect(self) -> None:
        """Start loading: a run may come soon."""
        if self._loading is None:
            self._loading = spawn(self._loaded_aside(), name="load the driver of runs")

    async def loaded(self) -> "RunDriver":
        self.expect()
        assert self._loading is not None
        return await asyncio.shield(self._loading)

    async def drive(self, run_id: RunId, claimed: ClaimedRun | None) -> None:
        """Load the driver if needed, then `RunDriver.drive`."""
        driver = await self.loaded()
        await driver.drive(run_id, claimed)

    async def _loaded_aside(self) -> "RunDriver":
        try:
            driver = await asyncio.to_thread(self._load_to_stay)
        except BaseException:
            self._loading = None  # the next one tries again
            raise
        self.is_loaded.set()
        return driver

    def _load_to_stay(self) -> "RunDriver":
        with to_stay():
            return self._load()
