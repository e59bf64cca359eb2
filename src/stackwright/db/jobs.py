"""The job queue's tables, touched inside our own transactions."""

from collections.abc import Collection, Mapping, Sequence

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.columns import dump_json
from stackwright.db.engine import Database, Fetch, Transaction, within

QUEUE = "runs"
TASK = "stackwright.run"

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
    ROW(%(queue)s, %(task)s, %(priority)s, %(lock)s, NULL, %(args)s::jsonb, NULL)
]::procrastinate_job_to_defer_v1[])
"""

# One statement finds and returns the job, so that two workers cannot both give it back.
_RESCUE = """
WITH stalled AS (
    SELECT job.id
    FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND job.queue_name = %(queue)s
        AND (worker.id IS NULL
             OR worker.last_heartbeat < now() - make_interval(secs => %(silence_s)s))
    FOR UPDATE OF job SKIP LOCKED
)
SELECT count(procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)) FROM stalled
"""
# A live run always has a job: this is for the case that something unforeseen took it away. It comes
# before the project's later runs, whose jobs are older.
_ADOPT = """
WITH orphan AS (
    SELECT r.id, r.user_id, r.project_id FROM runs r
    WHERE r.status IN ('queued', 'running')
        AND greatest(r.created_at, r.lease_expires_at) < now() - make_interval(secs => %(silence_s)s)
        AND NOT EXISTS (
            SELECT FROM procrastinate_jobs j
            WHERE j.queue_name = %(queue)s AND j.status IN ('todo', 'doing')
                AND j.args ->> 'run_id' = r.id
        )
    ORDER BY r.created_at, r.number FOR UPDATE OF r SKIP LOCKED
)
SELECT count(procrastinate_defer_jobs_v1(ARRAY[
    ROW(%(queue)s, %(task)s, 1, orphan.project_id, NULL,
        jsonb_build_object('run_id', orphan.id, 'user_id', orphan.user_id), NULL)
]::procrastinate_job_to_defer_v1[])) FROM orphan
"""
# In the order in which workers are given them. A worker that looks meanwhile passes them over.
_LOCK_WAITING = """
SELECT id, args ->> 'run_id' FROM procrastinate_jobs
WHERE queue_name = %(queue)s AND lock = %(lock)s AND status = 'todo'
    AND args ->> 'run_id' = ANY(%(run_ids)s)
ORDER BY priority DESC, id FOR UPDATE
"""
_GIVE_TO = """
UPDATE procrastinate_jobs j SET args = jsonb_set(j.args, '{run_id}', to_jsonb(given.run_id))
FROM unnest(%(job_ids)s::bigint[], %(run_ids)s::text[]) AS given(job_id, run_id)
WHERE j.id = given.job_id AND j.queue_name = %(queue)s AND j.lock = %(lock)s AND j.status = 'todo'
"""
_PRUNE = "SELECT count(*) FROM procrastinate_prune_stalled_workers_v1(%(silence_s)s)"


class JobRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._fetch = within(transaction)

    async def add(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, comes_next: bool = False
    ) -> None:
        """Add a job, due when this transaction commits, after the project's earlier jobs; with `comes_next`
        before those that have not begun."""
        values = {
            "queue": QUEUE,
            "task": TASK,
            "priority": int(comes_next),
            "lock": project_id,
            "args": dump_json({"run_id": run_id, "user_id": user_id}),
        }
        await self._fetch(_DEFER, values)

    async def lock_waiting(
        self, project_id: ProjectId, run_ids: Sequence[RunId]
    ) -> Mapping[int, RunId]:
        """Runs by their jobs, in the order in which workers are given those. No worker takes one until this
        transaction ends; of a run whose job was taken there is none."""
        values = {"queue": QUEUE, "lock": project_id, "run_ids": list(run_ids)}
        return dict(await self._fetch(_LOCK_WAITING, values))

    async def give(self, project_id: ProjectId, runs: Mapping[int, RunId]) -> None:
        """Give locked jobs to other runs."""
        given = {"job_ids": list(runs), "run_ids": list(runs.values())}
        await self._fetch(_GIVE_TO, {"queue": QUEUE, "lock": project_id, **given})


async def database_time_s(fetch: Fetch) -> float:
    """The clock by which `rescue_jobs` measures silence."""
    ((seconds,),) = await fetch("SELECT extract(epoch FROM clock_timestamp())::float8", {})
    return seconds


async def rescue_jobs(fetch: Fetch, *, silence_s: float) -> int:
    """Give jobs of workers that fell silent back to the queue; how many there were."""
    ((rescued,),) = await fetch(_RESCUE, {"queue": QUEUE, "silence_s": silence_s})
    await fetch(_PRUNE, {"silence_s": 10 * silence_s})
    return rescued


async def adopt_runs(fetch: Fetch, *, silence_s: float) -> int:
    """Give a job to each live run that has none and was silent for so long; how many there were."""
    ((adopted,),) = await fetch(_ADOPT, {"queue": QUEUE, "task": TASK, "silence_s": silence_s})
    return adopted


# The functions ask for no owner: a worker that was given up and works on after all would end, or
# give away, the job that another has by now.
_MINE = """
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job_id)s AND worker_id = %(worker_id)s AND status = 'doing'
    FOR UPDATE
"""
_END = f"""
WITH mine AS ({_MINE})
SELECT procrastinate_finish_job_v1(id, 'succeeded', true) FROM mine
"""  # noqa: S608 (constants only)
_GIVE_BACK = f"""
WITH mine AS ({_MINE})
SELECT procrastinate_retry_job_v2(
    id, now() + make_interval(secs => %(after_s)s), NULL, NULL, NULL
) FROM mine
"""  # noqa: S608 (constants only)
_GIVE_BACK_OTHERS = """
WITH lost AS (
    SELECT id FROM procrastinate_jobs
    WHERE worker_id = %(worker_id)s AND status = 'doing' AND id <> ALL(%(known)s::bigint[])
    FOR UPDATE
)
SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM lost
"""
# Waits neither for the disk nor for a connection: while the disk stands still, every worker lives.
_BEAT = """
WITH beat AS (
    UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker_id)s RETURNING id
)
SELECT set_config('synchronous_commit', 'off', true) FROM beat
"""


class WorkerJobRepository:
    """A worker and the jobs that it was given. Every method may be repeated after a lost answer."""

    def __init__(self, database: Database) -> None:
        self._fetch = database.fetch
        self._fetch_at_once = database.fetch_at_once

    async def beat(self, worker_id: int) -> None:
        """Send the worker's heartbeat."""
        await self._fetch_at_once(_BEAT, {"worker_id": worker_id})

    async def end(self, job_id: int, worker_id: int) -> None:
        """The job is done, if it is still this worker's."""
        await self._fetch(_END, {"job_id": job_id, "worker_id": worker_id})

    async def give_back(self, job_id: int, worker_id: int, *, after_s: float) -> None:
        """Put the job back, due `after_s` from now by the database's clock, if it is still this worker's."""
        values = {"job_id": job_id, "worker_id": worker_id, "after_s": after_s}
        await self._fetch(_GIVE_BACK, values)

    async def give_back_others(self, worker_id: int, *, known: Collection[int]) -> int:
        """Give back what the worker was given and does not know of; how many jobs there were."""
        values = {"worker_id": worker_id, "known": list(known)}
        return len(await self._fetch(_GIVE_BACK_OTHERS, values))
