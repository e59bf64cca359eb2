"""Procrastinate's job manager for a worker that survives the loss of its database.

Procrastinate's own worker stops at the first lost connection and cancels its jobs.
"""

import asyncio
import datetime
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from procrastinate.connector import BaseAsyncConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, JobInserted, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.ids import new_id
from stackwright.core.postgres import RETRY_S
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database
from stackwright.db.jobs import QUEUE, TASK, WorkerJobRepository
from stackwright.db.submission import WorkerOffer
from stackwright.runs.lease import LEASE, ClaimedRun

log = logging.getLogger(__name__)

T = TypeVar("T")
SHUTDOWN_STATEMENT_LIMIT_S = 0.5
"""Timeout per statement at shutdown; the rescue loop recovers the rest."""
POLL_S = 1.0
"""Poll interval besides notifications: a retry becomes due without a notification."""
MAX_DIRECT_STARTS = 4
"""A worker with so many runs takes no more directly: the queue spreads them over all workers."""


@dataclass(frozen=True, slots=True)
class WorkerSlot:
    """A reserved place of a worker, for a run that its process is accepting. Call `begin` with the job
    and the run if the run was claimed for `offer`."""

    offer: WorkerOffer
    begin: Callable[[int, ClaimedRun], Awaitable[None]]


