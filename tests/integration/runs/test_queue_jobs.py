"""Who may do what with a job: the worker that has it, and whoever finds a run forsaken."""

import pytest
import pytest_asyncio

from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Database
from stackwright.db.jobs import WorkerJobRepository, adopt_runs, rescue_jobs
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration


class Queue:
    """The queue's tables, as its workers use them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.jobs = WorkerJobRepository(database)

    async def worker(self) -> int:
        ((worker_id,),) = await self._database.fetch(
            "SELECT worker_id FROM procrastinate_register_worker_v1()", {}
        )
        return worker_id

    async def taken_by(self, worker_id: int) -> int | None:
        """The number of the job that the worker gets."""
        ((job_id,),) = await self._database.fetch(
            "SELECT id FROM procrastinate_fetch_job_v2('{runs}', %(w)s)", {"w": worker_id}
        )
        return job_id

    async def worker_with_job(self) -> tuple[int, int]:
        """A new worker, and the number of the job that it got."""
        worker_id = await self.worker()
        job_id = await self.taken_by(worker_id)
        assert job_id is not None
        return worker_id, job_id

    async def rescue(self) -> int:
        return await rescue_jobs(self._database.fetch, silence_s=1)

    async def adopt(self) -> int:
        return await adopt_runs(self._database.fetch, silence_s=30)

    async def age(self, table: str, column: str, *, minutes: int = 1) -> None:
        """Make everything in a table older."""
        await self._database.fetch(
            f"UPDATE {table} SET {column} = {column} - make_interval(mins => {minutes})", {}
        )


@pytest_asyncio.fixture
async def queue(database: Database) -> Queue:
    await database.fetch("DELETE FROM procrastinate_jobs", {})
    await database.fetch("DELETE FROM runs", {})
    return Queue(database)


async def test_a_worker_that_was_overtaken_neither_ends_nor_gives_back_the_job(
    queue: Queue, service: RunService, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="go")
    former, job = await queue.worker_with_job()
    await queue.age("procrastinate_workers", "last_heartbeat")
    assert await queue.rescue() == 1
    newer = await queue.worker()
    assert await queue.taken_by(newer) == job

    await queue.jobs.end(job, former)
    await queue.jobs.give_back(job, former, after_s=0)
    await queue.jobs.give_back_others(former, known=[])
    assert await queue.taken_by(former) is None
    await queue.jobs.give_back(job, newer, after_s=0)
    assert await queue.taken_by(newer) == job
    await queue.jobs.end(job, newer)
    assert await queue.taken_by(newer) is None


async def test_a_job_comes_back_after_the_time_that_was_asked_for(
    queue: Queue, service: RunService, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="go")
    worker, job = await queue.worker_with_job()
    await queue.jobs.give_back(job, worker, after_s=600)
    assert await queue.taken_by(worker) is None
    await queue.age("procrastinate_jobs", "scheduled_at", minutes=11)
    assert await queue.taken_by(worker) == job


async def test_a_job_that_its_worker_never_heard_of_is_given_back(
    queue: Queue, service: RunService, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="go")
    worker, job = await queue.worker_with_job()
    assert await queue.jobs.give_back_others(worker, known=[job]) == 0
    assert await queue.taken_by(worker) is None
    assert await queue.jobs.give_back_others(worker, known=[]) == 1
    assert await queue.taken_by(worker) == job


async def test_a_worker_that_beats_is_not_taken_for_dead(
    queue: Queue, service: RunService, user: UserId, project: ProjectId
) -> None:
    await service.accept(user_id=user, project_id=project, message="go")
    worker = await queue.worker()
    await queue.taken_by(worker)
    await queue.age("procrastinate_workers", "last_heartbeat")
    await queue.jobs.beat(worker)
    assert await queue.rescue() == 0


async def test_a_live_run_without_a_job_gets_one_and_no_other_does(
    queue: Queue, database: Database, service: RunService, user: UserId, project: ProjectId
) -> None:
    lost = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    assert await service.claim(lost, worker="w") is not None
    await service.accept(user_id=user, project_id=project, message="go on")
    await database.fetch(
        "DELETE FROM procrastinate_jobs WHERE args ->> 'run_id' = %(run)s", {"run": lost}
    )
    assert await queue.adopt() == 0
    await queue.age("runs", "lease_expires_at")
    await queue.age("runs", "created_at")
    assert await queue.adopt() == 1
    assert await queue.adopt() == 0
    job = await queue.taken_by(await queue.worker())
    rows = await database.fetch("SELECT id, args ->> 'run_id' FROM procrastinate_jobs", {})
    assert dict(rows)[job] == lost
    assert len(rows) == 2


async def test_an_ended_run_gets_no_job(
    queue: Queue, database: Database, service: RunService, user: UserId, project: ProjectId
) -> None:
    run_id = (await service.accept(user_id=user, project_id=project, message="go")).run_id
    await service.cancel(user, project, run_id)
    await database.fetch("DELETE FROM procrastinate_jobs", {})
    await queue.age("runs", "created_at")
    assert await queue.adopt() == 0
