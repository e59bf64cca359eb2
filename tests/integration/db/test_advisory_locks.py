"""Locks between processes; every AdvisoryLocks object stands for a process."""

import asyncio
import gc
import sys
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import psycopg.conninfo
import pytest

from fixtures.waiting import until
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.ids import new_id
from stackwright.core.tasks import spawn
from stackwright.db.address import libpq_address
from stackwright.db.advisory_locks import AdvisoryLocks
from stackwright.testing.fault_proxy import GOOD, FaultProxy, Wire

pytestmark = pytest.mark.integration


@pytest.fixture
async def process(database_url: str) -> AsyncIterator[Callable[[], AdvisoryLocks]]:
    async with AsyncExitStack() as stack:

        def make() -> AdvisoryLocks:
            locks = AdvisoryLocks(database_url)
            stack.push_async_callback(locks.aclose)
            return locks

        yield make


@pytest.mark.parametrize("processes", [1, 2])
async def test_one_at_a_time_has_a_name_alone(
    process: Callable[[], AdvisoryLocks], processes: int
) -> None:
    all_of_them = [process() for _ in range(processes)]
    name, inside, most = new_id(), 0, 0

    async def work(locks: AdvisoryLocks) -> None:
        nonlocal inside, most
        async with locks.exclusive(name, limit_s=30):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.002)  # the work, during which another might come in
            inside -= 1

    await asyncio.gather(*(work(all_of_them[n % processes]) for n in range(12)))
    assert (inside, most) == (0, 1)


@pytest.mark.parametrize("processes", [1, 2])
async def test_many_share_a_name_and_keep_out_who_wants_it_alone(
    process: Callable[[], AdvisoryLocks], processes: int
) -> None:
    one, name = process(), new_id()
    other = one if processes == 1 else process()
    async with one.shared(name, limit_s=5), other.shared(name, limit_s=5):
        async with one.try_exclusive(name) as taken:
            assert not taken
        async with other.try_exclusive(name) as taken:
            assert not taken
    async with other.try_exclusive(name) as taken:
        assert taken
        with pytest.raises(TimeoutError):
            async with one.shared(name, limit_s=0.1):
                pass
    async with one.shared(name, limit_s=5):
        pass


async def test_names_do_not_stand_in_each_others_way(
    process: Callable[[], AdvisoryLocks],
) -> None:
    one, other = process(), process()
    async with one.exclusive(new_id(), limit_s=5), other.exclusive(new_id(), limit_s=5):
        pass


async def test_who_is_cancelled_while_waiting_or_taking_leaves_nothing_behind(
    process: Callable[[], AdvisoryLocks],
) -> None:
    one, other, name = process(), process(), new_id()

    async def hold() -> None:
        async with one.exclusive(name, limit_s=30):
            await asyncio.Event().wait()

    for turns in range(12):
        task = asyncio.get_running_loop().create_task(hold())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})

    async def is_free() -> bool:
        async with other.try_exclusive(name) as taken:
            return taken

    await until(is_free)


async def test_who_is_cancelled_while_giving_back_leaves_nothing_behind(
    process: Callable[[], AdvisoryLocks],
) -> None:
    one, other = process(), process()
    names = [new_id() for _ in range(12)]

    async def hold(name: str, entered: asyncio.Event, leave: asyncio.Event) -> None:
        async with one.exclusive(name, limit_s=30):
            entered.set()
            await leave.wait()

    for turns, name in enumerate(names):
        entered, leave = asyncio.Event(), asyncio.Event()
        holding = spawn(hold(name, entered, leave), name="hold")
        await entered.wait()
        busy = [spawn(one.keep(new_id()), name="keep") for _ in range(5)]
        for _ in range(5):
            await asyncio.sleep(0)
        leave.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        holding.cancel()
        await asyncio.wait({holding, *busy})

    async def all_are_free() -> bool:
        async with AsyncExitStack() as stack:
            return all(
                [await stack.enter_async_context(other.try_exclusive(name)) for name in names]
            )

    await until(all_are_free)


async def test_the_lead_passes_on_when_its_holder_dies(
    process: Callable[[], AdvisoryLocks], database_url: str
) -> None:
    first, second, name = process(), process(), new_id()
    assert await first.keep(name)
    assert await first.keep(name)
    assert not await second.keep(name)
    break_connections(database_url)

    async def second_leads() -> bool:
        return await second.keep(name)

    await until(second_leads)
    assert not await first.keep(name)


