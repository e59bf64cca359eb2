"""What the gate's report has to know of a run: who changed the files, and what became of the tests."""

import asyncio
from collections.abc import Callable, Sequence

from stackwright.core.postgres import patiently
from stackwright.db.engine import Database
from stackwright.db.restore_points import RestorePointRecord
from stackwright.db.run_records import Lease
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.wishes import RunWishBook
from stackwright.verify.report import RunFacts
from stackwright.verify.weakening import is_watched, weakened


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
        return await asyncio.to_thread(weakened, was, now, known, lease.run_id)

    return RunFacts(
        run_id=lease.run_id, wishes=wishes, changed_by=changed_by, weakened=find_weakened
    )
