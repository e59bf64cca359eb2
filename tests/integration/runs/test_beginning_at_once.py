"""What a process accepts, its own worker begins without the queue; and nothing is lost on the way."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager

import pytest
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from fixtures.queue_workers import HeldWork, Person, working
from fixtures.waiting import stays
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.ids import RunId
from stackwright.db.engine import Database, Rows
from stackwright.db.notifications import RunNotifications
from stackwright.runs.lease import ClaimedRun
from stackwright.runs.queue.worker import QueueWorker, RunJob
from stackwright.runs.service import RunService
from stackwright.testing.absent_database import absent

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("empty_queue")]


@asynccontextmanager
async def own_worker(
    url: str, database: Database, person: Person, work: RunJob, *, concurrency: int = 10
) -> AsyncIterator[QueueWorker]:
    """A worker that begins what the person's process accepts, as soon as it is there."""
    async with working(url, database, work, concurrency=concurrency) as worker:
        person.service.use_local_worker(worker)
        async with asyncio.timeout(10):
            while not _has_place(worker):  # noqa: ASYNC110 (it registers itself)
                await asyncio.sleep(0.01)
        yield worker


def _has_place(worker: QueueWorker) -> bool:
    with worker.reserve_slot() as place:
        return place is not None


async def statuses(database: Database) -> list[str]:
    """Of the queue's jobs that are there."""
    rows = await database.fetch("SELECT status::text FROM procrastinate_jobs ORDER BY id", {})
    return [status for (status,) in rows]


async def test_a_message_begins_with_the_statement_that_accepts_it(
    database_url: str, database: Database, person: Person
) -> None:
    held = HeldWork(person.service, person.log)
    async with own_worker(database_url, database, person, held):
        run_id = await person.send("go")
        run = await person.service.get(person.user, person.project, run_id)
        assert (run.status, run.attempts) == ("running", 1)
        assert run.started_at is not None
        assert await statuses(database) == ["doing"]
        held.may_end.set()
        await person.states(run_id)
        assert held.begun_at_once == [run_id]
    assert await person.attempts(run_id) == 1
    assert await statuses(database) == []


async def test_what_the_log_begins_with_is_known_without_a_look(
    database_url: str, database: Database, person: Person
) -> None:
    held = HeldWork(person.service, person.log)
    async with own_worker(database_url, database, person, held):
        accepted = await person.service.accept(
            user_id=person.user, project_id=person.project, message="go"
        )
        run_id, known = accepted.run_id, accepted.begins_with
        assert list(known) == await person.log.read(person.user, person.project, run_id)
        following = person.log.follow(person.user, person.project, run_id, known=known)
        async with aclosing(following) as pages:
            async with absent(database_url):
                assert await anext(pages) == list(known)
            held.may_end.set()
            assert [event.type for event in await anext(pages)] == ["agent_complete"]
        late = person.log.follow(person.user, person.project, run_id, known=known)
        async with aclosing(late) as pages:
            assert len(await anext(pages)) == len(known) + 1


