import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from fixtures.waiting import until
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.events import AgentComplete, AgentThinking, StateChanged, Usage
from stackwright.core.ids import UserId, new_id
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.db.run_records import Lease, LeaseLost
from stackwright.runs.events.flusher import MAX_BATCH
from stackwright.runs.events.log import EventLog
from stackwright.runs.events.records import StoredEvent
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration

Fetch = Callable[[str, Any], Awaitable[list[Any]]]


@dataclass
class Watched:
    """A database whose statements are counted by a word in them, and can be made to fail."""

    database: Database
    fetch_: Fetch
    statements: list[str] = field(default_factory=list[str])
    fails: Callable[[str, Any], bool] = lambda _statement, _values: False

    async def fetch(self, statement: str, values: Any) -> list[Any]:
        self.statements.append(statement)
        if self.fails(statement, values):
            raise DatabaseUnavailable
        return await self.fetch_(statement, values)

    def count(self, word: str) -> int:
        return sum(word in statement for statement in self.statements)


@pytest.fixture
def watched(database: Database, monkeypatch: pytest.MonkeyPatch) -> Watched:
    made = Watched(database, database.fetch)
    monkeypatch.setattr(database, "fetch", made.fetch)
    return made


async def leased(service: RunService, user: UserId) -> Lease:
    accepted = await service.accept(user_id=user, project_id=new_id(), message="go")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    return claimed.lease


def complete(lease: Lease) -> AgentComplete:
    return AgentComplete(timestamp="t", project_id=lease.project_id, status="answered")


async def followed(log: EventLog, lease: Lease) -> list[StoredEvent]:
    tail = log.tail(lease.user_id, lease.project_id, lease.run_id)
    async with aclosing(tail) as events:
        return [event async for event in events]


async def write_beside(log: EventLog, lease: Lease, state: str) -> None:
    """Emit, and let it be written together with what others emitted."""
    async with log.writer(lease) as writer:
        writer.emit(StateChanged(state=state))
        await writer.flush()


async def test_runs_at_once_share_their_statements_and_keep_their_logs_apart(
    watched: Watched, service: RunService, log: EventLog, user: UserId
) -> None:
    leases = [await leased(service, user) for _ in range(30)]
    async with AsyncExitStack() as stack:
        writers = [await stack.enter_async_context(log.writer(lease)) for lease in leases]
        watched.statements.clear()
        for number in range(20):
            for writer in writers:
                writer.emit(StateChanged(state=f"{number}"))
            await asyncio.sleep(0.01)
        for writer in writers:
            await writer.flush()
        appended = watched.count("INSERT INTO run_events")
        for writer, lease in zip(writers, leases, strict=True):
            await writer.finish(complete(lease))
    assert appended < 30 + 20
    for lease in leases:
        events = await followed(log, lease)
        states = [json.loads(e.data)["state"] for e in events if e.type == "state"]
        assert states == [str(number) for number in range(20)]
        assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def test_a_reader_of_the_writers_process_asks_the_database_once(
    watched: Watched, service: RunService, log: EventLog, user: UserId
) -> None:
    lease = await leased(service, user)
    reading = asyncio.create_task(followed(log, lease))

    async def is_asked() -> bool:
        return watched.count("FROM run_events e JOIN runs r") > 0

    async with log.writer(lease) as writer:
        await until(is_asked)
        watched.statements.clear()
        for number in range(5):
            writer.emit(AgentThinking(token=f"{number} "))
            await asyncio.sleep(0.06)
        assert watched.count("FROM run_events e JOIN runs r") == 0
        await writer.finish(complete(lease))
    seen = await asyncio.wait_for(reading, 5)
    assert seen == await followed(log, lease)


