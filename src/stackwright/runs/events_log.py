"""The event log of a run: written by its worker in small batches, tailed by anybody entitled.

A reader replays what is there and follows what comes; it holds at most one page in memory and
never slows the writer down.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from pydantic_core import PydanticSerializationError

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.events import (
    TERMINAL_TYPES,
    AgentCancelled,
    AgentComplete,
    AgentThinking,
    Event,
    RunError,
    ToolArgsDelta,
    ToolOutput,
    UserInputRequired,
)
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.core.killpoints import reached
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database, Fetch, Transaction, within
from stackwright.db.messages import MessageRepository
from stackwright.db.run_events import EventRecord, NewEvent, RunEventRepository
from stackwright.db.run_records import Lease, LeaseLost, RunStatus
from stackwright.db.runs import RunRepository
from stackwright.db.signals import RunSignals
from stackwright.runs.transcript import summarise

log = logging.getLogger(__name__)

BATCH_S = 0.05
"""Time between two flushes in the long run."""
SPARED = 5
"""Flushes that need not keep that distance after a pause: a run begins with several events, and the
first token must not wait behind them."""
GATHER_S = 0.002
"""Least time between two flushes: what is emitted together is written together."""
MAX_BATCH = 500
PAGE = 500
LOOK_AGAIN_S = 15.0
LOOK_AGAIN_WITHOUT_LISTEN_S = 1.0
RETRY_S = 0.5
LAST_FLUSH_S = 0.5

FLEETING = frozenset({"agent_thinking", "tool_args_delta", "tool_output", "service_log"})
"""Types that a crash of the database may lose the last milliseconds of: they are only for watching."""

Terminal = AgentComplete | AgentCancelled | RunError
Also = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of the log. `data` is its JSON, `type` included."""

    run_id: RunId
    project_id: ProjectId
    seq: int
    type: str
    data: bytes
    created_at: datetime

    @property
    def is_terminal(self) -> bool:
        return self.type in TERMINAL_TYPES

    def field(self, name: str) -> Any:
        """One field of its own."""
        return json.loads(self.data)[name]

    def as_json(self) -> bytes:
        """The event as clients get it: its own fields, then where and when it happened."""
        envelope: dict[str, Any] = {"seq": self.seq, "run_id": self.run_id}
        own: dict[str, Any] = json.loads(self.data) if self.type in _WITH_OWN_ENVELOPE else {}
        if "project_id" not in own:
            envelope["project_id"] = self.project_id
        if "timestamp" not in own:
            envelope["timestamp"] = self.created_at.isoformat()
        return self.data[:-1] + b"," + json.dumps(envelope).encode()[1:]


_WITH_OWN_ENVELOPE = TERMINAL_TYPES | {"agent_start"}


class EventLog:
    """Readers name the user; a run of somebody else raises ProjectNotFound or RunNotFound."""

    def __init__(self, database: Database, signals: RunSignals) -> None:
        self._database = database
        self._signals = signals

    @asynccontextmanager
    async def writer(self, lease: Lease) -> AsyncGenerator["RunEventWriter", None]:
        """The one writer of a leased run. What was emitted is flushed when the block ends, for a
        moment also when it is cancelled."""
        writer = RunEventWriter(self._database, lease)
        flusher = spawn(writer.flush_forever(), name=f"events-{lease.run_id}")
        try:
            yield writer
            await writer.flush()
        except asyncio.CancelledError:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_FLUSH_S):
                    await writer.flush()
            raise
        finally:
            flusher.cancel()
            await asyncio.wait([flusher])

    async def tail(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, after_seq: int = 0
    ) -> AsyncGenerator[StoredEvent, None]:
        """Every event with a higher seq, old ones at once and new ones as they come. Ends after the
        terminal event. Goes on by itself when the database was away."""
        if await self._is_past_the_end(user_id, project_id, run_id, after_seq):
            return
        with self._signals.events_of(run_id) as grown:
            while True:
                grown.clear()
                page = await self._patient_page(user_id, project_id, run_id, after_seq)
                for event in page:
                    yield event
                    after_seq = event.seq
                    if event.is_terminal:
                        return
                if len(page) < PAGE:
                    await self._wait(grown)

    async def read(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        after_seq: int = 0,
        limit: int = PAGE,
    ) -> list[StoredEvent]:
        """A page of what is there now."""
        found = await RunEventRepository(self._database.fetch).read(
            user_id, project_id, run_id, after=after_seq, limit=limit
        )
        return [_stored(run_id, project_id, record) for record in found]

    async def _is_past_the_end(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, seq: int
    ) -> bool:
        async with self._database.transaction() as transaction:
            run = await RunRepository(transaction).get_owned(user_id, project_id, run_id)
        return run.is_ended and run.last_seq <= seq

    async def _patient_page(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, after_seq: int
    ) -> list[StoredEvent]:
        while True:
            try:
                return await self.read(user_id, project_id, run_id, after_seq=after_seq)
            except DatabaseUnavailable:
                await asyncio.sleep(RETRY_S)

    async def _wait(self, grown: asyncio.Event) -> None:
        connected = self._signals.is_connected
        try:
            async with asyncio.timeout(LOOK_AGAIN_S if connected else LOOK_AGAIN_WITHOUT_LISTEN_S):
                await grown.wait()
        except TimeoutError:
            return


