import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import psycopg
import pytest
from procrastinate import PsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from fixtures.queue_workers import HeldWork, Person, worker_process, working
from fixtures.waiting import stays
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.events import AgentComplete
from stackwright.core.ids import ProjectId, RunId
from stackwright.core.settings import load_settings
from stackwright.db.engine import STATEMENT_CONNECTIONS, Database
from stackwright.runs.lease import ClaimedRun
from stackwright.runs.queue.worker import HEARTBEAT_S, SILENCE_S, QueueWorker
from stackwright.testing.absent_database import absent, cut_off

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("empty_queue")]


async def test_runs_of_a_project_are_worked_on_one_at_a_time_and_in_order(
    database_url: str, database: Database, person: Person
) -> None:
    order: list[RunId] = []
    busy: set[ProjectId] = set()

    async def work(run_id: RunId, _: ClaimedRun | None) -> None:
        claimed = await person.service.claim(run_id, worker="w")
        assert claimed is not None
        lease = claimed.lease
        assert lease.project_id not in busy
        busy.add(lease.project_id)
        order.append(run_id)
        async with person.log.writer(lease) as writer:
            done = AgentComplete(timestamp="t", project_id=lease.project_id, status="answered")
            await asyncio.sleep(0)
            busy.discard(lease.project_id)
            await writer.finish(done)

    other = person.with_new_project()
    await person.send("first")
    async with working(database_url, database, work):
        await asyncio.gather(
            *((person if number % 2 else other).send(str(number)) for number in range(20))
        )
        for each in (person, other):
            [last] = await each.service.list_of(each.user, each.project, limit=1)
            await each.states(last.id)
    for each in (person, other):
        runs = await each.service.list_of(each.user, each.project)
        accepted = [run.id for run in reversed(runs)]
        assert [run for run in order if run in accepted] == accepted


async def test_a_killed_workers_run_goes_on_with_another_within_seconds(
    database_url: str, person: Person
) -> None:
    run_id = await person.send("go")
    async with worker_process(database_url, "hang") as first:
        await person.states(run_id, until="hang")
        async with worker_process(database_url, "finish"):
            first.kill()
            killed_at = time.monotonic()
            seen = await person.states(run_id)
            assert time.monotonic() - killed_at < 10
    assert seen == ["hang", "finish"]
    assert await person.attempts(run_id) == 2


async def test_a_stopped_worker_hands_its_run_over_without_counting_an_attempt(
    database_url: str, person: Person
) -> None:
    run_id = await person.send("go")
    async with worker_process(database_url, "hang") as first:
        await person.states(run_id, until="hang")
        first.send_signal(signal.SIGINT)
        await asyncio.wait_for(first.wait(), 30)
    async with worker_process(database_url, "finish"):
        assert await person.states(run_id) == ["hang", "finish"]
    assert await person.attempts(run_id) == 1


