import asyncio
import json
import random
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from stackwright.core.errors import ProjectNotFound, RunNotFound
from stackwright.core.events import (
    AgentComplete,
    AgentThinking,
    StateChanged,
    ToolComplete,
    ToolStart,
    Usage,
)
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.engine import Database, Transaction
from stackwright.db.run_records import Lease, LeaseLost, RunTotals
from stackwright.db.run_turns import RunControlRecord, RunTurnRepository
from stackwright.projects.service import ProjectService
from stackwright.runs.events.log import EventLog
from stackwright.runs.events.records import StoredEvent
from stackwright.runs.service import RunService
from stackwright.runs.tool_ledger import DbToolLedger

pytestmark = pytest.mark.integration


@pytest.fixture
async def lease(service: RunService, user: UserId, project: ProjectId) -> Lease:
    accepted = await service.accept(user_id=user, project_id=project, message="go")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    return claimed.lease


def complete(lease: Lease) -> AgentComplete:
    return AgentComplete(timestamp="t", project_id=lease.project_id, status="verified")


async def write_state(log: EventLog, lease: Lease, state: str) -> None:
    async with log.writer(lease) as writer:
        writer.emit(StateChanged(state=state))


async def tailed(log: EventLog, lease: Lease, after_seq: int = 0) -> list[StoredEvent]:
    stream = log.tail(lease.user_id, lease.project_id, lease.run_id, after_seq=after_seq)
    async with aclosing(stream) as events:
        return [event async for event in events]


async def test_readers_from_any_position_see_the_same_dense_log(
    log: EventLog, lease: Lease
) -> None:
    readers = [asyncio.create_task(tailed(log, lease, after)) for after in (0, 1, 2, 7)]
    async with log.writer(lease) as writer:
        for number in range(300):
            writer.emit(StateChanged(state=str(number)))
            if number % 3 == 0:
                await asyncio.sleep(0)
            if number % 50 == 0:
                await writer.flush()
        last = await writer.finish(complete(lease))
    whole = await tailed(log, lease)
    assert [event.seq for event in whole] == list(range(1, last + 1))
    states = [json.loads(e.data)["state"] for e in whole if e.type == "state"]
    assert states == [str(number) for number in range(300)]
    for reader, after in zip(readers, (0, 1, 2, 7), strict=True):
        assert await asyncio.wait_for(reader, 10) == whole[after:]
    for after in random.Random(1).sample(range(last), 20):
        assert await tailed(log, lease, after) == whole[after:]
    assert await tailed(log, lease, last) == []


async def test_the_ending_status_message_and_terminal_event_come_together_or_not_at_all(
    service: RunService, log: EventLog, lease: Lease
) -> None:
    async def fail(_: Transaction) -> None:
        raise RuntimeError("disk full")

    async with log.writer(lease) as writer:
        writer.emit(AgentThinking(token="It is "))
        writer.emit(AgentThinking(token="done.\0"))
        with pytest.raises(RuntimeError):
            await writer.finish(complete(lease), also=fail)
        run = await service.get(lease.user_id, lease.project_id, lease.run_id)
        assert (run.status, run.last_seq) == ("running", 3)
        await writer.finish(
            complete(lease), totals=RunTotals(report={"status": "verified", "odd": "\0\ud800"})
        )
    run = await service.get(lease.user_id, lease.project_id, lease.run_id)
    assert (run.status, run.last_seq, run.report) == (
        "verified",
        4,
        {"status": "verified", "odd": "\0\ud800"},
    )
    said = (await service.history(lease.user_id, lease.project_id))[-1]
    assert (said.role, said.content, said.status) == ("assistant", "It is done.\0", "verified")
    assert (await service.state(lease.user_id, lease.project_id)).last_report == run.report


async def test_the_totals_of_a_run_count_what_each_of_its_workers_used(
    service: RunService, log: EventLog, lease: Lease
) -> None:
    async with log.writer(lease) as writer:
        writer.emit(Usage(model="m", input_tokens=10, output_tokens=1, cost_usd=0.5))
    newer = await service.claim(lease.run_id, worker="w2")
    assert newer is not None
    async with log.writer(newer.lease) as writer:
        writer.emit(Usage(model="m", input_tokens=20, output_tokens=2, cost_usd=0.25))
        writer.emit(Usage(model="unknown", input_tokens=4, output_tokens=4, cache_read_tokens=8))
        await writer.finish(complete(lease))
    run = await service.get(lease.user_id, lease.project_id, lease.run_id)
    assert run.cost_usd == 0.75
    assert run.usage == {
        "input_tokens": 34,
        "output_tokens": 7,
        "cache_read_tokens": 8,
        "cache_write_tokens": 0,
        "model_calls": 3,
    }


async def test_an_older_worker_writes_nothing_any_more(
    service: RunService, log: EventLog, database: Database, lease: Lease
) -> None:
    await write_state(log, lease, "first worker")
    newer = await service.claim(lease.run_id, worker="w2")
    assert newer is not None
    assert newer.lease.last_seq == 3
    with pytest.raises(LeaseLost):
        await write_state(log, replace(lease, last_seq=3), "zombie")
    with pytest.raises(LeaseLost):
        await DbToolLedger(database, lease).begin("c1", "run_command")
    with pytest.raises(LeaseLost):
        await service.lease_control(replace(newer, lease=lease)).keep()
    async with log.writer(newer.lease) as writer:
        await writer.finish(complete(lease))
    events = await tailed(log, lease)
    assert [event.seq for event in events] == [1, 2, 3, 4]
    assert b"zombie" not in b"".join(event.data for event in events)


