"""Lists, edits and withdraws messages that wait behind the current run, until a worker begins."""

from stackwright.core.errors import Conflict
from stackwright.core.events import UserMessage
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database, Transaction
from stackwright.db.messages import MessageRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_records import RunRecord
from stackwright.db.runs import RunRepository
from stackwright.runs.service import cancel_unclaimed
from stackwright.runs.submission import append_unclaimed, check_text


class PendingMessages:
    """Each is the run that will work on it. Another user's project raises ProjectNotFound."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> list[RunRecord]:
        """In the order in which they will be worked on."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await RunRepository(transaction).list_unbegun(user_id, project_id)

    async def edit(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, message: str
    ) -> RunRecord:
        """Change the message; readers of the run get it as another `user_message`. Raises Conflict
        when a worker has begun, BadInput, RunNotFound."""
        check_text(message)
        async with self._database.transaction() as transaction:
            run = await _unbegun(transaction, user_id, project_id, run_id)
            message_id = await MessageRepository(transaction).edit_asked(run, message)
            edited = UserMessage(message_id=message_id, text=message)
            await append_unclaimed(transaction, user_id, run_id, [edited], base=run.last_seq)
            await RunRepository(transaction).edit_input(run, message)
            return await RunRepository(transaction).get_owned(user_id, project_id, run_id)

    async def withdraw(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord:
        """Take the message back: its run ends as cancelled. Raises Conflict when a worker has begun,
        RunNotFound."""
        async with self._database.transaction() as transaction:
            run = await _unbegun(transaction, user_id, project_id, run_id)
            await cancel_unclaimed(transaction, run, cause="withdrawn")
            return await RunRepository(transaction).get_owned(user_id, project_id, run_id)


async def _unbegun(
    transaction: Transaction, user_id: UserId, project_id: ProjectId, run_id: RunId
) -> RunRecord:
    run = await RunRepository(transaction).get_owned(user_id, project_id, run_id, lock=True)
    if not run.is_unbegun:
        raise Conflict(f"Run {run_id!r} does not wait in the queue any more; steer or cancel it.")
    return run
