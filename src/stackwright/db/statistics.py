"""Counts over all users, for /metrics. No ids, no content."""

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