async def test_a_repeated_batch_is_not_written_twice(log: EventLog, lease: Lease) -> None:
    for _ in range(2):
        await write_state(log, lease, "once")
    assert [e.type for e in await log.read(lease.user_id, lease.project_id, lease.run_id)] == [
        "user_message",
        "run_queued",
        "state",
    ]


async def test_a_run_that_ends_does_not_seem_lost_to_who_keeps_its_lease(
    service: RunService,
    log: EventLog,
    user: UserId,
    project: ProjectId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("FIRST_CHECK_S", "RENEW_S"):
        monkeypatch.setattr(f"stackwright.runs.lease.{name}", 0.001)
    accepted = await service.accept(user_id=user, project_id=project, message="go")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    control = service.lease_control(claimed)
    renew, renewals, is_renewed = RunTurnRepository.renew, 0, asyncio.Event()

    async def counted(
        turns: RunTurnRepository, lease: Lease, *, duration: timedelta
    ) -> RunControlRecord:
        nonlocal renewals
        wishes = await renew(turns, lease, duration=duration)
        renewals += 1
        if renewals == 3:
            is_renewed.set()
        return wishes

    monkeypatch.setattr(RunTurnRepository, "renew", counted)
    keeping = asyncio.create_task(control.keep())
    async with log.writer(claimed.lease) as writer:
        await asyncio.wait_for(is_renewed.wait(), 5)
        control.let_go()
        await writer.finish(complete(claimed.lease))
    await asyncio.wait_for(keeping, 5)


async def crash(database: Database, lease: Lease, *, forgets_after: int) -> None:
    """What a crash of the database does to commits that did not wait for its disk."""
    values = {"run": lease.run_id, "seq": forgets_after}
    await database.fetch("DELETE FROM run_events WHERE run_id = %(run)s AND seq > %(seq)s", values)
    await database.fetch("UPDATE runs SET last_seq = %(seq)s WHERE id = %(run)s", values)


@pytest.mark.parametrize("is_last", [False, True])
async def test_what_a_crash_of_the_database_forgot_is_written_again(
    service: RunService, log: EventLog, database: Database, lease: Lease, is_last: bool
) -> None:
    async with log.writer(lease) as writer:
        for word in ("one ", "two ", "three "):
            writer.emit(AgentThinking(token=word))
            await writer.flush()
        seen = await log.read(lease.user_id, lease.project_id, lease.run_id)
        await crash(database, lease, forgets_after=3)
        if not is_last:
            writer.emit(AgentThinking(token="four "))
            await writer.flush()
            await crash(database, lease, forgets_after=5)
        await writer.finish(complete(lease))
    whole = await tailed(log, lease)
    assert [event.seq for event in whole] == list(range(1, len(whole) + 1))
    assert [(e.seq, e.data) for e in whole[: len(seen)]] == [(e.seq, e.data) for e in seen]
    said = (await service.history(lease.user_id, lease.project_id))[-1]
    assert said.content == "one two three" + ("" if is_last else " four")


async def test_nobody_else_may_read_the_log(log: EventLog, lease: Lease) -> None:
    with pytest.raises(RunNotFound):
        await tailed(log, replace(lease, user_id=UserId(new_id())))
    with pytest.raises((RunNotFound, ProjectNotFound)):
        await tailed(log, replace(lease, project_id=ProjectId(new_id())))
    assert await log.read(UserId(new_id()), lease.project_id, lease.run_id) == []


async def test_a_long_run_is_read_page_by_page(log: EventLog, lease: Lease) -> None:
    async with log.writer(lease) as writer:
        for number in range(1300):
            call = f"c{number}"
            writer.emit(ToolStart(tool_name="t", tool_id=call, tool_args={}))
            writer.emit(ToolComplete(tool_name="t", tool_id=call, output_preview=""))
        await writer.finish(complete(lease))
    assert [e.seq for e in await tailed(log, lease)] == list(range(1, 2604))


async def test_the_ledger_knows_what_was_begun_and_what_was_finished(
    database: Database, lease: Lease
) -> None:
    ledger = DbToolLedger(database, lease)
    assert (await ledger.begin("c1", "run_command")).state == "new"
    assert (await ledger.begin("c1", "run_command")).state == "unfinished"
    await ledger.finish("c1", "run_command", "out\0put\ud800", failed=True)
    await ledger.finish("c1", "run_command", "another", failed=False)
    again = await ledger.begin("c1", "run_command")
    assert (again.state, again.result, again.failed) == ("finished", "out\0put\ud800", True)


async def test_waiting_for_a_run_that_is_not_there_fails_at_once(
    log: EventLog, lease: Lease
) -> None:
    with pytest.raises(RunNotFound):
        await tailed(log, replace(lease, run_id=RunId(new_id())))


async def test_readers_of_a_deleted_run_are_let_go(
    log: EventLog, lease: Lease, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.runs.events.log.POLL_S", 0.05)
    await write_state(log, lease, "seen")
    stream = log.tail(lease.user_id, lease.project_id, lease.run_id, after_seq=2)
    async with aclosing(stream) as events:
        assert (await anext(events)).type == "state"
        await ProjectService(database).delete(lease.user_id, lease.project_id)
        assert [event async for event in events] == []


async def test_who_asks_for_more_than_there_will_be_is_let_go_at_the_end(
    log: EventLog, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.runs.events.log.POLL_S", 0.05)
    reader = asyncio.create_task(tailed(log, lease, 9999))
    await write_state(log, lease, "seen")
    assert not reader.done()
    async with log.writer(lease) as writer:
        await writer.finish(complete(lease), totals=RunTotals())
    assert await reader == []
