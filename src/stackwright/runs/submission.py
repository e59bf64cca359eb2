"""Accepts a person's message: as a new run, as an answer to a question, or as steering."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from stackwright.core.attachments import Attachment
from stackwright.core.errors import IdempotencyMismatch
from stackwright.core.events import Event, RunQueued, UserMessage
from stackwright.core.ids import ProjectId, RunId, UserId, new_id, new_run_id
from stackwright.db.engine import Database, Fetch, Transaction, within
from stackwright.db.evidence import EvidenceRepository
from stackwright.db.idempotency import IdempotencyRepository
from stackwright.db.jobs import JobRepository
from stackwright.db.messages import MessageRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_events import RunEventRepository
from stackwright.db.run_records import RunKind, RunRecord
from stackwright.db.run_turns import RunTurnRepository
from stackwright.db.runs import RunRepository
from stackwright.db.submission import NewRun, SubmissionRepository, Submitted
from stackwright.db.users import UserRepository
from stackwright.runs.attachments import CheckedAttachment
from stackwright.runs.events.records import StoredEvent, encode
from stackwright.runs.incoming_message import IncomingMessage, kind_of, name_from
from stackwright.runs.lease import ClaimedRun
from stackwright.runs.queue.worker import QueueWorker

_RUN_QUEUED = encode(RunQueued(position=0)).data
"""The statement that adds it to the log puts in the position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRun:
    """The run that works on a message. Its answer begins at `first_seq` of the run's event log."""

    run_id: RunId
    project_id: ProjectId
    first_seq: int
    replayed: bool = False
    """The same request was accepted before; nothing was done this time."""
    begins_with: Sequence[StoredEvent] = ()
    """The first events of the log, if this process began the run at once."""


async def accept(
    database: Database, incoming: IncomingMessage, worker: QueueWorker | None
) -> AcceptedRun:
    """Accept a message, all or nothing: user and project if unseen, message, run, first events and
    queue job. An idle `worker` of this process begins the run at once.

    Raises InvalidId, BadInput, ProjectNotFound, IdempotencyMismatch, DatabaseUnavailable."""
    incoming.check()
    accepted = None
    if not incoming.attachments:
        accepted = await _accept_new_run(database.fetch, incoming, worker)
    if accepted is None:
        async with database.transaction() as transaction:
            accepted = await _accept_in_transaction(transaction, incoming)
    return accepted


async def _accept_new_run(
    fetch: Fetch, incoming: IncomingMessage, worker: QueueWorker | None
) -> AcceptedRun | None:
    """The usual case, in one statement. None: the message is an answer, steering, repeated or refused."""
    new = _new_run(incoming)
    with nullcontext() if worker is None else worker.reserve_slot() as slot:
        offer = None if slot is None else slot.offer
        repository = SubmissionRepository(fetch)
        submitted = await repository.submit(incoming.user, incoming.project, new, offer)
        if submitted is None:
            return None
        accepted = AcceptedRun(run_id=new.run_id, project_id=incoming.project, first_seq=1)
        if slot is not None and submitted.claim is not None:
            await slot.begin(submitted.job_id, ClaimedRun(*submitted.claim, is_begun_at_once=True))
            first_events = _first_events(new, incoming.project, submitted)
            accepted = replace(accepted, begins_with=first_events)
    return accepted


def _new_run(incoming: IncomingMessage) -> NewRun:
    run_id, message_id = new_run_id(), new_id()
    return NewRun(
        run_id=run_id,
        message_id=message_id,
        message=incoming.text,
        kind=incoming.kind,
        model=incoming.model,
        user_message=encode(UserMessage(message_id=message_id, text=incoming.text)).data,
        run_queued=_RUN_QUEUED,
        project_name=name_from(incoming.text),
        email=incoming.email,
        key=incoming.key,
        fingerprint=incoming.fingerprint,
        steers=incoming.steers,
    )


def _first_events(new: NewRun, project: ProjectId, submitted: Submitted) -> Sequence[StoredEvent]:
    """The first two events, as the statement has just written them."""
    assert submitted.claim is not None
    _, run, _ = submitted.claim
    told = (("user_message", new.user_message), ("run_queued", submitted.run_queued))
    return [
        StoredEvent(new.run_id, project, seq, kind, data.encode(), run.created_at)
        for seq, (kind, data) in enumerate(told, 1)
    ]


async def _accept_in_transaction(
    transaction: Transaction, incoming: IncomingMessage
) -> AcceptedRun:
    """The unusual cases: a repeated request, an answer, steering, an error; or a new run after all."""
    await UserRepository(transaction).ensure(incoming.user, email=incoming.email)
    if incoming.key is not None:
        known = await _find_known(transaction, incoming.user, incoming.key, incoming.fingerprint)
        if known is not None:
            return known
    projects = ProjectRepository(transaction)
    name = name_from(incoming.text)
    await projects.ensure(incoming.project, incoming.user, name=name, model=incoming.model)
    accepted = await _answer_steer_or_queue(transaction, incoming)
    await projects.touch(incoming.project, incoming.user)
    if incoming.key is not None:
        await IdempotencyRepository(transaction).add(
            incoming.user,
            incoming.key,
            fingerprint=incoming.fingerprint,
            run_id=accepted.run_id,
            first_seq=accepted.first_seq,
        )
    return accepted


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