class ResilientJobManager(JobManager):
    """One worker's job manager. Waits for an absent database until `leave` is called."""

    def __init__(
        self, connector: BaseAsyncConnector, database: Database, *, name: str, concurrency: int
    ) -> None:
        """`name` identifies the worker in the rows of its runs."""
        super().__init__(connector)
        self._jobs = WorkerJobRepository(database)
        self._name = name
        self._concurrency = concurrency
        self._worker_id: int | None = None
        self._reserved_slots = 0
        """Slots reserved for runs that are being accepted."""
        self._begun: deque[tuple[Job, ClaimedRun]] = deque()
        """Runs that were accepted and claimed, and that the worker has not fetched yet."""
        self._claims: dict[int, ClaimedRun] = {}
        self._known: set[int] = set()
        self._may_have_lost_one = False
        self._leaving = asyncio.Event()
        self._tell: NotificationCallback | None = None
        self._told = 0
        """Number of notifications so far."""
        self._seen = -1
        """Number of notifications before the last fetch."""
        self._looked_at = -math.inf
        self._gave_begun = False

    def leave(self) -> None:
        """Stop waiting for an absent database."""
        self._leaving.set()

    async def register_worker(self) -> int:
        self._worker_id = await super().register_worker()
        return self._worker_id

    @contextmanager
    def reserve_slot(self) -> Generator[WorkerSlot | None]:
        """Reserve a slot during the block. None: the worker is full; one slot stays free for fetching."""
        is_full = len(self._known) + self._reserved_slots >= min(
            MAX_DIRECT_STARTS, self._concurrency - 1
        )
        if self._worker_id is None or is_full or self._leaving.is_set():
            yield None
            return
        offer = WorkerOffer(
            worker_id=self._worker_id, worker=self._name, token=new_id(), duration=LEASE
        )
        self._reserved_slots += 1
        try:
            yield WorkerSlot(offer, self._begin)
        except BaseException:
            self._may_have_lost_one = True
            raise
        finally:
            self._reserved_slots -= 1

    def claim_of(self, job_id: int | None) -> ClaimedRun | None:
        """The claim of a job whose run was claimed when it was accepted. Can be taken once."""
        return None if job_id is None else self._claims.pop(job_id, None)

    async def update_heartbeat(self, worker_id: int) -> None:
        await self._patiently(lambda: self._jobs.beat(worker_id))

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job. None: the queue is empty, or the database is away.

        Procrastinate drops notifications that arrive during an empty fetch, so fetch again. After a
        directly started run the queue is not read unless a notification came."""
        clock = asyncio.get_running_loop().time
        is_told_of_it, self._gave_begun = self._gave_begun, False
        while not self._begun:
            if is_told_of_it and self._seen == self._told and clock() < self._looked_at + POLL_S:
                return None
            self._seen, self._looked_at = self._told, clock()
            job = await self._fetch_once(queues, worker_id)
            if job is not None or self._leaving.is_set():
                return job
            if self._seen == self._told and not self._begun:
                return None
        self._gave_begun = True
        begun, self._claims[_ids(begun)[0]] = self._begun.popleft()
        return begun

    async def _fetch_once(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """One fetch. If its answer is lost, a job may be assigned to this worker without its knowledge."""
        try:
            if self._may_have_lost_one and not self._reserved_slots:
                await self._jobs.give_back_others(worker_id, known=self._known)
                self._may_have_lost_one = False
        except DatabaseUnavailable:
            return None
        stock = super().fetch_job
        found = await self._unless_leaving(_answer(stock(queues, worker_id)))
        if found is None:
            self._may_have_lost_one = True
            return None
        (job,) = found
        if job is not None and job.id is not None:
            self._known.add(job.id)
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        del status, delete_job
        await self._patiently(lambda: self._jobs.end(*_ids(job)))
        self._known.discard(_ids(job)[0])
        # The notification of the project's next run came while this run held the lock.
        inserted: JobInserted = {"type": "job_inserted", "job_id": _ids(job)[0]}
        await self._pass_on(channel="", notification=inserted)

    async def _begin(self, job_id: int, claimed: ClaimedRun) -> None:
        lease = claimed.lease
        job = Job(
            id=job_id,
            status="doing",
            queue=QUEUE,
            lock=lease.project_id,
            queueing_lock=None,
            task_name=TASK,
            task_kwargs={"run_id": lease.run_id, "user_id": lease.user_id},
            worker_id=self._worker_id,
        )
        self._known.add(job_id)
        self._begun.append((job, claimed))
        if self._tell is not None:
            inserted: JobInserted = {"type": "job_inserted", "job_id": job_id}
            await self._tell(channel="", notification=inserted)

    async def _pass_on(self, *, channel: str, notification: Notification) -> None:
        self._told += 1
        if self._tell is not None:
            await self._tell(channel=channel, notification=notification)

    async def retry_job(
        self, job: Job, retry_at: datetime.datetime | None = None, *_: Any, **__: Any
    ) -> None:
        after_s = 0.0 if retry_at is None else _seconds_until(retry_at)
        await self._patiently(lambda: self._jobs.give_back(*_ids(job), after_s=after_s))
        self._known.discard(_ids(job)[0])

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        self._tell = on_notification
        while True:
            try:
                await super().listen_for_jobs(on_notification=self._pass_on, queues=queues)
            except (ConnectorException, OSError) as error:
                log.warning("queue_listen_lost", extra={"error": str(error.__cause__ or error)})
            await asyncio.sleep(RETRY_S)

    async def unregister_worker(self, worker_id: int) -> None:
        with suppress(TimeoutError, ConnectorException):
            async with asyncio.timeout(SHUTDOWN_STATEMENT_LIMIT_S):
                await super().unregister_worker(worker_id)

    async def _unless_leaving(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result, or None if the worker leaves meanwhile."""
        task = spawn(work, name="fetch job")
        leaving = spawn(self._leaving.wait(), name="leave")
        try:
            await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            leaving.cancel()

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T | None:
        """Repeat `attempt` until the database answers. None: the worker leaves first."""
        while not self._leaving.is_set():
            with suppress(DatabaseUnavailable):
                return await attempt()
            log.warning("queue_waits_for_database")
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S):
                    await self._leaving.wait()
        with suppress(TimeoutError, DatabaseUnavailable):
            async with asyncio.timeout(SHUTDOWN_STATEMENT_LIMIT_S):
                return await attempt()
        return None


def _seconds_until(moment: datetime.datetime) -> float:
    """Seconds from now: the database gets a duration, because this host's clock may differ from its own."""
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _ids(job: Job) -> tuple[int, int]:
    assert job.id is not None, "a job that was given out has a number"
    assert job.worker_id is not None, "and a worker"
    return job.id, job.worker_id


async def _answer(fetching: Awaitable[Job | None]) -> tuple[Job | None] | None:
    """The answer in a tuple. None: the connection was lost before the answer came."""
    try:
        return (await fetching,)
    except ConnectorException as error:
        if not isinstance(error.__cause__, psycopg.OperationalError):
            raise
        return None
