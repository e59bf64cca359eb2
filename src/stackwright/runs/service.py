"""What the API asks of runs: accept a message, look, cancel; and what a worker asks: claim."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from stackwright.core.errors import BadInput, Conflict, IdempotencyMismatch, InvalidId
from stackwright.core.events import (
    AgentCancelled,
    Event,
    RunError,
    RunQueued,
    UserMessage,
)
from stackwright.core.ids import ProjectId, RunId, UserId, is_sane_id, new_id
from stackwright.db.engine import Database, Transaction, within
from stackwright.db.files import FileRepository
from stackwright.db.idempotency import IdempotencyRepository
from stackwright.db.jobs import JobRepository
from stackwright.db.messages import MessageRecord, MessageRepository
from stackwright.db.projects import ProjectRecord, ProjectRepository
from stackwright.db.run_events import RunEventRepository
from stackwright.db.run_inbox import RunInboxRepository
from stackwright.db.run_records import Lease, RunRecord
from stackwright.db.run_turns import RunTurnRepository
from stackwright.db.runs import RunRepository
from stackwright.db.signals import RunSignals
from stackwright.db.users import UserRepository
from stackwright.runs.control import LEASE, LeaseControl
from stackwright.runs.events_log import Terminal, encode, status_after, write_assistant_message

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
MAX_NAME_CHARS = 80

OnBusy = Literal["queue", "steer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRun:
    """The run that works on a message. Its answer begins at `first_seq` of the run's event log."""

    run_id: RunId
    project_id: ProjectId
    first_seq: int
    replayed: bool = False
    """The same request was accepted before; nothing was done this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRun:
    """A run this worker may work on now."""

    lease: Lease
    run: RunRecord
    project: ProjectRecord

    @property
    def is_resumed(self) -> bool:
        """Whether an earlier worker began this run: emit agent_resumed, not agent_start."""
        return self.run.started_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """Everything a client needs to show a project it has just opened."""

    project: ProjectRecord
    current_run: RunRecord | None
    last_report: dict[str, Any] | None
    last_report_run_id: RunId | None
    runs_by_status: dict[str, int]
    messages: int
    files: int


class RunService:
    def __init__(self, database: Database, signals: RunSignals) -> None:
        self._database = database
        self._signals = signals
        self._stopping = asyncio.Event()

    def begin_hand_over(self) -> None:
        """This process stops working: its runs are given back when the step they are in ends."""
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
    ) -> AcceptedRun:
        """Take a message in, all or nothing: user and project if unseen, message, run, first events,
        queue job. While the project's run waits for the person, the message is its answer.

        Raises InvalidId, BadInput, ProjectNotFound, IdempotencyMismatch, DatabaseUnavailable."""
        user, project = UserId(user_id), ProjectId(project_id)
        _check_ids(user, project)
        check_text(message)
        fingerprint = _fingerprint(project, message, on_busy)
        async with self._database.transaction() as transaction:
            await UserRepository(transaction).ensure(user, email=email)
            if idempotency_key is not None:
                known = await _find_known(transaction, user, idempotency_key, fingerprint)
                if known is not None:
                    return known
            name = _name_from(message)
            await ProjectRepository(transaction).ensure(project, user, name=name)
            accepted = await _take_in(transaction, user, project, message, on_busy)
            await ProjectRepository(transaction).touch(project, user)
            if idempotency_key is not None:
                await IdempotencyRepository(transaction).add(
                    user,
                    idempotency_key,
                    fingerprint=fingerprint,
                    run_id=accepted.run_id,
                    first_seq=accepted.first_seq,
                )
        log.info("run_accepted", extra={"run_id": accepted.run_id, "project_id": project})
        return accepted

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
            return await _answer(transaction, run, text, answers)

    async def cancel(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord:
        """Stop a run. One without a worker ends at once, a running one within about two seconds,
        an ended one stays as it is. Returns the run as it is now."""
        async with self._database.transaction() as transaction:
            runs = RunRepository(transaction)
            run = await runs.get_owned(user_id, project_id, run_id, lock=True)
            if run.status in {"queued", "waiting_input"}:
                await end_unclaimed(transaction, run, cause="user")
            elif run.status == "running":
                await runs.request_cancel(user_id, run_id, cause="user")
            return await runs.get_owned(user_id, project_id, run_id)

    async def get(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> RunRecord:
        """With usage, error and report. Raises RunNotFound."""
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
                runs_by_status=await runs.count_by_status(user_id, project_id),
                messages=await MessageRepository(transaction).count(user_id, project_id),
                files=await FileRepository(transaction).count(user_id, project_id),
            )

    async def claim(self, run_id: RunId, *, worker: str) -> ClaimedRun | None:
        """Take a run that the queue gave out. None: there is nothing to do (it ended, or it waits for
        the person). A run whose third worker died ends here with `run_interrupted`."""
        async with self._database.transaction() as transaction:
            runs = RunRepository(transaction)
            run = await runs.lock_for_claim(run_id)
            if run is None or run.status not in {"queued", "running"}:
                return None
            if run.attempts >= MAX_ATTEMPTS:
                await _end_unclaimed(transaction, run, _interrupted())
                return None
            for waiting in await runs.list_waiting(run.user_id, run.project_id):
                await end_unclaimed(transaction, waiting, cause="superseded")
                run_id_ended = waiting.id
                log.info("run_superseded", extra={"run_id": run_id_ended})
            lease = await runs.lease(run, token=new_id(), worker=worker, duration=LEASE)
            projects = ProjectRepository(transaction)
            project = await projects.get_owned(run.project_id, run.user_id)
        return ClaimedRun(lease=lease, run=run, project=project)

    async def hand_over(self, lease: Lease) -> None:
        """Give a run back unharmed when this worker stops. Raises LeaseLost."""
        async with self._database.transaction() as transaction:
            await RunRepository(transaction).hand_over(lease)

    async def queue_unread(
        self, lease: Lease, read: Sequence[int], transaction: Transaction
    ) -> None:
        """A part of a run's ending: steering messages that came too late for it are the next runs."""
        turns = RunTurnRepository(within(transaction))
        for message_id, text in await turns.list_unread(lease, read):
            await _queue(transaction, lease.user_id, lease.project_id, text, message_id=message_id)

    def control_for(self, lease: Lease) -> LeaseControl:
        """The run's control; run its `keep()` beside the work."""
        return LeaseControl(self._database, self._signals, lease, self._stopping)


