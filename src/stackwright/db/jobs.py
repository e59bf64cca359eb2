"""The job queue's tables, touched inside our own transactions."""

from sqlalchemy import text

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.columns import dump_json
from stackwright.db.engine import Fetch, Transaction

QUEUE = "runs"
TASK = "stackwright.run"

_DEFER = text(
    """
SELECT procrastinate_defer_jobs_v1(ARRAY[
    ROW(:queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL)
]::procrastinate_job_to_defer_v1[])
"""
)

# One statement decides and takes: a job can be given back once only, whoever looks for it.
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
_PRUNE = "SELECT count(*) FROM procrastinate_prune_stalled_workers_v1(%(silence_s)s)"


class JobRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> None:
        """A job that runs after this transaction commits, and after every earlier one of the project."""
        values = {
            "queue": QUEUE,
            "task": TASK,
            "lock": project_id,
            "args": dump_json({"run_id": run_id, "user_id": user_id}),
        }
        await self._transaction.execute(_DEFER, values)


async def rescue_jobs(fetch: Fetch, *, silence_s: float) -> int:
    """Give jobs of workers that fell silent back to the queue; how many there were."""
    ((rescued,),) = await fetch(_RESCUE, {"queue": QUEUE, "silence_s": silence_s})
    await fetch(_PRUNE, {"silence_s": 10 * silence_s})
    return rescued
