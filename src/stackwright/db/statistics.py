"""Counts over all users, for /metrics and the operator. No ids, no content."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from stackwright.db.engine import Transaction, within
from stackwright.db.models import Project, Run

_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
_EVENTS = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'run_events'"
_number = func.count().label("number")


@dataclass(frozen=True, slots=True)
class Statistics:
    """`events_written` since the database's own counting began."""

    runs: dict[str, int]
    jobs: dict[str, int]
    sandboxes: dict[str, int]
    events_written: int


@dataclass(frozen=True, slots=True)
class LiveRuns:
    """Runs that no worker has begun with, and runs at work."""

    waiting: int
    working: int


async def live_runs(transaction: Transaction) -> LiveRuns:
    counted = select(Run.status, _number).where(Run.status.in_(("queued", "running")))
    found = {
        row.status: row.number for row in await transaction.execute(counted.group_by(Run.status))
    }
    return LiveRuns(found.get("queued", 0), found.get("running", 0))


async def statistics(transaction: Transaction) -> Statistics:
    async def counted(query: Any) -> dict[str, int]:
        found: Any = await transaction.execute(query)
        return {row.status: row.number for row in found}

    fetch = within(transaction)
    written = await fetch(_EVENTS, {})
    return Statistics(
        runs=await counted(select(Run.status, _number).group_by(Run.status)),
        jobs=dict(await fetch(_JOBS, {})),
        sandboxes=await counted(
            select(Project.sandbox_state.label("status"), _number)
            .where(Project.sandbox_state.in_(("running", "paused")))
            .group_by(Project.sandbox_state)
        ),
        events_written=written[0][0] if written else 0,
    )
