"""Messages that steer a run while it works."""

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Run, RunInbox
from stackwright.db.notifications import CONTROL_CHANNEL


class RunInboxRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user_id: UserId, run_id: RunId, *, message_id: str, message: str) -> bool:
        """Whether the run was there, running, and the user's own. Its worker is told."""
        run = select(Run.id, literal(message_id), literal(message))
        owned = run.where(Run.id == run_id, Run.user_id == user_id, Run.status == "running")
        added = await self._transaction.execute(
            insert(RunInbox)
            .from_select(["run_id", "message_id", "text"], owned.with_for_update(read=True))
            .returning(RunInbox.id, func.pg_notify(CONTROL_CHANNEL, RunInbox.run_id))
        )
        return added.first() is not None