async def _answer_steer_or_queue(
    transaction: Transaction, incoming: IncomingMessage
) -> AcceptedRun:
    user, project, message = incoming.user, incoming.project, incoming.text
    sent = incoming.attachments
    current = await RunRepository(transaction).find_current(user, project)
    if current is not None and current.status == "waiting_input":
        return await answer_run(transaction, current, message, {"text": message}, sent=sent)
    if current is not None and _is_steerable(current) and incoming.steers:
        steered = await _steer(transaction, current, message, sent)
        if steered is not None:
            return steered
    kind, model = incoming.kind, incoming.model
    return await queue_run(transaction, user, project, message, kind=kind, model=model, sent=sent)


async def queue_run(
    transaction: Transaction,
    user: UserId,
    project: ProjectId,
    message: str,
    *,
    message_id: str | None = None,
    kind: RunKind | None = None,
    model: str | None = None,
    sent: Sequence[CheckedAttachment] = (),
) -> AcceptedRun:
    """Queue a new run, by default of the kind that its message asks for. `message_id` names a message
    that is in the history already."""
    runs = RunRepository(transaction)
    counts = await runs.count_by_status(user, project)
    run_id = new_run_id()
    kind = kind or kind_of(message)
    await runs.add(user, project, run_id, message=message, kind=kind, model=model)
    messages = MessageRepository(transaction)
    stored = await _keep(transaction, project, run_id, sent)
    if message_id is None:
        message_id = await messages.add(
            user, project, run_id, role="user", content=message, attachments=stored
        )
    else:
        await messages.move(user, project, message_id, run_id)
    ahead = counts.get("running", 0) + counts.get("queued", 0)
    said = UserMessage(message_id=message_id, text=message, attachments=stored)
    first = [said, RunQueued(position=ahead)]
    await append_unclaimed(transaction, user, run_id, first, base=0)
    await JobRepository(transaction).add(user, project, run_id)
    return AcceptedRun(run_id=run_id, project_id=project, first_seq=1)


async def _keep(
    transaction: Transaction, project: ProjectId, run_id: RunId, sent: Sequence[CheckedAttachment]
) -> tuple[Attachment, ...]:
    """Keep the contents with the run; what the message stores of them."""
    for one in sent:
        await EvidenceRepository(transaction).add(run_id, one.content)
    return tuple(one.stored(project, run_id) for one in sent)


async def answer_run(
    transaction: Transaction,
    run: RunRecord,
    text: str,
    answers: dict[str, Any],
    *,
    sent: Sequence[CheckedAttachment] = (),
) -> AcceptedRun:
    stored = await _keep(transaction, run.project_id, run.id, sent)
    message_id = await MessageRepository(transaction).add(
        run.user_id, run.project_id, run.id, role="user", content=text, attachments=stored
    )
    said = UserMessage(message_id=message_id, text=text, attachments=stored)
    events = [said, RunQueued(position=0)]
    await append_unclaimed(transaction, run.user_id, run.id, events, base=run.last_seq)
    await RunRepository(transaction).answer(run.user_id, run.id, answers)
    await JobRepository(transaction).add(run.user_id, run.project_id, run.id)
    return AcceptedRun(run_id=run.id, project_id=run.project_id, first_seq=run.last_seq + 1)


def _is_steerable(run: RunRecord) -> bool:
    """Whether a message can still steer the run. After Stop, a message starts the next run."""
    return run.status == "running" and run.cancel_cause is None


async def _steer(
    transaction: Transaction, run: RunRecord, message: str, sent: Sequence[CheckedAttachment]
) -> AcceptedRun | None:
    message_id = new_id()
    turns = RunTurnRepository(within(transaction))
    if not await turns.steer(run.user_id, run.id, message_id=message_id, message=message):
        return None
    await MessageRepository(transaction).add(
        run.user_id,
        run.project_id,
        run.id,
        role="user",
        content=message,
        message_id=message_id,
        attachments=await _keep(transaction, run.project_id, run.id, sent),
    )
    return AcceptedRun(run_id=run.id, project_id=run.project_id, first_seq=run.last_seq + 1)


async def append_unclaimed(
    transaction: Transaction, user: UserId, run_id: RunId, events: Sequence[Event], *, base: int
) -> None:
    """Add to the log of a run no worker holds; the caller has it locked."""
    encoded = [encode(event) for event in events]
    await RunEventRepository(within(transaction)).append_unclaimed(user, run_id, encoded, base=base)
