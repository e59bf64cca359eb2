"""Runs as the API uses them (accept a message, read, cancel) and as a worker does (claim, hand over)."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stackwright.core.errors import Conflict
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.core.postgres import patiently
from stackwright.core.wishes import WishList
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.files import FileRepository
from stackwright.db.messages import MessageRecord, MessageRepository
from stackwright.db.notifications import RunNotifications
from stackwright.db.projects import ProjectRecord, ProjectRepository
from stackwright.db.run_records import Lease, RunRecord
from stackwright.db.run_turns import RunTurnRepository
from stackwright.db.runs import RunRepository
from stackwright.db.statistics import LiveRuns, live_runs
from stackwright.db.submission import Claim, SubmissionRepository
from stackwright.db.wishes import WishRepository
from stackwright.runs.attachments import CheckedAttachment
from stackwright.runs.incoming_message import CHECK_AGAIN, IncomingMessage, Mode, OnBusy
from stackwright.runs.lease import LEASE, MAX_ATTEMPTS, ClaimedRun, EarlierRunFirst, LeaseControl
from stackwright.runs.queue.worker import QueueWorker
from stackwright.runs.submission import AcceptedRun, accept, answer_run, queue_run
from stackwright.runs.unclaimed import cancel_unclaimed, give_up_unclaimed, queue_closing

log = logging.getLogger(__name__)

MAX_CLOSING_ATTEMPTS = 2
"""Attempts to close a run whose workers died MAX_ATTEMPTS times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """Everything a client needs to show a project it has just opened."""

    project: ProjectRecord
    current_run: RunRecord | None
    last_report: dict[str, Any] | None
    last_report_run_id: RunId | None
    wishes: WishList
    runs_by_status: dict[str, int]
    messages: int
    files: int


