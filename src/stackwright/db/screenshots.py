"""The gate's pictures, by run."""

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Run, ScreenshotPicture


class ScreenshotRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, run_id: RunId, png: bytes) -> str:
        """Keep a picture of a run and return its digest. Keeping it again changes nothing."""
        digest = sha256(png).hexdigest()
        new = insert(ScreenshotPicture).values(run_id=run_id, sha256=digest, png=png)
        await self._transaction.execute(new.on_conflict_do_nothing())
        return digest

    async def find(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, digest: str
    ) -> bytes | None:
        query = (
            select(ScreenshotPicture.png)
            .join(Run, Run.id == ScreenshotPicture.run_id)
            .where(
                Run.id == run_id,
                Run.user_id == user_id,
                Run.project_id == project_id,
                ScreenshotPicture.sha256 == digest,
            )
        )
        return await self._transaction.scalar(query)
