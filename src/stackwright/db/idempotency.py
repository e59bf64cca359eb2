"""Keys by which a repeated request is recognised, per user."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import IdempotencyKey, Run


@dataclass(frozen=True, slots=True)
class KnownRequest:
    fingerprint: str
    project_id: ProjectId
    run_id: RunId
    first_seq: int


class IdempotencyRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, user_id: UserId, key: str) -> KnownRequest | None:
        """What the key was used for. Others with the same key wait until this transaction ends."""
        name = func.hashtextextended(f"{user_id}\n{key}", 0)
        await self._transaction.execute(select(func.pg_advisory_xact_lock(name)))
        query = (
            select(
                IdempotencyKey.fingerprint,
                IdempotencyKey.run_id,
                IdempotencyKey.first_seq,
                Run.project_id,
            )
            .join(Run, Run.id == IdempotencyKey.run_id)
            .where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
        )
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            return None
        return KnownRequest(
            row.fingerprint, ProjectId(row.project_id), RunId(row.run_id), row.first_seq
        )

    async def add(
        self, user_id: UserId, key: str, *, fingerprint: str, run_id: RunId, first_seq: int
    ) -> None:
        await self._transaction.execute(
            insert(IdempotencyKey).values(
                user_id=user_id,
                key=key,
                fingerprint=fingerprint,
                run_id=run_id,
                first_seq=first_seq,
            )
        )