class RunService:
    """For another user's project each method raises ProjectNotFound or RunNotFound."""

    def __init__(self, database: Database, signals: RunNotifications) -> None:
        self._database = database
        self._signals = signals
        self._stopping = asyncio.Event()
        self._local_worker: QueueWorker | None = None

    def use_local_worker(self, worker: QueueWorker) -> None:
        """Have this process's worker begin new runs at once, as long as it has a free slot."""
        self._local_worker = worker

    def begin_hand_over(self) -> None:
        """Hand over the runs of this process, each at the end of its current step."""
        self._stopping.set()

    async def accept(
        self,
        *,
        user_id: str,
        project_id: str,
        message: str,
        email: str | None = None,
        idempotency_key: str | None = None,
        on_busy: OnBusy = "queue",
        attachments: Sequence[CheckedAttachment] = (),
        mode: Mode = "build",
        model: str | None = None,
    ) -> AcceptedRun:
        """Accept a message (runs/submission.py). While the project's run waits for the person, the
        message is its answer.

        Raises InvalidId, BadInput, ProjectNotFound, IdempotencyMismatch, DatabaseUnavailable."""
        incoming = IncomingMessage(
            UserId(user_id),
            ProjectId(project_id),
            message,
            email,
            idempotency_key,
            on_busy,
            tuple(attachments),
            mode,
            model,
        )
        return await accept(self._database, incoming, self._local_worker)

    async def prove(self, user_id: UserId, project_id: ProjectId) -> AcceptedRun:
        """Have the app proven as it is, by a run without a model. Raises ProjectNotFound, and Conflict
        while a run waits for the person: the question would be lost."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
            current = await RunRepository(transaction).find_current(user_id, project_id)
            if current is not None and current.status == "waiting_input":
                raise Conflict("A run waits for your answer; answer it or stop it first.")
            return await queue_run(transaction, user_id, project_id, CHECK_AGAIN, kind="proof")

    async def answer(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, answers: dict[str, Any]
    ) -> AcceptedRun:
        """Answer the question of a waiting run. Raises Conflict when it does not wait."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
            runs = RunRepository(transaction)
            run = await runs.get_owned(user_id, project_id, run_id, lock=True)
            if run.status != "waiting_input":
                raise Conflict(f"Run {run_id!r} does not wait for an answer.")
            text = "\n".join(f"{name}: {value}" for name, value in answers.items())
            return await answer_run(transaction, run, text, answers)

    async def cancel(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord:
        """Stop a run. A run without a worker ends at once; a worker ends its run within about two
        seconds; an ended run stays as it is. Returns the run as it is now."""
        async with self._database.transaction() as transaction:
            runs = RunRepository(transaction)
            run = await runs.get_owned(user_id, project_id, run_id, lock=True)
            if run.is_unbegun:
                await cancel_unclaimed(transaction, run, cause="user")
            elif run.status == "waiting_input":
                await queue_closing(transaction, run, cause="user")
            elif not run.is_ended:
                await runs.request_cancel(user_id, run_id, cause="user")
            return await runs.get_owned(user_id, project_id, run_id)

    async def get(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord:
        """The run with usage, error and report. Raises RunNotFound."""
        async with self._database.transaction() as transaction:
            return await RunRepository(transaction).get_owned(user_id, project_id, run_id)

    async def list_of(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        limit: int = 50,
        before: int | None = None,
    ) -> list[RunRecord]:
        """Newest first; `before` is the `number` of the last one seen."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await RunRepository(transaction).list_of(
                user_id, project_id, limit=limit, before=before
            )

    async def find_current(self, user_id: UserId, project_id: ProjectId) -> RunRecord | None:
        """The run to attach to, if any is under way."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await RunRepository(transaction).find_current(user_id, project_id)

    async def find_next(
        self, user_id: UserId, project_id: ProjectId, number: int
    ) -> RunRecord | None:
        """The run after the one with this number: what its reader goes on with."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await RunRepository(transaction).find_next(user_id, project_id, number)

    async def history(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[MessageRecord]:
        """The newest messages in reading order; `before` is the `number` of the first one seen."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            return await MessageRepository(transaction).list_of(
                user_id, project_id, limit=limit, before=before
            )

    async def state(self, user_id: UserId, project_id: ProjectId) -> ProjectState:
        async with self._database.transaction() as transaction:
            project = await ProjectRepository(transaction).get_owned(project_id, user_id)
            runs = RunRepository(transaction)
            reported = await runs.find_last_report(user_id, project_id)
            return ProjectState(
                project=project,
                current_run=await runs.find_current(user_id, project_id),
                last_report=None if reported is None else reported.report,
                last_report_run_id=None if reported is None else reported.id,
                wishes=await WishRepository(transaction).find(user_id, project_id),
                runs_by_status=await runs.count_by_status(user_id, project_id),
                messages=await MessageRepository(transaction).count(user_id, project_id),
                files=await FileRepository(transaction).count(user_id, project_id),
            )

    async def claim(self, run_id: RunId, *, worker: str) -> ClaimedRun | None:
        """Lease a run that the queue gave out to a worker. None: the run has ended or waits for the
        person. After MAX_ATTEMPTS the run is given out only to be closed. Waits while the database
        is away.

        Raises EarlierRunFirst when an earlier run of the project waits for the person: that one is
        closed first."""
        token = new_id()
        while True:
            claim = await patiently(lambda: self._lease(run_id, token=token, worker=worker))
            if claim is not None:
                return ClaimedRun(*claim)
            if not await patiently(lambda: self._may_be_claimed(run_id)):
                return None

    async def _lease(self, run_id: RunId, *, token: str, worker: str) -> Claim | None:
        """Lease the run. May be repeated with the same token: an attempt counts once."""
        return await SubmissionRepository(self._database.fetch).claim(
            run_id,
            token=token,
            worker=worker,
            duration=LEASE,
            max_attempts=MAX_ATTEMPTS + MAX_CLOSING_ATTEMPTS,
        )

    async def _may_be_claimed(self, run_id: RunId) -> bool:
        """Remove what keeps the run from being claimed: close earlier runs that wait for the person, or end
        this one after too many attempts. True: it can be claimed now. Raises EarlierRunFirst."""
        async with self._database.transaction() as transaction:
            runs = RunRepository(transaction)
            run = await runs.lock_for_claim(run_id)
            if run is None or run.status not in {"queued", "running"}:
                return False
            waiting = await runs.list_waiting(run.user_id, run.project_id)
            for earlier in waiting:
                await queue_closing(transaction, earlier, cause="superseded")
                log.info("run_superseded", extra={"run_id": earlier.id})
            is_given_up = run.attempts >= MAX_ATTEMPTS + MAX_CLOSING_ATTEMPTS
            if is_given_up and not waiting:
                await give_up_unclaimed(transaction, run)
        if waiting:
            raise EarlierRunFirst
        return not is_given_up

    async def hand_over(self, lease: Lease) -> None:
        """Give a run back unharmed when this worker stops. Raises LeaseLost."""
        async with self._database.transaction() as transaction:
            await RunRepository(transaction).hand_over(lease)

    async def queue_unread(
        self, lease: Lease, read: Sequence[int], transaction: Transaction
    ) -> None:
        """Queue a run for each steering message that this run did not read. A part of its ending."""
        turns = RunTurnRepository(within(transaction))
        for message_id, text in await turns.list_unread(lease, read):
            await queue_run(
                transaction, lease.user_id, lease.project_id, text, message_id=message_id
            )

    async def live(self) -> LiveRuns:
        """How many runs wait and are worked on, of all users."""
        async with self._database.transaction() as transaction:
            return await live_runs(transaction)

    def lease_control(self, claimed: ClaimedRun) -> LeaseControl:
        """The run's control; run its `keep()` beside the work."""
        return LeaseControl(
            self._database,
            self._signals,
            claimed.lease,
            model_calls=claimed.run.model_calls,
            is_new=not claimed.is_resumed,
            stopping=self._stopping,
        )
