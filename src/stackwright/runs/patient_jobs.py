"""The queue's jobs for a worker that outlives the loss of its database: its runs wait meanwhile.

Procrastinate's own worker stops at the first lost connection, and breaks its jobs off.
"""

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from procrastinate.connector import BaseAsyncConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, JobInserted, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.postgres import RETRY_S
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database
from stackwright.db.jobs import WorkerJobRepository

log = logging.getLogger(__name__)

T = TypeVar("T")
LEAVING_LIMIT_S = 0.5
"""For each last word of a worker that leaves. What it cannot say, others find out."""


class PatientJobs(JobManager):
    """For one worker. Waits for the database, until it is told to leave."""

    def __init__(self, connector: BaseAsyncConnector, database: Database) -> None:
        super().__init__(connector)
        self._jobs = WorkerJobRepository(database)
        self._known: set[int] = set()
        self._may_have_lost_one = False
        self._leaving = asyncio.Event()
        self._tell: NotificationCallback | None = None
        self._told = 0

    def leave(self) -> None:
        """From now on an absent database is not waited for."""
        self._leaving.set()

    async def update_heartbeat(self, worker_id: int) -> None:
        await self._patiently(lambda: self._jobs.beat(worker_id))

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """None also when the database is away. What the worker is told of during a look that finds
        nothing, it forgets: then this looks again."""
        while True:
            told = self._told
            job = await self._fetch_once(queues, worker_id)
            if job is not None or told == self._told or self._leaving.is_set():
                return job

    async def _fetch_once(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The answer that got lost may have held a job."""
        try:
            if self._may_have_lost_one:
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
        # The project's next run, if any, was told of while this one kept it back.
        inserted: JobInserted = {"type": "job_inserted", "job_id": _ids(job)[0]}
        await self._pass_on(channel="", notification=inserted)

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
            async with asyncio.timeout(LEAVING_LIMIT_S):
                await super().unregister_worker(worker_id)

    async def _unless_leaving(self, work: Coroutine[Any, Any, T]) -> T | None:
        """None when the worker leaves meanwhile."""
        task = spawn(work, name="fetch job")
        leaving = spawn(self._leaving.wait(), name="leave")
        try:
            await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            leaving.cancel()

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T | None:
        """What `attempt` gives, once the database answers; None when the worker leaves before."""
        while not self._leaving.is_set():
            with suppress(DatabaseUnavailable):
                return await attempt()
            log.warning("queue_waits_for_database")
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S):
                    await self._leaving.wait()
        with suppress(TimeoutError, DatabaseUnavailable):
            async with asyncio.timeout(LEAVING_LIMIT_S):
                return await attempt()
        return None


def _seconds_until(moment: datetime.datetime) -> float:
    """Only a difference: this host's clock may be wrong."""
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _ids(job: Job) -> tuple[int, int]:
    assert job.id is not None, "a job that was given out has a number"
    assert job.worker_id is not None, "and a worker"
    return job.id, job.worker_id


async def _answer(fetching: Awaitable[Job | None]) -> tuple[Job | None] | None:
    """None when the connection was lost: then nobody knows what the answer was."""
    try:
        return (await fetching,)
    except ConnectorException as error:
        if not isinstance(error.__cause__, psycopg.OperationalError):
            raise
        return None