async def _find_known(
    transaction: Transaction, user: UserId, key: str, fingerprint: str
) -> AcceptedRun | None:
    known = await IdempotencyRepository(transaction).find(user, key)
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise IdempotencyMismatch(key)
    return AcceptedRun(
        run_id=known.run_id, project_id=known.project_id, first_seq=known.first_seq, replayed=True
    )


async def _take_in(
    transaction: Transaction, user: UserId, project: ProjectId, message: str, on_busy: OnBusy
) -> AcceptedRun:
    current = await RunRepository(transaction).find_current(user, project)
    if current is not None and current.status == "waiting_input":
        return await _answer(transaction, current, message, {"text": message})
    if current is not None and current.status == "running" and on_busy == "steer":
        steered = await _steer(transaction, current, message)
        if steered is not None:
            return steered
    return await _queue(transaction, user, project, message)


async def _queue(
    transaction: Transaction,
    user: UserId,
    project: ProjectId,
    message: str,
    *,
    message_id: str | None = None,
) -> AcceptedRun:
    """A new run; for a message that is in the history already, with its id."""
    runs = RunRepository(transaction)
    counts = await runs.count_by_status(user, project)
    run_id = RunId(new_id())
    await runs.add(user, project, run_id, message=message)
    messages = MessageRepository(transaction)
    if message_id is None:
        message_id = await messages.add(user, project, run_id, role="user", content=message)
    else:
        await messages.move(user, project, message_id, run_id)
    ahead = counts.get("running", 0) + counts.get("queued", 0)
    first = [UserMessage(message_id=message_id, text=message), RunQueued(position=ahead)]
    await append_unclaimed(transaction, user, run_id, first, base=0)
    await JobRepository(transaction).add(user, project, run_id)
    return AcceptedRun(run_id=run_id, project_id=project, first_seq=1)


