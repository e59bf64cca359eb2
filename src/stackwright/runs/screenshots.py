"""Screenshots that the gate took, readable by the run's owner."""

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database
from stackwright.db.screenshots import ScreenshotRepository


class ScreenshotStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, run_id: RunId, png: bytes) -> str:
        """Store a picture of a run under way and return its digest."""
        async with self._database.transaction() as transaction:
            return await ScreenshotRepository(transaction).add(run_id, png)

    async def find(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, sha256: str
    ) -> bytes | None:
        async with self._database.transaction() as transaction:
            return await ScreenshotRepository(transaction).find(user_id, project_id, run_id, sha256)