async def test_a_reader_of_another_process_sees_the_same(
    service: RunService, log: EventLog, database: Database, signals: RunNotifications, user: UserId
) -> None:
    lease = await leased(service, user)
    elsewhere = EventLog(database, signals)
    readings = [asyncio.create_task(followed(one, lease)) for one in (log, elsewhere)]
    async with log.writer(lease) as writer:
        for number in range(10):
            writer.emit(AgentThinking(token=f"{number} "))
            await asyncio.sleep(0.02)
        await writer.finish(complete(lease))
    here, there = await asyncio.wait_for(asyncio.gather(*readings), 5)
    assert here == there
    assert [event.as_json() for event in here] == [event.as_json() for event in there]


async def test_a_reader_that_is_slower_than_its_run_reads_the_rest_from_the_database(
    service: RunService, log: EventLog, user: UserId
) -> None:
    lease = await leased(service, user)
    following = log.follow(lease.user_id, lease.project_id, lease.run_id)
    async with aclosing(following) as pages, log.writer(lease) as writer:
        seen = list(await anext(pages))
        for number in range(3 * MAX_BATCH):
            writer.emit(StateChanged(state=str(number)))
        await writer.finish(complete(lease))
        async for page in pages:
            seen += page
    assert [event.seq for event in seen] == list(range(1, 3 * MAX_BATCH + 4))


async def test_one_run_that_lost_its_lease_keeps_no_other_from_writing(
    service: RunService, log: EventLog, user: UserId
) -> None:
    lost, held = await leased(service, user), await leased(service, user)
    async with log.writer(held) as writer:
        await service.claim(lost.run_id, worker="w2")
        writer.emit(StateChanged(state="alive"))
        with pytest.raises(LeaseLost):
            await write_beside(log, lost, "zombie")
        await writer.finish(complete(held))
    states = [json.loads(e.data)["state"] for e in await followed(log, held) if e.type == "state"]
    assert states == ["alive"]
    assert not any(
        b"zombie" in event.data
        for event in await log.read(lost.user_id, lost.project_id, lost.run_id)
    )


async def test_events_wait_while_the_database_is_away_and_come_once(
    watched: Watched,
    service: RunService,
    log: EventLog,
    user: UserId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stackwright.runs.events.flusher.RETRY_S", 0.05)
    lease = await leased(service, user)

    async def is_tried_again() -> bool:
        return watched.count("INSERT INTO run_events") > 1

    async with log.writer(lease) as writer:
        watched.statements.clear()
        watched.fails = lambda statement, _: "INSERT INTO run_events" in statement
        writer.emit(StateChanged(state="first"))
        await until(is_tried_again)
        writer.emit(StateChanged(state="second"))
        watched.fails = lambda _statement, _values: False
        await asyncio.wait_for(writer.flush(), 5)
        await writer.finish(complete(lease))
    states = [json.loads(e.data)["state"] for e in await followed(log, lease) if e.type == "state"]
    assert states == ["first", "second"]


async def test_an_event_that_the_database_refuses_ends_its_own_run_only(
    service: RunService, log: EventLog, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill, well = await leased(service, user), await leased(service, user)
    encode = StateChanged.model_dump_json
    monkeypatch.setattr(
        StateChanged,
        "model_dump_json",
        lambda event: "{" if event.state == "ill" else encode(event),
    )
    async with log.writer(well) as writer:
        writer.emit(StateChanged(state="well"))
        with pytest.raises(psycopg.DataError, match="json"):
            await write_beside(log, ill, "ill")
        await writer.finish(complete(well))
    assert "state" in [event.type for event in await followed(log, well)]


async def test_the_row_of_a_run_counts_its_calls_of_the_model(
    service: RunService, log: EventLog, user: UserId
) -> None:
    lease = await leased(service, user)
    async with log.writer(lease) as writer:
        for _ in range(3):
            writer.emit(Usage(model="m", input_tokens=1, output_tokens=1))
        await writer.finish(complete(lease))
    run = await service.get(lease.user_id, lease.project_id, lease.run_id)
    assert run.model_calls == 3
