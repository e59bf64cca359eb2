"""What the gate's report has to know of a run: who changed the files, and what became of the tests."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from stackwright.core.bounded import TookTooLong, bounded
from stackwright.core.postgres import patiently
from stackwright.core.wishes import Wish
from stackwright.db.engine import Database
from stackwright.db.restore_points import RestorePointRecord
from stackwright.db.run_records import Lease
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.wishes import RunWishBook
from stackwright.verify.report import RunFacts
from stackwright.verify.weakening import is_watched, weakened

READ_IN_THREAD_BYTES = 300_000
"""The tests of nearly all apps, before and after a run."""
NOT_COMPARED = "they take too long to be compared with those before this run"


def report_facts(
    database: Database, lease: Lease, wishes: RunWishBook, has_changed: Callable[[], bool]
) -> RunFacts:
    """`has_changed` says whether this run has changed files so far."""
    points = RestorePoints(database)

    async def version_before() -> RestorePointRecord | None:
        return await patiently(
            lambda: points.find_before(lease.user_id, lease.project_id, lease.run_id)
        )

    async def changed_by() -> str:
        if has_changed():
            return lease.run_id
        before = await version_before()
        return lease.run_id if before is None else (before.run_id or "")

    async def find_weakened() -> Sequence[str]:
        """Compares with the version before the run, so that earlier workers of the run count too."""
        before = await version_before()
        if before is None:
            return ()
        was, now = await patiently(
            lambda: points.compared(lease.user_id, lease.project_id, before.version, is_watched)
        )
        known = (await wishes.read()).wishes
        return await weakened_within_bounds(was, now, known, lease.run_id)

    return RunFacts(
        run_id=lease.run_id, wishes=wishes, changed_by=changed_by, weakened=find_weakened
    )


async def weakened_within_bounds(
    was: Mapping[str, bytes], now: Mapping[str, bytes], known: Sequence[Wish], run_id: str
) -> Sequence[str]:
    """`weakened`, for sources that an app may have made hostile: reading them holds up all threads."""
    size = sum(map(len, (*was.values(), *now.values())))
    if size <= READ_IN_THREAD_BYTES:
        return await asyncio.to_thread(weakened, was, now, known, run_id)
    try:
        return await bounded(weakened, dict(was), dict(now), list(known), run_id)
    except (TookTooLong, MemoryError):
        return (NOT_COMPARED,)
