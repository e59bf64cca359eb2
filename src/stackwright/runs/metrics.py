"""The metrics of the database and the sandboxes, for /metrics."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from stackwright.core.errors import PlatformError
from stackwright.core.metrics import Metrics, Reading
from stackwright.db.engine import Database
from stackwright.db.statistics import statistics
from stackwright.sandbox.manager import SandboxManager

log = logging.getLogger(__name__)

READ_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class PlatformMetrics:
    """Reads the parts that can be read; `stackwright_part_up` says which could not."""

    metrics: Metrics
    database: Database
    sandboxes: SandboxManager
    max_connections: int

    async def rendered(self) -> bytes:
        """Everything in Prometheus' text format. Never raises for a part that is down."""
        parts = {"database": self._database, "sandboxes": self._sandboxes}
        found = await asyncio.gather(*(_read(name, read) for name, read in parts.items()))
        up = {name: float(part is not None) for name, part in zip(parts, found, strict=True)}
        readings = [
            Reading("stackwright_part_up", "Whether a part answered just now.", up, "part"),
            self._pool(),
            *(reading for part in found if part is not None for reading in part),
        ]
        return self.metrics.rendered(readings)

    async def _database(self) -> Sequence[Reading]:
        async with self.database.transaction() as transaction:
            now = await statistics(transaction)
        return [
            Reading("stackwright_runs", "Runs by status.", _floats(now.runs), "status"),
            Reading("stackwright_queue_jobs", "Jobs in the queue.", _floats(now.jobs), "status"),
            Reading(
                "stackwright_projects_with_sandbox",
                "Projects whose row says so.",
                _floats(now.sandboxes),
                "state",
            ),
            Reading(
                "stackwright_events_written",
                "Rows written into the event log.",
                {"": float(now.events_written)},
                is_counter=True,
            ),
        ]

    async def _sandboxes(self) -> Sequence[Reading]:
        counts = await self.sandboxes.counts()
        states = {state: float(counts[state]) for state in ("running", "paused")}
        limits = {kind: float(counts[f"max_{kind}"]) for kind in ("total", "per_user")}
        here = {"": float(counts["held_by_this_process"])}
        lead = {"": float(counts["cleans_up"])}
        return [
            Reading("stackwright_sandboxes", "Sandboxes at the engine.", states, "state"),
            Reading("stackwright_sandboxes_limit", "Most that may run.", limits, "limit"),
            Reading("stackwright_sandboxes_held", "Sandboxes this process has in hand.", here),
            Reading("stackwright_sandbox_cleaner", "Whether this process cleans up.", lead),
        ]

    def _pool(self) -> Reading:
        values = {
            "in_use": float(self.database.connections_in_use),
            "limit": float(self.max_connections),
        }
        return Reading(
            "stackwright_database_connections", "Of this process's pool.", values, "kind"
        )


async def _read(
    part: str, read: Callable[[], Awaitable[Sequence[Reading]]]
) -> Sequence[Reading] | None:
    try:
        async with asyncio.timeout(READ_LIMIT_S):
            return await read()
    except (PlatformError, TimeoutError) as error:
        log.warning("metrics_part_down", extra={"part": part, "error": str(error)})
        return None


def _floats(counts: dict[str, int]) -> dict[str, float]:
    return {name: float(number) for name, number in counts.items()}
