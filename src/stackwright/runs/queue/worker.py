"""The worker: takes accepted runs off the queue, one per project at a time, in order.

Jobs are put there by `db.jobs` inside the accepting transaction. A job whose worker falls silent is
given back after seconds; who may work on the run is decided by the lease, not by the queue.
"""

import asyncio
import itertools
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from stackwright.core import killpoints
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.ids import RunId
from stackwright.core.postgres import Pool
from stackwright.core.tasks import spawn
from stackwright.db.engine import Database
from stackwright.db.jobs import QUEUE, TASK, adopt_runs, database_time_s, rescue_jobs
from stackwright.runs.lease import ClaimedRun, EarlierRunFirst, HandOver
from stackwright.runs.queue.job_manager import POLL_S, ResilientJobManager, WorkerSlot
from stackwright.runs.queue.procrastinate_internals import ListeningConnector

log = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
SILENCE_S = 3.5
"""A worker without a heartbeat for so long counts as dead."""
RESCUE_EVERY_S = 0.5
ORPHANED_AFTER_S, ORPHANS_EVERY = 30.0, 20
"""A live run without a job for so long gets a job; every 20th rescue looks for such runs."""
PRUNED_AFTER_S = 86_400.0
"""Procrastinate must not forget workers before `db.jobs` does."""
RESTART_S = 0.5

FAILED_PAUSE_S = 1

RunJob = Callable[[RunId, ClaimedRun | None], Awaitable[None]]


class QueueWorker:
    """Calls `run_job` for each run that is due, up to `concurrency` at once; with its claim if it was
    begun when it was accepted.

    `run_job` returns when there is nothing more to do for the run; when it raises, or when the
    worker stops, the job goes back to the queue."""

    def __init__(
        self,
        direct_url: str,
        database: Database,
        run_job: RunJob,
        *,
        name: str,
        concurrency: int = 10,
    ) -> None:
        """`name` identifies the worker in the rows of its runs."""
        self._direct_url = direct_url
        self._database = database
        self._run_job = run_job
        self._name = name
        self._concurrency = concurrency
        self._jobs: ResilientJobManager | None = None

    def reserve_slot(self) -> AbstractContextManager[WorkerSlot | None]:
        """Reserve a slot for a run that this process accepts. None: the run waits in the queue."""
        return nullcontext() if self._jobs is None else self._jobs.reserve_slot()

    async def run(self, *, grace_s: float = 5.0) -> None:
        """Work until cancelled. Then running jobs get `grace_s` to end before they are cancelled
        and handed over. While the database is away, they wait and go on."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._rescue_forever(), name="queue-rescue")
            group.create_task(self._work_forever(grace_s), name="queue-worker")

    async def _work_forever(self, grace_s: float) -> None:
        while True:
            try:
                await self._work(grace_s)
                log.warning("queue_worker_stopped")
            except (ConnectorException, psycopg.Error, OSError) as error:
                log.warning("queue_worker_lost", extra={"error": str(error)})
            await asyncio.sleep(RESTART_S)

    async def _work(self, grace_s: float) -> None:
        app, jobs = self._app()
        self._jobs = jobs
        async with app.open_async():
            working = spawn(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._concurrency,
                    install_signal_handlers=False,
                    listen_notify=True,
                    fetch_job_polling_interval=POLL_S,
                    update_heartbeat_interval=HEARTBEAT_S,
                    stalled_worker_timeout=PRUNED_AFTER_S,
                    shutdown_graceful_timeout=grace_s,
                ),
                name="procrastinate",
            )
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                jobs.leave()
                working.cancel()
                await asyncio.wait({working})
                raise

    def _app(self) -> tuple[procrastinate.App, ResilientJobManager]:
        connector = ListeningConnector(
            conninfo=self._direct_url,
            min_size=1,
            max_size=4,
            kwargs={"prepare_threshold": None, "connect_timeout": 10},
            pool_factory=Pool,
        )
        app = procrastinate.App(connector=connector)
        app.job_manager = jobs = ResilientJobManager(
            connector, self._database, name=self._name, concurrency=self._concurrency
        )

        @app.task(name=TASK, queue=QUEUE, retry=_RetryAlways(), pass_context=True)
        async def _(context: JobContext, run_id: str, user_id: str) -> None:
            with killpoints.work():
                killpoints.reached("job.taken")
                await self._run_job(RunId(run_id), jobs.claim_of(context.job.id))
                killpoints.reached("job.done")

        return app, jobs

    async def _rescue_forever(self) -> None:
        delay = RescueDelay()
        for looks in itertools.count():
            try:
                if delay.is_over(await database_time_s(self._database.fetch)):
                    await self._rescue(orphans=looks % ORPHANS_EVERY == 0)
            except DatabaseUnavailable:
                log.warning("rescue_skipped")
            await asyncio.sleep(RESCUE_EVERY_S)

    async def _rescue(self, *, orphans: bool) -> None:
        fetch = self._database.fetch
        if rescued := await rescue_jobs(fetch, silence_s=SILENCE_S):
            log.warning("jobs_rescued", extra={"count": rescued})
        if orphans and (adopted := await adopt_runs(fetch, silence_s=ORPHANED_AFTER_S)):
            log.error("runs_had_no_job", extra={"count": adopted})


class RescueDelay:
    """Delays rescues after a gap: the database was away or this process stood still, so the heartbeats
    of healthy workers are old too, and every worker gets SILENCE_S to send a new one.

    Uses the database's clock, which goes on while the whole machine sleeps and may be set back."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._until = -math.inf

    def is_over(self, now: float) -> bool:
        """Whether silent workers may count as dead at `now`, in seconds of the database's clock."""
        if self._last is not None and abs(now - self._last) > SILENCE_S / 2:
            self._until = now + SILENCE_S
        self._last = now
        return now > self._until


class _RetryAlways(procrastinate.BaseRetryStrategy):
    """Puts every failed job back into the queue: at once if its worker stops or an earlier run comes
    first, else after a pause. The run counts its own attempts (RunService.claim)."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> procrastinate.RetryDecision:
        del job
        was_given_back = isinstance(exception, asyncio.CancelledError | HandOver | EarlierRunFirst)
        return procrastinate.RetryDecision(
            retry_in={"seconds": 0 if was_given_back else FAILED_PAUSE_S}
        )