async def test_a_message_sent_at_the_end_of_a_run_is_taken_up_at_once(
    database_url: str, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.runs.queue.worker.POLL_S", 60)
    work = HeldWork(person.service, person.log)
    work.may_end.set()
    work.may_leave.clear()
    async with working(database_url, database, work):
        for message in ("go", "go on", "and on"):
            run_id = await person.send(message)
            work.may_leave.set()  # lets the job before go, no later one
            work.may_leave.clear()
            await person.states(run_id)
        work.may_leave.set()


async def test_a_message_sent_before_its_worker_listens_is_taken_up_at_once(
    database_url: str, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.runs.queue.worker.POLL_S", 60)
    stock = PsycopgConnector._get_standalone_connection
    is_sent, has_looked = asyncio.Event(), asyncio.Event()
    look = JobManager.fetch_job

    @asynccontextmanager
    async def once_sent(connector: PsycopgConnector) -> AsyncIterator[psycopg.AsyncConnection]:
        await is_sent.wait()
        async with stock(connector) as connection:
            yield connection

    async def looked(jobs: JobManager, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        found = await look(jobs, queues, worker_id)
        has_looked.set()
        return found

    monkeypatch.setattr(PsycopgConnector, "_get_standalone_connection", once_sent)
    monkeypatch.setattr(JobManager, "fetch_job", looked)
    work = HeldWork(person.service, person.log)
    work.may_end.set()
    async with working(database_url, database, work):
        await asyncio.wait_for(has_looked.wait(), 10)
        run_id = await person.send("go")
        is_sent.set()
        await person.states(run_id)


async def test_a_run_goes_on_while_its_database_is_away(
    database_url: str, database: Database, person: Person
) -> None:
    held = HeldWork(person.service, person.log)

    # Two workers: neither may take the other's run for that of a dead one.
    async with working(database_url, database, held), working(database_url, database, held):
        run_id = await person.send("go")
        await asyncio.wait_for(held.begun.wait(), 30)
        async with absent(database_url):
            await asyncio.sleep(SILENCE_S + HEARTBEAT_S)  # so long that it might seem dead
        await asyncio.sleep(SILENCE_S + HEARTBEAT_S)  # so long that others would have taken it
        held.may_end.set()
        await person.states(run_id)
        next_id = await person.send("go on")
        await person.states(next_id)
    assert held.taken_up == [run_id, next_id]
    assert await person.attempts(run_id) == 1


@asynccontextmanager
async def disk_standing_still(database_url: str) -> AsyncIterator[None]:
    """Every commit that waits for the disk hangs in the block: it waits for a copy that nobody makes."""

    def set_copies(value: str) -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{value}'")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("SELECT pg_sleep(0.5)")  # it is told to all processes

    await asyncio.to_thread(set_copies, "nobody")
    try:
        yield
    finally:
        await asyncio.to_thread(set_copies, "")


async def test_a_disk_that_stands_still_makes_no_worker_seem_dead(
    database_url: str, database: Database, person: Person
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
    busy = Database(database_url, load_settings({"database_url": database_url}).database)
    touch = "UPDATE projects SET updated_at = now() WHERE id = %(id)s"
    held = HeldWork(person.service, person.log)

    async with working(database_url, busy, held):
        run_id = await person.send("go")
        await asyncio.wait_for(held.begun.wait(), 30)
        async with working(database_url, database, held), disk_standing_still(database_url):
            touches = (
                busy.fetch(touch, {"id": person.project}) for _ in range(2 * STATEMENT_CONNECTIONS)
            )
            waiting = asyncio.gather(*touches)
            await stays(lambda: not waiting.done(), for_s=SILENCE_S + 2 * HEARTBEAT_S)
        await waiting
        await asyncio.sleep(HEARTBEAT_S)  # in which a worker that seems dead is looked for
        held.may_end.set()
        await person.states(run_id)
    await busy.close()
    assert held.taken_up == [run_id]
    assert await person.attempts(run_id) == 1


async def test_a_worker_leaves_in_time_while_its_database_is_away(
    database_url: str, database: Database, person: Person
) -> None:
    begun = asyncio.Event()

    async def work(_run: RunId, _claimed: ClaimedRun | None) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(QueueWorker(database_url, database, work, name="w").run(grace_s=0.1))
    await person.send("go")
    await asyncio.wait_for(begun.wait(), 30)
    async with absent(database_url):
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=5)
    assert done


async def test_a_worker_survives_the_loss_of_all_its_connections(
    database_url: str, database: Database, person: Person
) -> None:
    async with worker_process(database_url, "finish"):
        run_id = await person.send("one")
        await person.states(run_id)
        cut_off(database_url)
        run_id = await _send_patiently(person)
        await person.states(run_id)


async def _send_patiently(person: Person) -> RunId:
    for _ in range(20):
        try:
            return await person.send("two")
        except DatabaseUnavailable:
            continue
    raise AssertionError("the database stayed away")
