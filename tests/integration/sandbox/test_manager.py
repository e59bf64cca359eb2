"""Who gets which sandbox, over a real engine."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from fixtures.sandbox_managers import ANN, BOB, Managers
from fixtures.waiting import until
from stackwright.cache.memory import MemoryCache
from stackwright.core.errors import SandboxLimitReached, TooManyKeptSandboxes
from stackwright.sandbox import control
from stackwright.sandbox.endpoint import Endpoint

pytestmark = pytest.mark.integration

UPKEEP = {"sandbox renewals", "sandbox cleaning"}

HOME_FILE = "/home/user/kept.txt"


async def test_two_requests_at_once_get_one_sandbox(managers: Managers, endpoint: Endpoint) -> None:
    manager, mine = managers(), await managers.project()
    first, second = await asyncio.gather(manager.get(ANN, mine), manager.get(ANN, mine))
    assert first is second
    assert await managers.running() == 1


async def test_projects_do_not_share_a_sandbox(managers: Managers) -> None:
    manager, mine = managers(), await managers.project()
    first = await manager.get(ANN, mine)
    second = await manager.get(ANN, await managers.project())
    third = await manager.get(BOB, await managers.project(BOB))
    assert len({first.id, second.id, third.id}) == 3


async def test_a_restarted_platform_finds_the_sandbox_again(
    managers: Managers,
) -> None:
    mine = await managers.project()
    first = await managers().get(ANN, mine)
    assert (await managers().get(ANN, mine)).id == first.id
    found = await managers().find(ANN, mine)
    assert found is not None
    assert found.id == first.id


async def test_find_makes_nothing_and_resumes_nothing(
    managers: Managers, endpoint: Endpoint
) -> None:
    manager, mine = managers(), await managers.project()
    assert await manager.find(ANN, mine) is None
    sandbox = await manager.get(ANN, mine)
    await control.pause(sandbox.id, endpoint)
    assert await managers().find(ANN, mine) is None
    assert await managers.running() == 0


async def test_a_poisoned_cache_entry_gives_nobody_a_foreign_sandbox(
    managers: Managers,
) -> None:
    mine, cache = await managers.project(), MemoryCache()
    foreign = await managers().get(BOB, await managers.project(BOB))
    await cache.set(f"sandbox:{ANN}:{mine}", foreign.id, ttl_s=60)
    given = await managers(cache).get(ANN, mine)
    assert given.id != foreign.id
    assert await cache.get(f"sandbox:{ANN}:{mine}") == given.id


async def test_the_cache_holds_the_sandbox_and_forgets_it_with_it(
    managers: Managers, endpoint: Endpoint
) -> None:
    mine, cache = await managers.project(), MemoryCache()
    manager = managers(cache)
    sandbox = await manager.get(ANN, mine)
    assert await cache.get(f"sandbox:{ANN}:{mine}") == sandbox.id
    await manager.end(ANN, mine)
    assert await cache.get(f"sandbox:{ANN}:{mine}") is None
    assert await control.listed({}, endpoint) == []
    await manager.end(ANN, mine)


async def test_above_the_users_limit_the_idle_one_is_paused_and_keeps_its_data(
    managers: Managers, endpoint: Endpoint
) -> None:
    manager = managers(max_per_user=2)
    projects = [await managers.project(), await managers.project(), await managers.project()]
    first = await manager.get(ANN, projects[0])
    await first.write({HOME_FILE: b"mine"})
    for other in projects[1:]:
        await manager.get(ANN, other)
    states = {one.id: one.is_running for one in await control.listed({}, endpoint)}
    assert sorted(states.values()) == [False, True, True]
    assert states[first.id] is False
    again = await manager.get(ANN, projects[0])
    assert again.id == first.id
    assert await again.read(HOME_FILE) == b"mine"


async def test_a_sandbox_in_use_is_never_taken_and_the_limit_is_said(
    managers: Managers,
) -> None:
    manager = managers(max_per_user=1)
    async with manager.in_use(ANN, await managers.project()) as sandbox:
        with pytest.raises(SandboxLimitReached, match="All 1 sandboxes of this user"):
            await manager.get(ANN, await managers.project())
        assert (await sandbox.run("true", cwd="/")).exit_code == 0
    assert await manager.get(ANN, await managers.project())


async def test_who_is_refused_has_nothing_paused_for_it(managers: Managers) -> None:
    idle, used, more = [await managers.project() for _ in range(3)]
    manager = managers()
    await manager.get(ANN, idle)
    async with manager.in_use(ANN, used):
        with pytest.raises(SandboxLimitReached, match="this server"):
            await managers(max_total=1).get(ANN, more)
        assert await managers.running() == 2


async def test_one_user_keeps_only_so_many_sandboxes_and_none_is_given_up_for_it(
    managers: Managers,
) -> None:
    manager = managers(max_per_user=1, max_kept_per_user=2)
    first, second, third = [await managers.project() for _ in range(3)]
    mine = await manager.get(ANN, first)
    await mine.write({HOME_FILE: b"mine"})
    await manager.get(ANN, second)
    with pytest.raises(TooManyKeptSandboxes, match="You have 2 projects"):
        await manager.get(ANN, third)
    assert await (await manager.get(ANN, first)).read(HOME_FILE) == b"mine"
    assert await manager.get(BOB, await managers.project(BOB))
    await manager.end(ANN, second)
    assert await manager.get(ANN, third)


async def test_many_at_once_never_exceed_the_limit(managers: Managers, endpoint: Endpoint) -> None:
    manager = managers(max_per_user=2)
    projects = [await managers.project() for _ in range(6)]
    given = await asyncio.gather(
        *(manager.get(ANN, each) for each in projects), return_exceptions=True
    )
    assert all(isinstance(one, SandboxLimitReached) or hasattr(one, "id") for one in given)
    assert 1 <= await managers.running() <= 2


async def test_a_killed_process_tree_comes_back_with_its_files(
    managers: Managers,
) -> None:
    manager, mine = managers(), await managers.project()
    sandbox = await manager.get(ANN, mine)
    await sandbox.write({HOME_FILE: b"durable"})
    kill_tree(sandbox.id)

    async def is_dead() -> bool:
        return not await sandbox.is_alive()

    await until(is_dead)
    with pytest.raises(Exception, match="rebuilt"):
        await sandbox.run("true", cwd="/")
    again = await manager.get(ANN, mine)
    assert again is not sandbox
    assert await again.read(HOME_FILE) == b"durable"


async def test_a_sandbox_that_is_gone_for_good_is_replaced(
    managers: Managers, endpoint: Endpoint
) -> None:
    manager, mine = managers(), await managers.project()
    sandbox = await manager.get(ANN, mine)
    await control.kill(sandbox.id, endpoint)
    with pytest.raises(Exception, match="rebuilt"):
        await sandbox.run("true", cwd="/")
    assert (await manager.get(ANN, mine)).id != sandbox.id


async def test_an_idle_sandbox_is_paused_by_the_upkeep(
    managers: Managers, endpoint: Endpoint
) -> None:
    manager, mine = managers(idle_timeout_s=0), await managers.project()
    await manager.get(ANN, mine)
    await manager.tend()
    assert await managers.running() == 0
    assert (await manager.counts())["paused"] == 1


async def test_a_sandbox_in_use_or_used_lately_survives_the_upkeep(
    managers: Managers, endpoint: Endpoint
) -> None:
    manager = managers(idle_timeout_s=0, max_age_s=0)
    async with manager.in_use(ANN, await managers.project()):
        await manager.tend()
        assert await managers.running() == 1
    lately = managers(idle_timeout_s=500)
    await lately.get(BOB, await managers.project(BOB))
    await lately.tend()
    assert await managers.running() == 2


async def test_the_upkeep_survives_a_sandbox_that_is_gone(
    managers: Managers, endpoint: Endpoint
) -> None:
    manager, mine = managers(), await managers.project()
    sandbox = await manager.get(ANN, mine)
    await control.kill(sandbox.id, endpoint)
    await manager.tend()
    assert (await manager.get(ANN, mine)).id != sandbox.id


async def test_the_upkeep_starts_and_stops(managers: Managers) -> None:
    def under_way() -> set[str]:
        return {task.get_name() for task in asyncio.all_tasks()} & UPKEEP

    manager = managers()
    assert under_way() == set()
    manager.start()
    assert under_way() == UPKEEP
    await manager.aclose()
    assert under_way() == set()
    await manager.aclose()


def kill_tree(sandbox_id: str) -> None:
    """What an operator does by hand: kill the sandbox's processes on the host. They are the ones
    that have the sandbox's folder mounted."""
    victims = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/mountinfo")
        if sandbox_id.encode() in _read(path)
    ]
    assert victims
    for pid in victims:
        with suppress(ProcessLookupError):  # died with one before it
            os.kill(pid, signal.SIGKILL)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
