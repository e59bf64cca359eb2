"""Batches what the runs of this process emit: all of them share one statement, at a bounded rate.

A statement costs as much as a hundred events in it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context
from datetime import datetime
from typing import TypeVar

from stackwright.core import killpoints
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.events import Event
from stackwright.core.ids import RunId
from stackwright.core.killpoints import reached
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database, Fetch
from stackwright.db.run_events import MAX_BATCHES, Batch, EventsLost, RunEventRepository
from stackwright.db.run_records import Lease, LeaseLost
from stackwright.runs.events.records import StoredEvent, encode, merge_deltas

log = logging.getLogger(__name__)

T = TypeVar("T")
MAX_BATCH = 500
RETRY_S = 0.5
BATCH_S = 0.05
"""Time between two batches of a run in the long run."""
BURST_BATCHES = 5
"""Batches that need not keep that distance after a pause: a run begins with several events, and the
first token must not wait behind them."""
DELAY_S = 0.02
"""Delay before a non-urgent event is written, so that events share a statement."""

NOT_DURABLE_TYPES = frozenset({"agent_thinking", "tool_args_delta", "tool_output", "service_log"})
"""Types that are only for watching: their statement does not wait for the disk. Events that a crash of
the database loses are written again, unless the worker crashed too."""
MAX_NOT_DURABLE = 100
"""Batches of a run that a crash may lose at a time; the next one waits for the disk."""

Deliver = Callable[[RunId, Sequence[StoredEvent], int], None]
"""Called with the events that were committed, and with the seq of the last one."""


class RunBuffer:
    """Events that one run emitted and its log does not hold yet. Only the flusher looks inside."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.seq = lease.last_seq
        self.events: list[Event] = []
        self.in_batch = 0
        """Number of events in the batch that is being written."""
        self.not_durable: list[Batch] = []
        """Batches that were written and are perhaps not on the disk yet."""
        self.turn = asyncio.Lock()
        """Held while somebody writes for this run."""
        self.due = float("-inf")
        """When the next batch may be written, by the loop's clock."""
        self.is_closed = False
        self.error: Exception | None = None

    def next_batch(self) -> Batch | None:
        """The oldest events, merged. The same again until they are removed."""
        taken = self.events[: self.in_batch or MAX_BATCH]
        self.in_batch = len(taken)
        return self.batch_of(merge_deltas(taken)) if taken and self.error is None else None

    def batch_of(self, events: Sequence[Event]) -> Batch:
        return Batch.of(self.lease, self.seq, [encode(event) for event in events])

    def must_be_durable(self, batch: Batch) -> bool:
        is_much = len(self.not_durable) >= MAX_NOT_DURABLE
        return is_much or any(event.type not in NOT_DURABLE_TYPES for event in batch.events)

    def remove(self, batch: Batch) -> None:
        """The batch is committed."""
        del self.events[: self.in_batch]
        self.in_batch = 0
        self.seq = batch.end
        self.not_durable = [] if self.must_be_durable(batch) else [*self.not_durable, batch]

    def fail(self, error: Exception) -> None:
        """Nothing more can be written for this run: `flush` raises the error from now on."""
        self.error = error
        self.events.clear()
        self.in_batch = 0

    @contextmanager
    def last_batch(self, last: Event) -> Generator[Batch, None, None]:
        """All remaining events and the last one. Nothing is added from then on, unless the block fails."""
        self.in_batch = len(self.events)
        self.is_closed = True
        try:
            yield self.batch_of([*merge_deltas(self.events), last])
        except BaseException:
            self.is_closed = False
            raise


