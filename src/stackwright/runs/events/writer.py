"""The one writer of a run's event log, and how a run's log ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar, assert_never

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.events import (
    TERMINAL_TYPES,
    AgentCancelled,
    AgentComplete,
    Event,
    RunError,
    UserInputRequired,
)
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.killpoints import reached
from stackwright.db.engine import Database, Fetch, Transaction, within
from stackwright.db.messages import MessageRepository
from stackwright.db.run_events import Batch, EventRecord, EventsLost, RunEventRepository
from stackwright.db.run_records import Lease, RunStatus, RunSummary, RunTotals
from stackwright.db.run_turns import RunTurnRepository
from stackwright.db.runs import RunRepository
from stackwright.runs.events.records import StoredEvent, encode, merge_deltas
from stackwright.runs.events.summary import SUMMARY_TYPES, summarise

log = logging.getLogger(__name__)

T = TypeVar("T")
MAX_BATCH = 500
PAGE = 500
RETRY_S = 0.5

NOT_DURABLE_TYPES = frozenset({"agent_thinking", "tool_args_delta", "tool_output", "service_log"})
"""Types whose writing does not wait for the disk: they are only for watching. What a crash of the
database loses of them is written again, unless the worker is gone too."""
MAX_NOT_DURABLE = 100
"""Batches that may be lost at a time; the next one waits for the disk."""

Terminal = AgentComplete | AgentCancelled | RunError
Also = Callable[[Transaction], Awaitable[None]]


class Wake(Protocol):
    def __call__(self, writer: "RunEventWriter", *, is_urgent: bool) -> None: ...


Deliver = Callable[[RunId, Sequence[StoredEvent], int], None]
"""Told of what was committed, and up to which seq."""


class RunEventWriter:
    """Collects a run's events, which `flusher` or `flush` write in batches, seq going on from the
    lease's.

    After the lease is lost nothing more is written and `flush`, `finish` and `suspend` raise
    LeaseLost. While the database is away, batches wait."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        *,
        name: str,
        deliver: Deliver,
        wake: Wake,
    ) -> None:
        """`name` stands in notifications. `wake` is called for each event that waits to be written."""
        self._database = database
        self._name = name
        self._lease = lease
        self._deliver = deliver
        self._wake = wake
        self._seq = lease.last_seq
        self._pending: list[Event] = []
        self._taken = 0
        self._unsure: list[Batch] = []
        """Written, but perhaps not on the disk yet."""
        self.turn = asyncio.Lock()
        """Held by who writes for this run."""
        self.due = float("-inf")
        """When the next batch may be written, by the loop's clock."""
        self._is_closed = False
        self._failure: Exception | None = None

    def emit(self, event: Event) -> None:
        """Add an event; it is visible to readers within about 50 ms. Terminal ones go to `finish`;
        what services and preparations still say then comes too late and is dropped."""
        assert event.type not in TERMINAL_TYPES, "a terminal event is written by finish()"
        if not self._is_closed:
            self._pending.append(event)
            self._wake(self, is_urgent=event.type in NOT_DURABLE_TYPES)

    async def flush(self) -> None:
        """Return when everything emitted so far is committed."""
        while self._pending or self._failure is not None:
            async with self.turn:
                await self.write_pending()

    async def finish(
        self, event: Terminal, *, totals: RunTotals | None = None, also: Also | None = None
    ) -> int:
        """End the run: its terminal event, its status and totals, the assistant's message and `also`
        in one transaction. Returns the terminal event's seq. Repeating it after a lost answer raises
        LeaseLost."""
        await self.flush()
        async with self.turn:
            await self._remembering(lambda: self._finish(event, totals or RunTotals(), also))
        return self._seq

    async def _finish(self, event: Terminal, totals: RunTotals, also: Also | None) -> None:
        with self._last_batch(event) as batch:
            summary = await self._summary(batch)
            async with self._database.transaction() as transaction:
                at = await self._written_by(within(transaction), batch)
                if also is not None:
                    await also(transaction)
                turns = RunTurnRepository(within(transaction))
                await turns.end(self._lease, summary, totals, status=status_after(event))
            self.written(batch, at)

    async def _summary(self, batch: Batch) -> RunSummary:
        lease = self._lease
        known = await read_summary_events(
            self._database.fetch, lease.user_id, lease.project_id, lease.run_id
        )
        return summarise([*known, *((event.type, event.data) for event in batch.events)])

    async def suspend(self, event: UserInputRequired, *, question_id: str = "") -> int:
        """Let the run wait for the person, in one transaction with the question."""
        await self.flush()
        async with self.turn:
            await self._remembering(lambda: self._suspend(event, question_id))
        return self._seq

    async def _suspend(self, event: UserInputRequired, question_id: str) -> None:
        interrupt = {**event.model_dump(mode="json", exclude={"type"}), "id": question_id}
        with self._last_batch(event) as batch:
            async with self._database.transaction() as transaction:
                at = await self._written_by(within(transaction), batch)
                await RunRepository(transaction).wait_for_input(self._lease, interrupt)
            self.written(batch, at)

    @property
    def has_more(self) -> bool:
        return bool(self._pending)

    def is_durable(self, batch: Batch) -> bool:
        """Whether the batch must be on the disk before it counts as written."""
        is_much = len(self._unsure) >= MAX_NOT_DURABLE
        return is_much or any(event.type not in NOT_DURABLE_TYPES for event in batch.events)

    def pending(self) -> Batch | None:
        """What waits to be written, merged. The same again until `written` or `failed` is called.

        The caller holds `turn`."""
        taken = self._pending[: self._taken or MAX_BATCH]
        self._taken = len(taken)
        return self._batch(merge_deltas(taken)) if taken and self._failure is None else None

    def written(self, batch: Batch, at: datetime | None) -> None:
        """The batch is committed: since `at`, or since an earlier attempt."""
        del self._pending[: self._taken]
        self._taken = 0
        self._seq = batch.end
        self._unsure = [] if self.is_durable(batch) else [*self._unsure, batch]
        self._deliver(batch.run_id, [] if at is None else self._stored(batch, at), batch.end)

    def failed(self, error: Exception) -> None:
        """Nothing more can be written for this run: `flush` raises the error from now on."""
        self._failure = error
        self._pending.clear()
        self._taken = 0

    async def write_pending(self) -> None:
        """Write one batch by itself. The caller holds `turn`. Raises what `flush` raises."""
        if self._failure is not None:
            raise self._failure
        batch = self.pending()
        if batch is None:
            return
        while True:
            try:
                at = await self._remembering(lambda: self._written_by(self._database.fetch, batch))
                break
            except DatabaseUnavailable:
                await asyncio.sleep(RETRY_S)
            except Exception as error:
                self.failed(error)
                raise
        self.written(batch, at)

    async def _remembering(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What `attempt` gives, once the database has again what it forgot. The caller holds `turn`."""
        while True:
            try:
                return await attempt()
            except EventsLost as forgotten:
                log.warning("events_forgotten", extra={"position": forgotten.position})
                rows = RunEventRepository(self._database.fetch, writer=self._name)
                for batch in self._unsure:
                    if batch.base >= forgotten.position:
                        await rows.append(batch, durable=True)

    @contextmanager
    def _last_batch(self, last: Event) -> Generator[Batch, None, None]:
        """The last event, behind what was emitted since the flush. Nothing is added from then on,
        unless the block fails."""
        self._taken = len(self._pending)
        self._is_closed = True
        try:
            yield self._batch([*merge_deltas(self._pending), last])
        except BaseException:
            self._is_closed = False
            raise

    async def _written_by(self, fetch: Fetch, batch: Batch) -> datetime | None:
        reached("events.publish.before")
        at = await RunEventRepository(fetch, writer=self._name).append(
            batch, durable=self.is_durable(batch)
        )
        reached("events.publish.after")
        return at

    def _batch(self, events: Sequence[Event]) -> Batch:
        return Batch.of(self._lease, self._seq, [encode(event) for event in events])

    def _stored(self, batch: Batch, at: datetime) -> list[StoredEvent]:
        project = self._lease.project_id
        return [
            StoredEvent(batch.run_id, project, seq, event.type, event.data.encode(), at)
            for seq, event in enumerate(batch.events, batch.base + 1)
        ]


async def write_assistant_message(
    transaction: Transaction,
    user_id: UserId,
    project_id: ProjectId,
    run_id: RunId,
    *,
    status: RunStatus,
) -> None:
    """The run as one message of the conversation, made from its event log."""
    summary = summarise(await read_summary_events(within(transaction), user_id, project_id, run_id))
    await MessageRepository(transaction).add(
        user_id,
        project_id,
        run_id,
        role="assistant",
        content=summary.text,
        tool_calls=summary.tool_calls,
        status=status,
    )


async def read_summary_events(
    fetch: Fetch, user_id: UserId, project_id: ProjectId, run_id: RunId
) -> list[tuple[str, str | bytes]]:
    """Type and data of the events that a run's summary is made of."""
    rows = RunEventRepository(fetch)
    told: list[EventRecord] = []
    while True:
        after = told[-1].seq if told else 0
        page = await rows.read(
            user_id, project_id, run_id, after=after, limit=PAGE, types=SUMMARY_TYPES
        )
        told += page
        if len(page) < PAGE:
            return [(event.type, event.data) for event in told]


def status_after(event: Terminal) -> RunStatus:
    """The status of a run that ends with this event."""
    match event:
        case AgentComplete():
            return event.status
        case AgentCancelled():
            return "cancelled"
        case RunError():
            return "failed"
        case _:
            assert_never(event)
