"""What the gate saw, pictures and recordings, for those who may see the run."""

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database
from stackwright.db.evidence import EvidenceRepository


class EvidenceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, run_id: RunId, content: bytes) -> str:
        """Store a picture or a recording of a run under way and return its digest."""
        async with self._database.transaction() as transaction:
            return await EvidenceRepository(transaction).add(run_id, content)

    async def read(self, user_id: UserId, project_id: ProjectId, sha256: str) -> bytes | None:
        """What any run of the project kept."""
        async with self._database.transaction() as transaction:
            rows = EvidenceRepository(transaction)
            return await rows.find_in_project(user_id, project_id, sha256)

    async def find(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, sha256: str
    ) -> bytes | None:
        async with self._database.transaction() as transaction:
            return await EvidenceRepository(transaction).find(user_id, project_id, run_id, sha256)
