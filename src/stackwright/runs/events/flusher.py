"""Writes what the runs of this process emit: all of them in one statement, at a pace.

A statement costs as much as a hundred events in it, so many runs at once share their statements.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from contextvars import Context
from datetime import datetime

from stackwright.core import killpoints
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.ids import RunId
from stackwright.core.killpoints import reached
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database
from stackwright.db.run_events import MAX_BATCHES, Batch, RunEventRepository
from stackwright.db.run_records import LeaseLost
from stackwright.runs.events.writer import RETRY_S, RunEventWriter

log = logging.getLogger(__name__)

BATCH_S = 0.05
"""Time between two batches of a run in the long run."""
BURST_BATCHES = 5
"""Batches that need not keep that distance after a pause: a run begins with several events, and the
first token must not wait behind them."""
DELAY_S = 0.02
"""Between an event that nobody watches as it comes and its writing. A run begins with several, which are not to be in the way of its first
token; and what a tool tells at its start and its end is mostly written together."""


class EventFlusher:
    """Works while at least one writer is `attached`."""

    def __init__(self, database: Database, *, name: str) -> None:
        """`name` stands in notifications."""
        self._rows = RunEventRepository(database.fetch, writer=name)
        self._attached = 0
        self._task: asyncio.Task[None] | None = None
        self._dirty: dict[RunEventWriter, float] = {}
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def attached(self) -> AsyncGenerator[None, None]:
        """What is woken in the block is written in it; the block flushes its rest itself."""
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

    def wake(self, writer: RunEventWriter, *, is_urgent: bool) -> None:
        """The writer has something to write; urgent is what somebody watches: it is written with
        what is emitted before the loop comes to it."""
        wait_s = 0.0 if is_urgent else DELAY_S
        due = max(writer.due, asyncio.get_running_loop().time() + wait_s)
        if due < self._dirty.get(writer, float("inf")):
            self._dirty[writer] = due
            self._changed.set()

    async def _work(self) -> None:
        clock = asyncio.get_running_loop().time
        with killpoints.work():
            while True:
                pause = min(self._dirty.values(), default=float("inf")) - clock()
                if pause > 0:
                    await self._until_changed(pause)
                else:
                    await self._flush(clock())

    async def _until_changed(self, longest_s: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(None if longest_s == float("inf") else longest_s):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _flush(self, now: float) -> None:
        """Everybody who has something takes part, due or not. One who is just writing by itself
        writes everything."""
        free = [writer for writer in self._dirty if not writer.turn.locked()]
        self._dirty = {writer: self._dirty[writer] for writer in free[MAX_BATCHES:]}
        taking_part: dict[RunEventWriter, Batch] = {}
        try:
            for writer in free[:MAX_BATCHES]:
                await writer.turn.acquire()
                writer.due = max(min(writer.due, now), now - BURST_BATCHES * BATCH_S) + BATCH_S
                batch = _pending_of(writer)
                if batch is None:
                    writer.turn.release()
                else:
                    taking_part[writer] = batch
            if taking_part:
                await self._write(taking_part)
        finally:
            for writer in taking_part:
                writer.turn.release()
        for writer in taking_part:
            if writer.has_more:
                self.wake(writer, is_urgent=True)

    async def _write(self, batches: Mapping[RunEventWriter, Batch]) -> None:
        reached("events.publish.before")
        added: Mapping[RunId, datetime] = {}
        try:
            durable = any(writer.is_durable(batch) for writer, batch in batches.items())
            added = await self._rows.append_all(list(batches.values()), durable=durable)
        except DatabaseUnavailable:
            for writer in batches:
                writer.due = asyncio.get_running_loop().time() + RETRY_S
            return
        except Exception:  # one run's events must not keep those of the others out
            log.exception("event_batches_refused")
        reached("events.publish.after")
        for writer, batch in batches.items():
            at = added.get(batch.run_id)
            if at is None:
                await self._write_alone(writer, batch)
            else:
                writer.written(batch, at)

    async def _write_alone(self, writer: RunEventWriter, batch: Batch) -> None:
        """Who drives the run hears at its next flush what was wrong."""
        try:
            await writer.write_pending()
        except LeaseLost:
            return
        except Exception:
            log.exception("events_refused", extra={"run_id": batch.run_id})


def _pending_of(writer: RunEventWriter) -> Batch | None:
    try:
        return writer.pending()
    except Exception as error:  # what cannot be written down must not keep the other runs out
        log.exception("events_not_encoded")
        writer.failed(error)
        return None