async def test_what_is_held_is_taken_again_after_the_connection_broke(
    process: Callable[[], AdvisoryLocks], database_url: str
) -> None:
    one, other, name, shared = process(), process(), new_id(), new_id()
    async with one.exclusive(name, limit_s=5), one.shared(shared, limit_s=5):
        break_connections(database_url)
        async with one.try_exclusive(new_id()) as taken:
            assert taken
        for held in (name, shared):
            async with other.try_exclusive(held) as taken:
                assert not taken
    for free in (name, shared):
        async with other.try_exclusive(free) as taken:
            assert taken


async def test_a_lock_released_while_the_connection_is_replaced_is_free(
    process: Callable[[], AdvisoryLocks], database_url: str
) -> None:
    names = [new_id() for _ in range(3)]
    async with FaultProxy(_socket_of(database_url)) as proxy:
        locks = AdvisoryLocks(_through(proxy, database_url))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(locks.aclose)
            held = [AsyncExitStack() for _ in names]
            for hold, name in zip(held, names, strict=True):
                await hold.enter_async_context(locks.exclusive(name, limit_s=5))
            before = await _lock_holders(database_url)
            proxy.wire = Wire(latency_s=0.2)
            await proxy.reset_all()
            replacing = spawn(locks.keep(new_id()), name="keep")

            async def has_taken_one_again() -> bool:
                return bool(await _lock_holders(database_url) - before)

            await until(has_taken_one_again)
            await held[0].aclose()
            proxy.wire = GOOD
            await replacing
            async with process().try_exclusive(names[0]) as is_free:
                assert is_free
            for hold in held[1:]:
                await hold.aclose()


class Name(str):
    """A string that can be referred to weakly."""


async def test_nothing_stays_of_a_name_that_nobody_holds(
    process: Callable[[], AdvisoryLocks],
) -> None:
    locks, name = process(), Name(new_id())
    async with locks.exclusive(name, limit_s=5):
        pass
    async with locks.shared(name, limit_s=5), locks.shared(name, limit_s=5):
        pass
    seen = weakref.ref(name)
    del name
    gc.collect()
    assert seen() is None


async def test_a_process_that_stands_still_loses_what_it_has_and_one_that_waits_does_not(
    process: Callable[[], AdvisoryLocks], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.db.advisory_locks.SILENCE_S", 1)
    monkeypatch.setattr("stackwright.db.advisory_locks.HEARTBEAT_S", 0.2)
    waiting, other, name, second = process(), process(), new_id(), new_id()
    program = (
        "import asyncio, os, signal\n"
        "from stackwright.db import advisory_locks as locks\n"
        "locks.SILENCE_S, locks.HEARTBEAT_S = 1, 0.2\n"
        "async def hold():\n"
        f"    async with locks.AdvisoryLocks({database_url!r}).exclusive({name!r}, limit_s=9):\n"
        "        os.kill(os.getpid(), signal.SIGSTOP)\n"
        "asyncio.run(hold())\n"
    )

    async def is_held() -> bool:
        async with other.try_exclusive(name) as taken:
            return not taken

    frozen = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    try:
        await until(is_held)
        async with waiting.exclusive(second, limit_s=5):
            async with other.exclusive(name, limit_s=15):
                pass
            await asyncio.sleep(2)  # longer than the silence after which a holder is dead
            async with other.try_exclusive(second) as taken:
                assert not taken
    finally:
        with suppress(ProcessLookupError):
            frozen.kill()
        await frozen.wait()


async def test_a_database_that_is_away_is_said(unused_tcp_port: int) -> None:
    locks = AdvisoryLocks(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none")
    with pytest.raises(DatabaseUnavailable):
        async with locks.try_exclusive("name"):
            pass
    assert not await locks.keep("name")


def _socket_of(database_url: str) -> Path | tuple[str, int]:
    info = psycopg.conninfo.conninfo_to_dict(libpq_address(database_url))
    host, port = str(info["host"]), int(info.get("port") or 5432)
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, port)


def _through(proxy: FaultProxy, database_url: str) -> str:
    info = psycopg.conninfo.conninfo_to_dict(libpq_address(database_url))
    return "postgresql:///?" + urlencode({**info, "host": proxy.host, "port": proxy.port})


async def _lock_holders(database_url: str) -> set[int]:
    """The server processes that hold advisory locks in this database."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        found = await connection.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return {row[0] for row in await found.fetchall()}


def break_connections(database_url: str) -> None:
    """Of everybody who holds a lock in this database."""
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())) holders"
        )
