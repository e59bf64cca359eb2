"""How a worker writes its run's event log, and how the log ends."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import assert_never

from stackwright.core.events import (
    TERMINAL_TYPES,
    AgentCancelled,
    AgentComplete,
    Event,
    RunError,
    UserInputRequired,
)
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Database, Fetch, Transaction, within
from stackwright.db.messages import MessageRepository
from stackwright.db.run_events import Batch, EventRecord, RunEventRepository
from stackwright.db.run_records import Lease, RunStatus, RunSummary, RunTotals
from stackwright.db.run_turns import RunTurnRepository
from stackwright.db.runs import RunRepository
from stackwright.runs.events.flusher import EventFlusher, RunBuffer
from stackwright.runs.events.summary import SUMMARY_TYPES, summarise

PAGE = 500

Terminal = AgentComplete | AgentCancelled | RunError
Also = Callable[[Transaction], Awaitable[None]]


class RunEventWriter:
    """Emits a run's events and ends its log. The flusher writes them in batches.

    After the lease is lost nothing more is written, and `flush`, `finish` and `suspend` raise
    LeaseLost. While the database is away, batches wait."""

    def __init__(self, database: Database, lease: Lease, flusher: EventFlusher) -> None:
        self._database = database
        self._lease = lease
        self._flusher = flusher
        self._buffer = RunBuffer(lease)

    def emit(self, event: Event) -> None:
        """Add an event; readers see it within about 50 ms. A terminal event goes to `finish`. Events
        that services and preparations emit after it are dropped."""
        assert event.type not in TERMINAL_TYPES, "a terminal event is written by finish()"
        self._flusher.add(self._buffer, event)

    async def flush(self) -> None:
        """Return when everything emitted so far is committed."""
        await self._flusher.flush(self._buffer)

    async def finish(
        self, event: Terminal, *, totals: RunTotals | None = None, also: Also | None = None
    ) -> int:
        """End the run: its terminal event, its status and totals, the assistant's message and `also`
        in one transaction. Returns the terminal event's seq. Repeating it after a lost answer raises
        LeaseLost."""

        async def write(batch: Batch) -> datetime | None:
            summary = await self._summary(batch)
            async with self._database.transaction() as transaction:
                at = await self._flusher.append(within(transaction), batch)
                if also is not None:
                    await also(transaction)
                turns = RunTurnRepository(within(transaction))
                status = status_after(event)
                await turns.end(self._lease, summary, totals or RunTotals(), status=status)
            return at

        return await self._flusher.write_last(self._buffer, event, write)

    async def suspend(self, event: UserInputRequired, *, question_id: str = "") -> int:
        """Let the run wait for the person, in one transaction with the question."""
        interrupt = {**event.model_dump(mode="json", exclude={"type"}), "id": question_id}

        async def write(batch: Batch) -> datetime | None:
            async with self._database.transaction() as transaction:
                at = await self._flusher.append(within(transaction), batch)
                await RunRepository(transaction).wait_for_input(self._lease, interrupt)
            return at

        return await self._flusher.write_last(self._buffer, event, write)

    async def _summary(self, batch: Batch) -> RunSummary:
        lease = self._lease
        known = await read_summary_events(
            self._database.fetch, lease.user_id, lease.project_id, lease.run_id
        )
        return summarise([*known, *((event.type, event.data) for event in batch.events)])


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
