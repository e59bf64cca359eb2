"""Who gets room when a limit is reached, and who waits in line for it."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from fixtures.run_contexts import Play
from fixtures.sandbox_managers import ANN, BOB, Managers
from fixtures.waiting import until
from stackwright.core.errors import SandboxLimitReached
from stackwright.core.ids import ProjectId, UserId
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.manager import SandboxManager

pytestmark = pytest.mark.integration

EVE = UserId("eve")


async def test_idle_sandboxes_of_others_make_room_the_longest_idle_first(
    managers: Managers,
) -> None:
    manager = managers(max_total=2)
    older, newer = await managers.project(BOB), await managers.project(EVE)
    first, second = await manager.get(EVE, newer), await manager.get(BOB, older)
    await managers.use(newer, minutes_ago=3)
    await managers.use(older, minutes_ago=4)
    await manager.get(ANN, await managers.project())
    listed = await managers.listed()
    assert listed[first.id].is_running
    assert not listed[second.id].is_running
    assert (await managers.row(BOB, older)).sandbox_state == "paused"


async def test_ones_own_idle_sandbox_makes_room_before_those_of_others(managers: Managers) -> None:
    manager, mine = managers(max_total=2), await managers.project()
    theirs = await managers.project(BOB)
    other, own = await manager.get(BOB, theirs), await manager.get(ANN, mine)
    await managers.use(theirs, minutes_ago=9)
    await manager.get(ANN, await managers.project())
    listed = await managers.listed()
    assert listed[other.id].is_running
    assert not listed[own.id].is_running


async def test_sandboxes_of_others_are_spared_while_used_or_used_lately(managers: Managers) -> None:
    manager = managers(max_total=2)
    used, lately = await managers.project(BOB), await managers.project(EVE)
    async with manager.in_use(BOB, used):
        await manager.get(EVE, lately)
        await managers.use(used, minutes_ago=9)
        with pytest.raises(SandboxLimitReached, match="this server"):
            await manager.get(ANN, await managers.project())
        assert await managers.running() == 2


class Waiter:
    """Somebody who waits for a sandbox, and what is told meanwhile."""

    def __init__(self, manager: SandboxManager, user: UserId, project: ProjectId) -> None:
        self.told: list[str] = []
        waiting: Coroutine[Any, Any, Sandbox] = manager.get(user, project, on_wait=self.told.append)
        self.task = asyncio.create_task(waiting)

    async def until_told(self, part: str) -> None:
        async def is_told() -> bool:
            assert not self.task.done(), self.task
            return bool(self.told) and part in self.told[-1]

        await until(is_told, within_s=30)


@asynccontextmanager
async def in_line(
    managers: Managers, manager: SandboxManager, user: UserId
) -> AsyncGenerator[Waiter]:
    waiter = Waiter(manager, user, await managers.project(user))
    try:
        yield waiter
    finally:
        waiter.task.cancel()
        await asyncio.wait({waiter.task})


async def test_who_finds_no_room_waits_in_line_and_hears_the_place(managers: Managers) -> None:
    one, another = managers(max_total=1), managers(max_total=1)
    async with in_line(managers, one, ANN) as quick:
        await quick.task
    assert quick.told == []
    held = (await managers.listed()).popitem()
    project = ProjectId(held[1].metadata["project_id"])
    async with one.in_use(ANN, project), in_line(managers, one, BOB) as first:
        await first.until_told("All 1 sandboxes of this server are in use")
        await first.until_told("number 1 in line")
        async with in_line(managers, another, EVE) as second:
            await second.until_told("number 2 in line")
        async with in_line(managers, another, EVE) as third:
            await third.until_told("number 2 in line")
            first.task.cancel()
            await asyncio.wait({first.task})
            await third.until_told("number 1 in line")


async def test_a_place_that_gets_free_goes_to_who_came_first(managers: Managers) -> None:
    one, another = managers(max_total=1), managers(max_total=1)
    theirs = await managers.project(EVE)
    async with one.in_use(EVE, theirs), in_line(managers, one, BOB) as first:
        await first.until_told("number 1 in line")
        async with in_line(managers, another, ANN) as second:
            await second.until_told("number 2 in line")
            await one.end(EVE, theirs)
            with pytest.raises(SandboxLimitReached):
                await another.get(ANN, await managers.project())
            assert await first.task
            await second.until_told("number 1 in line")
            assert await managers.running() == 1


async def test_above_the_users_own_limit_only_the_users_messages_are_counted(
    managers: Managers,
) -> None:
    manager = managers(max_per_user=1, max_total=9)
    busy = await managers.project()
    async with manager.in_use(ANN, busy), in_line(managers, manager, ANN) as mine:
        await mine.until_told("All 1 sandboxes of this user are in use")
        assert await manager.get(BOB, await managers.project(BOB))
        await mine.until_told("number 1 in line")


async def test_who_died_while_waiting_is_not_waited_for(managers: Managers) -> None:
    manager, registry = managers(max_total=1), managers.registry()
    dead = (BOB, await managers.project(BOB))
    assert await registry.wait_in_line(dead, "server") == 0
    mine = (ANN, await managers.project())
    assert await registry.ahead(mine) == 1
    with pytest.raises(SandboxLimitReached):
        await manager.get(*mine)
    async with managers.database.transaction() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE projects SET sandbox_waits_until = now() - interval '1 s' WHERE id = %s",
            (dead[1],),
        )
    assert await registry.ahead(mine) == 0
    assert await manager.get(*mine)


async def test_a_run_that_waits_tells_its_place_and_goes_on(managers: Managers, play: Play) -> None:
    manager, theirs = managers(max_total=1), await managers.project(BOB)
    async with manager.in_use(BOB, theirs):
        played = await play(manager=manager)
        asking = asyncio.create_task(played.context.sandbox())

        async def is_told() -> bool:
            return bool(played.details("waiting"))

        await until(is_told, within_s=30)
        assert "this message is number 1 in line" in played.details("waiting")[0]
    await managers.use(theirs, minutes_ago=2)
    assert await asking
