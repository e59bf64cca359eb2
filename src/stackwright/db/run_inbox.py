"""Messages that steer a run while it works."""

from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Run, RunInbox
from stackwright.db.run_records import Lease


class RunInboxRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user_id: UserId, run_id: RunId, *, message_id: str, message: str) -> bool:
        """Whether the run was there, running, and the user's own."""
        run = select(Run.id, literal(message_id), literal(message))
        owned = run.where(Run.id == run_id, Run.user_id == user_id, Run.status == "running")
        added = await self._transaction.execute(
            insert(RunInbox)
            .from_select(["run_id", "message_id", "text"], owned.with_for_update(read=True))
            .returning(RunInbox.id)
        )
        return added.first() is not None

    async def take(self, lease: Lease) -> list[str]:
        """Every message not taken before, oldest first."""
        held = exists().where(
            Run.id == lease.run_id, Run.user_id == lease.user_id, Run.lease_token == lease.token
        )
        taken = await self._transaction.execute(
            update(RunInbox)
            .where(RunInbox.run_id == lease.run_id, RunInbox.taken_at.is_(None), held)
            .values(taken_at=func.now())
            .returning(RunInbox.id, RunInbox.text)
        )
        return [row.text for row in sorted(taken, key=lambda row: row.id)]
