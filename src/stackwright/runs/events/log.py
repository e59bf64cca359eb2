"""The event log of a run: its worker writes it in small batches, its owner follows it.

A reader replays what is there and follows what comes; it holds at most one page in memory and
never slows the writer down.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.engine import Database
from stackwright.db.notifications import LogGrowth, RunNotifications
from stackwright.db.run_events import EventRecord, RunEventRepository
from stackwright.db.run_records import Lease
from stackwright.db.runs import RunRepository
from stackwright.runs.events.flusher import RETRY_S, EventFlusher
from stackwright.runs.events.followers import Followers
from stackwright.runs.events.records import StoredEvent
from stackwright.runs.events.writer import PAGE, RunEventWriter

POLL_S = 15.0
POLL_WITHOUT_LISTEN_S = 1.0
FINAL_FLUSH_LIMIT_S = 0.5


class EventLog:
    """Every read names the user; a run of another user raises ProjectNotFound or RunNotFound."""

    def __init__(self, database: Database, signals: RunNotifications) -> None:
        self._database = database
        self._signals = signals
        self._name = new_id()
        self._followers = Followers(signals, writer=self._name)
        self._flusher = EventFlusher(database, name=self._name, deliver=self._followers.deliver)

    @asynccontextmanager
    async def writer(self, lease: Lease) -> AsyncGenerator[RunEventWriter, None]:
        """The one writer of a leased run. What was emitted is flushed when the block ends, for a
        moment also when it is cancelled."""
        writer = RunEventWriter(self._database, lease, self._flusher)
        async with self._flusher.attached():
            try:
                yield writer
                await writer.flush()
            except asyncio.CancelledError:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FINAL_FLUSH_LIMIT_S):
                        await writer.flush()
                raise

    async def tail(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, after_seq: int = 0
    ) -> AsyncGenerator[StoredEvent, None]:
        """Every event with a higher seq, old ones at once and new ones as they come. Ends after the
        terminal event. Goes on by itself when the database was away."""
        following = self.follow(user_id, project_id, run_id, after_seq=after_seq)
        async with aclosing(following) as pages:
            async for page in pages:
                for event in page:
                    yield event

    async def follow(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        after_seq: int = 0,
        known: Sequence[StoredEvent] = (),
    ) -> AsyncGenerator[Sequence[StoredEvent], None]:
        """The same by the page, as many events as there are at a time. Ends also when the run is
        deleted, and when `after_seq` is past the end of one that ended.

        `known` are the events with which the log of a run begins that this process has just begun
        for the same user: they need not be looked up."""
        with self._followers.follow(run_id) as follower:
            # The first look is into the database, which knows whose run it is.
            growth, is_first = follower.growth, True
            if known and not self._followers.has_delivered(run_id, after=known[-1].seq):
                follower.offer(known)
                growth.is_unsure = False
            while True:
                has_looked = False
                growth.forget_news()
                page: Sequence[StoredEvent] = follower.take_after(after_seq)
                if not page and (growth.is_unsure or growth.last_seq > after_seq):
                    growth.is_unsure, has_looked = False, True
                    page = await self._patient_page(user_id, project_id, run_id, after_seq)
                    growth.is_unsure |= len(page) == PAGE
                if page:
                    yield page
                    after_seq = page[-1].seq
                    if page[-1].is_terminal:
                        return
                elif not has_looked or await self._may_grow(user_id, project_id, run_id, after_seq):
                    await self._wait(growth)
                else:
                    if is_first:
                        await self._check_owned(user_id, project_id, run_id)
                    return
                is_first = False

    async def read(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        after_seq: int = 0,
        limit: int = PAGE,
    ) -> list[StoredEvent]:
        """A page of the events that are stored now."""
        found = await RunEventRepository(self._database.fetch).read(
            user_id, project_id, run_id, after=after_seq, limit=limit
        )
        return [_stored(run_id, project_id, record) for record in found]

    async def _may_grow(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, seq: int
    ) -> bool:
        """Whether the log can have anything after `seq`: not once the run has ended, or is deleted."""
        repository = RunEventRepository(self._database.fetch)
        try:
            return await repository.may_grow(user_id, project_id, run_id, after=seq)
        except DatabaseUnavailable:
            return True

    async def _check_owned(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> None:
        async with self._database.transaction() as transaction:
            await RunRepository(transaction).get_owned(user_id, project_id, run_id)

    async def _patient_page(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, after_seq: int
    ) -> list[StoredEvent]:
        while True:
            try:
                return await self.read(user_id, project_id, run_id, after_seq=after_seq)
            except DatabaseUnavailable:
                await asyncio.sleep(RETRY_S)

    async def _wait(self, growth: LogGrowth) -> None:
        connected = self._signals.is_connected
        try:
            async with asyncio.timeout(POLL_S if connected else POLL_WITHOUT_LISTEN_S):
                await growth.news()
        except TimeoutError:
            growth.is_unsure = True


def _stored(run_id: RunId, project_id: ProjectId, record: EventRecord) -> StoredEvent:
    return StoredEvent(run_id, project_id, record.seq, record.type, record.data, record.created_at)