class EventFlusher:
    """Writes buffers while at least one user is `attached`."""

    def __init__(self, database: Database, *, name: str, deliver: Deliver) -> None:
        """`name` stands in notifications. `deliver` is called after each commit."""
        self._fetch = database.fetch
        self._name = name
        self._deliver = deliver
        self._attached = 0
        self._task: asyncio.Task[None] | None = None
        self._dirty: dict[RunBuffer, float] = {}
        """Buffers with events, and when each is due."""
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def attached(self) -> AsyncGenerator[None, None]:
        """What is added in the block is written in it; the block flushes its rest itself."""
        self._attached += 1
        if self._task is None:
            # A context of its own: its log lines belong to no run.
            self._task = spawn(self._work(), name="events", context=Context())
        try:
            yield
        finally:
            self._attached -= 1
            if not self._attached:
                task, self._task = self._task, None
                task.cancel()
                await asyncio.wait([task])

    def add(self, buffer: RunBuffer, event: Event) -> None:
        """Have an event written soon. After the run's last event it is dropped."""
        if not buffer.is_closed:
            buffer.events.append(event)
            self._schedule(buffer, is_urgent=event.type in NOT_DURABLE_TYPES)

    async def flush(self, buffer: RunBuffer) -> None:
        """Return when every event added so far is committed. Raises LeaseLost."""
        while buffer.events or buffer.error is not None:
            async with buffer.turn:
                await self._write_alone(buffer)

    async def write_last(
        self, buffer: RunBuffer, event: Event, write: Callable[[Batch], Awaitable[datetime | None]]
    ) -> int:
        """Write the run's last event, and what it emitted before, with `write`, which calls `append` in
        a transaction of its own. Returns the event's seq."""
        await self.flush(buffer)
        async with buffer.turn:
            await self._restoring(buffer, lambda: self._write_last(buffer, event, write))
        return buffer.seq

    async def append(self, fetch: Fetch, batch: Batch, *, durable: bool = True) -> datetime | None:
        """When the events were written; None if an earlier attempt wrote them."""
        reached("events.publish.before")
        at = await RunEventRepository(fetch, writer=self._name).append(batch, durable=durable)
        reached("events.publish.after")
        return at

    async def _write_last(
        self, buffer: RunBuffer, event: Event, write: Callable[[Batch], Awaitable[datetime | None]]
    ) -> None:
        with buffer.last_batch(event) as batch:
            self._committed(buffer, batch, await write(batch))

    def _schedule(self, buffer: RunBuffer, *, is_urgent: bool) -> None:
        """An urgent event is one that a person watches: it is written as soon as the rate allows."""
        wait_s = 0.0 if is_urgent else DELAY_S
        due = max(buffer.due, asyncio.get_running_loop().time() + wait_s)
        if due < self._dirty.get(buffer, float("inf")):
            self._dirty[buffer] = due
            self._changed.set()

    async def _work(self) -> None:
        clock = asyncio.get_running_loop().time
        with killpoints.work():
            while True:
                pause = min(self._dirty.values(), default=float("inf")) - clock()
                if pause > 0:
                    await self._until_changed(pause)
                else:
                    await self._write_due(clock())

    async def _until_changed(self, longest_s: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(None if longest_s == float("inf") else longest_s):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _write_due(self, now: float) -> None:
        """Every buffer takes part, due or not, except those that somebody flushes just now."""
        free = [buffer for buffer in self._dirty if not buffer.turn.locked()]
        self._dirty = {buffer: self._dirty[buffer] for buffer in free[MAX_BATCHES:]}
        taking_part: dict[RunBuffer, Batch] = {}
        try:
            for buffer in free[:MAX_BATCHES]:
                await buffer.turn.acquire()
                buffer.due = max(min(buffer.due, now), now - BURST_BATCHES * BATCH_S) + BATCH_S
                batch = _next_batch(buffer)
                if batch is None:
                    buffer.turn.release()
                else:
                    taking_part[buffer] = batch
            if taking_part:
                await self._write_together(taking_part)
        finally:
            for buffer in taking_part:
                buffer.turn.release()
        for buffer in taking_part:
            if buffer.events:
                self._schedule(buffer, is_urgent=True)

    async def _write_together(self, batches: Mapping[RunBuffer, Batch]) -> None:
        reached("events.publish.before")
        added: Mapping[RunId, datetime] = {}
        try:
            durable = any(buffer.must_be_durable(batch) for buffer, batch in batches.items())
            rows = RunEventRepository(self._fetch, writer=self._name)
            added = await rows.append_all(list(batches.values()), durable=durable)
        except DatabaseUnavailable:
            for buffer in batches:
                buffer.due = asyncio.get_running_loop().time() + RETRY_S
            return
        except Exception:  # one run's events must not keep those of the others out
            log.exception("event_batches_refused")
        reached("events.publish.after")
        for buffer, batch in batches.items():
            at = added.get(batch.run_id)
            if at is not None:
                self._committed(buffer, batch, at)
                continue
            try:
                await self._write_alone(buffer)
            except LeaseLost:
                continue  # the run's driver hears of it at its next flush
            except Exception:
                log.exception("events_refused", extra={"run_id": batch.run_id})

    async def _write_alone(self, buffer: RunBuffer) -> None:
        """Write one batch of one run. The caller holds `turn`. Raises what `flush` raises."""
        if buffer.error is not None:
            raise buffer.error
        batch = buffer.next_batch()
        if batch is None:
            return
        durable = buffer.must_be_durable(batch)
        while True:
            try:
                at = await self._restoring(
                    buffer, lambda: self.append(self._fetch, batch, durable=durable)
                )
                break
            except DatabaseUnavailable:
                await asyncio.sleep(RETRY_S)
            except Exception as error:
                buffer.fail(error)
                raise
        self._committed(buffer, batch, at)

    async def _restoring(self, buffer: RunBuffer, attempt: Callable[[], Awaitable[T]]) -> T:
        """Repeat `attempt` after writing again what a crash of the database lost."""
        while True:
            try:
                return await attempt()
            except EventsLost as lost:
                log.warning("events_forgotten", extra={"position": lost.position})
                for batch in buffer.not_durable:
                    if batch.base >= lost.position:
                        rows = RunEventRepository(self._fetch, writer=self._name)
                        await rows.append(batch, durable=True)

    def _committed(self, buffer: RunBuffer, batch: Batch, at: datetime | None) -> None:
        buffer.remove(batch)
        project = buffer.lease.project_id
        stored = [
            StoredEvent(batch.run_id, project, seq, event.type, event.data.encode(), at)
            for seq, event in enumerate(batch.events, batch.base + 1)
            if at is not None
        ]
        self._deliver(batch.run_id, stored, batch.end)


def _next_batch(buffer: RunBuffer) -> Batch | None:
    try:
        return buffer.next_batch()
    except Exception as error:  # what cannot be written down must not keep the other runs out
        log.exception("events_not_encoded")
        buffer.fail(error)
        return None
