"""Counts over all users, for /metrics. No ids, no content."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text

from stackwright.db.engine import Transaction
from stackwright.db.models import Project, Run

_JOBS = text("SELECT status, count(*) AS number FROM procrastinate_jobs GROUP BY status")
_number = func.count().label("number")
_EVENTS = text("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'run_events'")


@dataclass(frozen=True, slots=True)
class Statistics:
    """`events_written` since the database's own counting began."""

    runs: dict[str, int]
    jobs: dict[str, int]
    sandboxes: dict[str, int]
    events_written: int


async def statistics(transaction: Transaction) -> Statistics:
    async def counted(query: Any) -> dict[str, int]:
        found: Any = await transaction.execute(query)
        return {row.status: row.number for row in found}

    return Statistics(
        runs=await counted(select(Run.status, _number).group_by(Run.status)),
        jobs=await counted(_JOBS),
        sandboxes=await counted(
            select(Project.sandbox_state.label("status"), _number)
            .where(Project.sandbox_state.in_(("running", "paused")))
            .group_by(Project.sandbox_state)
        ),
        events_written=await transaction.scalar(_EVENTS) or 0,
    )
