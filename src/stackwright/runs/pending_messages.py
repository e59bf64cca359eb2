"""Lists, edits, reorders and withdraws messages that wait behind the current run, until a worker begins."""

from collections.abc import Sequence

from stackwright.core.errors import Conflict
from stackwright.core.events import RunQueued, UserMessage
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database, Transaction
from stackwright.db.jobs import JobRepository
from stackwright.db.messages import MessageRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_records import READING, RunRecord
from stackwright.db.runs import RunRepository
from stackwright.runs.incoming_message import check_text, kind_of
from stackwright.runs.submission import append_unclaimed
from stackwright.runs.unclaimed import cancel_unclaimed


class PendingMessages:
    """Each is the run that will work on it. Another user's project raises ProjectNotFound."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_of(self, user_id: UserId, project_id: ProjectId) -> list[RunRecord]:
        """Runs that wait, in the order in which they will be worked on."""
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
            kind = run.kind if run.kind in READING else kind_of(message)
            await RunRepository(transaction).edit_input(run, message, kind)
            return await RunRepository(transaction).get_owned(user_id, project_id, run_id)

    async def withdraw(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord:
        """Take the message back: its run ends as cancelled. Raises Conflict when a worker has begun,
        RunNotFound."""
        async with self._database.transaction() as transaction:
            run = await _unbegun(transaction, user_id, project_id, run_id)
            await cancel_unclaimed(transaction, run, cause="withdrawn")
            return await RunRepository(transaction).get_owned(user_id, project_id, run_id)

    async def reorder(
        self, user_id: UserId, project_id: ProjectId, run_ids: Sequence[RunId]
    ) -> list[RunRecord]:
        """Put all messages that wait into this order; readers of a run that moved get another
        `run_queued`. Raises Conflict when others wait by now."""
        async with self._database.transaction() as transaction:
            # Nobody adds a message meanwhile: whoever does locks the project, too.
            await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
            runs = RunRepository(transaction)
            waiting = await runs.list_unbegun(user_id, project_id, lock=True)
            by_id = {run.id: run for run in waiting}
            jobs = JobRepository(transaction)
            held = await jobs.lock_waiting(project_id, list(by_id))
            if not sorted(run_ids) == sorted(by_id) == sorted(held.values()):
                raise Conflict("Other messages wait by now; look at the queue and order it again.")
            await jobs.give(project_id, dict(zip(held, run_ids, strict=True)))
            ordered = [by_id[run_id] for run_id in run_ids]
            numbers = [run.number for run in waiting]
            await runs.renumber(user_id, dict(zip(run_ids, numbers, strict=True)))
            await MessageRepository(transaction).reorder_asked(ordered)
            await _tell_moved(transaction, waiting, ordered)
            return await runs.list_unbegun(user_id, project_id)


async def _tell_moved(
    transaction: Transaction, before: Sequence[RunRecord], after: Sequence[RunRecord]
) -> None:
    counts = await RunRepository(transaction).count_by_status(after[0].user_id, after[0].project_id)
    for place, run in enumerate(after):
        if run.id != before[place].id:
            moved = RunQueued(position=counts.get("running", 0) + place)
            await append_unclaimed(transaction, run.user_id, run.id, [moved], base=run.last_seq)


async def _unbegun(
    transaction: Transaction, user_id: UserId, project_id: ProjectId, run_id: RunId
) -> RunRecord:
    run = await RunRepository(transaction).get_owned(user_id, project_id, run_id, lock=True)
    if not run.is_unbegun:
        raise Conflict(f"Run {run_id!r} does not wait in the queue any more; steer or cancel it.")
    return run