class RunEventWriter:
    """Collects a run's events and writes them in batches, seq going on from the lease's.

    After the lease is lost nothing more is written and `flush`, `finish` and `suspend` raise
    LeaseLost. While the database is away, batches wait."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease
        self._seq = lease.last_seq
        self._pending: list[Event] = []
        self._something = asyncio.Event()
        self._turn = asyncio.Lock()
        self._is_closed = False
        self._lost: LeaseLost | None = None

    def emit(self, event: Event) -> None:
        """Add an event; it is visible to readers within about 50 ms. Terminal ones go to `finish`."""
        assert event.type not in TERMINAL_TYPES, "a terminal event is written by finish()"
        assert not self._is_closed, f"{event.type} after the run's ending"
        self._pending.append(event)
        self._something.set()

    async def flush(self) -> None:
        """Return when everything emitted so far is committed."""
        while self._pending or self._lost is not None:
            async with self._turn:
                await self._write_batch()

    async def finish(self, event: Terminal, *, also: Also | None = None, **values: Any) -> int:
        """End the run: its terminal event, its status, the assistant's message and `also` in one
        transaction. `values` are further columns of the run (usage, cost_usd, report, error).
        Returns the terminal event's seq. Repeating it after a lost answer raises LeaseLost."""
        await self.flush()
        async with self._turn:
            status = status_after(event)
            async with self._database.transaction() as transaction:
                seq = await self._append(within(transaction), [event])
                await self._write_message(transaction, status)
                if also is not None:
                    await also(transaction)
                await RunRepository(transaction).end(self._lease, status=status, **values)
            self._seq = seq
            self._is_closed = True
        return seq

    async def _write_message(self, transaction: Transaction, status: RunStatus) -> None:
        lease = self._lease
        await write_assistant_message(
            transaction, lease.user_id, lease.project_id, lease.run_id, status=status
        )

    async def suspend(self, event: UserInputRequired) -> int:
        """Let the run wait for the person, in one transaction with the question."""
        await self.flush()
        async with self._turn:
            interrupt = event.model_dump(mode="json", exclude={"type"})
            async with self._database.transaction() as transaction:
                seq = await self._append(within(transaction), [event])
                await RunRepository(transaction).wait_for_input(self._lease, interrupt)
            self._seq = seq
            self._is_closed = True
        return seq

    async def flush_forever(self) -> None:
        """Write what is emitted, at the pace that the constants above set. Ends when the lease is lost."""
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await self.flush()
            except LeaseLost:
                return
            due = max(due, clock() - SPARED * BATCH_S) + BATCH_S
            await asyncio.sleep(max(GATHER_S, due - clock()))

    async def _write_batch(self) -> None:
        if self._lost is not None:
            raise self._lost
        taken = self._pending[:MAX_BATCH]
        if not taken:
            return
        batch = merge_deltas(taken)
        while True:
            try:
                self._seq = await self._append(self._database.fetch, batch)
                break
            except DatabaseUnavailable:
                await asyncio.sleep(RETRY_S)
            except LeaseLost as lost:
                self._lost = lost
                self._pending.clear()
                raise
        del self._pending[: len(taken)]

    async def _append(self, fetch: Fetch, batch: Sequence[Event]) -> int:
        reached("events.publish.before")
        position = await RunEventRepository(fetch).append(
            self._lease,
            [encode(event) for event in batch],
            base=self._seq,
            durable=any(event.type not in FLEETING for event in batch),
        )
        reached("events.publish.after")
        return position


async def write_assistant_message(
    transaction: Transaction,
    user_id: UserId,
    project_id: ProjectId,
    run_id: RunId,
    *,
    status: RunStatus,
) -> None:
    """The run as one message of the conversation, made from its event log."""
    log_ = RunEventRepository(within(transaction))
    events: list[EventRecord] = []
    while page := await log_.read(
        user_id,
        project_id,
        run_id,
        after=events[-1].seq if events else 0,
        limit=PAGE,
    ):
        events += page
    summary = summarise((event.type, event.data) for event in events)
    await MessageRepository(transaction).add(
        user_id,
        project_id,
        run_id,
        role="assistant",
        content=summary.text,
        tool_calls=summary.tool_calls,
        status=status,
    )


def merge_deltas(events: Sequence[Event]) -> list[Event]:
    """Neighbouring pieces of the same stream become one event."""
    merged: list[Event] = []
    pieces: list[str] = []
    for event in events:
        if merged and (key := _stream_of(event)) is not None and key == _stream_of(merged[-1]):
            pieces.append(_piece_of(event))
            continue
        _join(merged, pieces)
        merged.append(event)
        pieces = [_piece_of(event)]
    _join(merged, pieces)
    return merged


def _join(merged: list[Event], pieces: list[str]) -> None:
    if len(pieces) > 1:
        field = _TEXT_FIELD[merged[-1].type]
        merged[-1] = merged[-1].model_copy(update={field: "".join(pieces)})


_TEXT_FIELD = {"agent_thinking": "token", "tool_args_delta": "delta", "tool_output": "text"}


def _piece_of(event: Event) -> str:
    field = _TEXT_FIELD.get(event.type)
    return "" if field is None else getattr(event, field)


def _stream_of(event: Event) -> tuple[str, ...] | None:
    match event:
        case AgentThinking():
            return (event.type, event.node, event.kind)
        case ToolArgsDelta():
            return (event.type, event.tool_id, event.tool_name)
        case ToolOutput():
            return (event.type, event.tool_id, event.stream)
        case _:
            return None


def encode(event: Event) -> NewEvent:
    """The event as the log keeps it; strings survive whatever they hold."""
    try:
        data = event.model_dump_json()
    except PydanticSerializationError:
        # Lone surrogates: as escapes they are still JSON.
        data = json.dumps(event.model_dump(), ensure_ascii=True)
    return NewEvent(event.type, data)


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


def _stored(run_id: RunId, project_id: ProjectId, record: EventRecord) -> StoredEvent:
    return StoredEvent(run_id, project_id, record.seq, record.type, record.data, record.created_at)