async def _answer(
    transaction: Transaction, run: RunRecord, text: str, answers: dict[str, Any]
) -> AcceptedRun:
    message_id = await MessageRepository(transaction).add(
        run.user_id, run.project_id, run.id, role="user", content=text
    )
    events = [UserMessage(message_id=message_id, text=text), RunQueued(position=0)]
    await append_unclaimed(transaction, run.user_id, run.id, events, base=run.last_seq)
    await RunRepository(transaction).answer(run.user_id, run.id, answers)
    await JobRepository(transaction).add(run.user_id, run.project_id, run.id)
    return AcceptedRun(run_id=run.id, project_id=run.project_id, first_seq=run.last_seq + 1)


async def _steer(transaction: Transaction, run: RunRecord, message: str) -> AcceptedRun | None:
    message_id = new_id()
    inbox = RunInboxRepository(transaction)
    if not await inbox.add(run.user_id, run.id, message_id=message_id, message=message):
        return None
    await MessageRepository(transaction).add(
        run.user_id,
        run.project_id,
        run.id,
        role="user",
        content=message,
        message_id=message_id,
    )
    return AcceptedRun(run_id=run.id, project_id=run.project_id, first_seq=run.last_seq + 1)


async def end_unclaimed(transaction: Transaction, run: RunRecord, *, cause: str) -> None:
    """Cancel a locked run that has no worker."""
    await _end_unclaimed(transaction, run, _cancelled(run, cause))


async def _end_unclaimed(transaction: Transaction, run: RunRecord, event: Terminal) -> None:
    """End a locked run that has no worker: event, message and status together."""
    await append_unclaimed(transaction, run.user_id, run.id, [event], base=run.last_seq)
    status = status_after(event)
    await write_assistant_message(transaction, run.user_id, run.project_id, run.id, status=status)
    error = event.model_dump(exclude={"type"}) if isinstance(event, RunError) else None
    await RunRepository(transaction).end_unclaimed(run.user_id, run.id, status=status, error=error)


async def append_unclaimed(
    transaction: Transaction, user: UserId, run_id: RunId, events: Sequence[Event], *, base: int
) -> None:
    encoded = [encode(event) for event in events]
    await RunEventRepository(within(transaction)).append_unclaimed(user, run_id, encoded, base=base)


def _cancelled(run: RunRecord, cause: str) -> AgentCancelled:
    return AgentCancelled(timestamp=_now(), project_id=run.project_id, cause=cause)


def _interrupted() -> RunError:
    return RunError(
        message=f"The run was interrupted {MAX_ATTEMPTS} times and was given up; send it again.",
        error_type="run_interrupted",
        timestamp=_now(),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _check_ids(user: UserId, project: ProjectId) -> None:
    if not is_sane_id(user):
        raise InvalidId("user", user)
    if not is_sane_id(project):
        raise InvalidId("project", project)


def check_text(message: str) -> None:
    if not message.strip():
        raise BadInput("The message is empty; say what to build or to change.")
    if "\0" in message or any("\ud800" <= character <= "\udfff" for character in message):
        raise BadInput("The message holds a NUL or a half character; send plain text.")


def _fingerprint(project: ProjectId, message: str, on_busy: OnBusy) -> str:
    body = json.dumps([project, message, on_busy])
    return hashlib.sha256(body.encode()).hexdigest()


def _name_from(message: str) -> str:
    name = " ".join(message.split())
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 1].rstrip() + "…"