async def test_the_queue_is_not_looked_at_for_a_run_that_is_begun_already(
    database_url: str, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("queue.worker", "queue.job_manager"):
        monkeypatch.setattr(f"stackwright.runs.{module}.POLL_S", 60)
    looks: list[int] = []
    stock = JobManager.fetch_job

    async def counted(jobs: JobManager, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        looks.append(worker_id)
        return await stock(jobs, queues, worker_id)

    monkeypatch.setattr(JobManager, "fetch_job", counted)
    held = HeldWork(person.service, person.log)
    async with own_worker(database_url, database, person, held):
        async with asyncio.timeout(10):
            while len(looks) < 2:  # noqa: ASYNC110 (at its start, and when it listens)
                await asyncio.sleep(0.01)
        await person.send("go")
        await held.has_taken_up(1)
        await stays(lambda: len(looks) == 2, for_s=0.1)
        waiting = person.with_new_project()
        accepted = await RunService(database, RunNotifications(database_url)).accept(
            user_id=waiting.user, project_id=waiting.project, message="from another process"
        )
        await asyncio.wait_for(held.has_taken_up(2), 10)
        assert held.taken_up[1] == accepted.run_id
        held.may_end.set()


async def test_the_next_message_of_a_project_waits_in_the_queue(
    database_url: str, database: Database, person: Person
) -> None:
    held = HeldWork(person.service, person.log)
    async with own_worker(database_url, database, person, held):
        first, second = await person.send("go"), await person.send("go on")
        assert await statuses(database) == ["doing", "todo"]
        held.may_end.set()
        await person.states(second)
    assert held.taken_up == [first, second]
    assert held.begun_at_once == [first]


async def test_two_processes_that_accept_for_one_project_keep_its_order(
    database_url: str, database: Database, person: Person
) -> None:
    held = HeldWork(person.service, person.log)
    held.may_end.set()
    async with (
        own_worker(database_url, database, person, held),
        working(database_url, database, held),
    ):
        for _ in range(10):
            await asyncio.gather(*(person.send(str(number)) for number in range(4)))
        runs = await person.service.list_of(person.user, person.project)
        await person.states(runs[0].id)
    assert held.taken_up == [run.id for run in reversed(runs)]
    assert {run.attempts for run in await person.service.list_of(person.user, person.project)} == {
        1
    }


async def test_a_worker_without_a_place_leaves_the_message_to_the_queue(
    database_url: str, database: Database, person: Person
) -> None:
    held = HeldWork(person.service, person.log)
    async with own_worker(database_url, database, person, held, concurrency=2):
        first = await person.send("go")
        other = person.with_new_project()
        second = await other.send("go")
        await asyncio.wait_for(held.has_taken_up(2), 10)
        held.may_end.set()
        await person.states(first)
        await other.states(second)
    assert held.begun_at_once == [first]


class LosingAnswers:
    """Runs every statement of a database; of the first that accepts, the answer gets lost."""

    def __init__(self, database: Database) -> None:
        self._fetch = database.fetch
        self.lost = 0

    async def __call__(self, statement: str, values: Mapping[str, object]) -> Rows:
        rows = await self._fetch(statement, values)
        if "INSERT INTO runs" in statement and not self.lost:
            self.lost += 1
            raise DatabaseUnavailable
        return rows


async def test_a_run_whose_acceptance_was_not_heard_of_is_begun_all_the_same(
    database_url: str, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldWork(person.service, person.log)
    held.may_end.set()
    async with own_worker(database_url, database, person, held):
        monkeypatch.setattr(database, "fetch", LosingAnswers(database))
        with pytest.raises(DatabaseUnavailable):
            await person.send("go")
        [run] = await person.service.list_of(person.user, person.project)
        await person.states(run.id)
    assert held.taken_up == [run.id]
    assert held.begun_at_once == []


class SlowAnswers:
    """Runs every statement of a database; the answer of one that accepts comes when it `may_come`."""

    def __init__(self, database: Database) -> None:
        self._fetch = database.fetch
        self.is_done, self.may_come = asyncio.Event(), asyncio.Event()

    async def __call__(self, statement: str, values: Mapping[str, object]) -> Rows:
        rows = await self._fetch(statement, values)
        if "INSERT INTO runs" in statement:
            self.is_done.set()
            await self.may_come.wait()
        return rows


async def test_what_a_worker_was_given_while_it_left_goes_to_another(
    database_url: str, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_run: RunId, _claimed: ClaimedRun | None) -> None:
        raise AssertionError("the worker has left")

    slow = SlowAnswers(database)
    async with own_worker(database_url, database, person, never):
        with monkeypatch.context() as patch:
            patch.setattr(database, "fetch", slow)
            sending = asyncio.create_task(person.send("go"))
            await asyncio.wait_for(slow.is_done.wait(), 10)
    slow.may_come.set()
    run_id = await sending
    held = HeldWork(person.service, person.log)
    held.may_end.set()
    async with working(database_url, database, held):
        await person.states(run_id)
    assert held.taken_up == [run_id]
