"""What the gate saw, by run: pictures and recordings."""

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Evidence, Run


class EvidenceRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, run_id: RunId, content: bytes) -> str:
        """Keep a picture or a recording and return its digest. Keeping it again changes nothing."""
        digest = sha256(content).hexdigest()
        new = insert(Evidence).values(run_id=run_id, sha256=digest, content=content)
        await self._transaction.execute(new.on_conflict_do_nothing())
        return digest

    async def find_in_project(
        self, user_id: UserId, project_id: ProjectId, digest: str
    ) -> bytes | None:
        """What any run of the project kept under this digest."""
        query = (
            select(Evidence.content)
            .join(Run, Run.id == Evidence.run_id)
            .where(Run.user_id == user_id, Run.project_id == project_id, Evidence.sha256 == digest)
            .limit(1)
        )
        return await self._transaction.scalar(query)

    async def find(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, digest: str
    ) -> bytes | None:
        query = (
            select(Evidence.content)
            .join(Run, Run.id == Evidence.run_id)
            .where(
                Run.id == run_id,
                Run.user_id == user_id,
                Run.project_id == project_id,
                Evidence.sha256 == digest,
            )
        )
        return await self._transaction.scalar(query)
