"""Sandboxes in use are renewed, whatever becomes of the engine's other answers."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from fixtures.faulty_engine import FaultyEngine, failure, faulty_engine, no_fault
from fixtures.sandbox_managers import ANN, Managers
from fixtures.waiting import until
from stackwright.cache.memory import MemoryCache
from stackwright.sandbox import control
from stackwright.sandbox.base import Sandbox

pytestmark = pytest.mark.integration

SHORT_S = 6
"""A lifetime of sandboxes that makes rounds of two seconds."""


@pytest.fixture
async def faulty(managers: Managers) -> AsyncIterator[FaultyEngine]:
    async with faulty_engine(managers.endpoint) as faulty:
        yield faulty


def times(faulty: FaultyEngine, sandbox: Sandbox, call: str) -> int:
    return sum(path.endswith(f"/{sandbox.id}/{call}") for _, path in faulty.asked)


async def test_a_pause_that_hangs_stops_no_renewal(
    managers: Managers, faulty: FaultyEngine
) -> None:
    busy, quiet = await managers.project(), await managers.project()
    idle = await managers().get(ANN, quiet)
    await managers.use(quiet, minutes_ago=60)
    faulty.hang("POST", f"/{idle.id}/pause")
    manager = managers(endpoint=faulty.endpoint, timeout_s=SHORT_S, idle_timeout_s=600)
    async with manager.in_use(ANN, busy) as used:
        manager.start()

        async def is_renewed_while_the_pause_hangs() -> bool:
            if not times(faulty, idle, "pause"):
                faulty.asked.clear()
            return times(faulty, used, "timeout") >= 2

        await until(is_renewed_while_the_pause_hangs, within_s=30)
        assert (await used.run("true", cwd="/")).exit_code == 0
        await manager.aclose()


async def test_a_renewal_that_hangs_stops_no_other(
    managers: Managers, faulty: FaultyEngine
) -> None:
    manager = managers(endpoint=faulty.endpoint, timeout_s=SHORT_S, max_per_user=2)
    first, second = await managers.project(), await managers.project()
    async with manager.in_use(ANN, first) as hanging, manager.in_use(ANN, second) as used:
        faulty.hang("POST", f"/{hanging.id}/timeout")
        manager.start()

        async def is_renewed_again_and_again() -> bool:
            return times(faulty, used, "timeout") >= 2

        await until(is_renewed_again_and_again, within_s=30)
        assert times(faulty, hanging, "timeout")
        await manager.aclose()


@pytest.mark.parametrize("status", [401, 500])
async def test_a_sandbox_whose_renewal_was_refused_is_renewed_in_the_next_round(
    managers: Managers, faulty: FaultyEngine, status: int
) -> None:
    manager = managers(endpoint=faulty.endpoint)
    async with manager.in_use(ANN, await managers.project()) as used:
        faulty.refuse("POST", "/timeout", status=status)
        await manager.tend()
        faulty.fault = no_fault
        faulty.asked.clear()
        await manager.tend()
        assert times(faulty, used, "timeout") == 1


async def test_one_that_cannot_be_ended_does_not_keep_others_from_being_paused(
    managers: Managers, faulty: FaultyEngine
) -> None:
    mine, ours = await managers.project(), await managers.registry().installation()
    marks = {"platform": "stackwright", "installation": ours, "user_id": ANN, "project_id": "gone"}
    await control.create("base", marks, managers.endpoint, managers.http, 60)
    await managers().get(ANN, mine)
    faulty.fault = deletions_fail
    await managers(endpoint=faulty.endpoint, idle_timeout_s=0).tend()
    assert "DELETE" in {method for method, _ in faulty.asked}
    assert await managers.running() == 1
    assert (await managers.row(ANN, mine)).sandbox_state == "paused"


async def deletions_fail(request: web.Request) -> web.Response | None:
    return failure(500) if request.method == "DELETE" else None


async def test_a_sandbox_is_not_paused_while_a_visitor_connects_to_it(
    managers: Managers, faulty: FaultyEngine
) -> None:
    mine, reaper = await managers.project(), managers(idle_timeout_s=0)
    await managers().get(ANN, mine)

    async def clean_up_first(request: web.Request) -> web.Response | None:
        if request.path.endswith("/connect"):
            await reaper.tend()
            assert await managers.running() == 1
        return None

    faulty.fault = clean_up_first
    assert await managers(endpoint=faulty.endpoint).find(ANN, mine) is not None
    await reaper.tend()
    assert await managers.running() == 0


async def test_what_the_engine_says_against_a_remembered_sandbox_is_a_no(
    managers: Managers, faulty: FaultyEngine
) -> None:
    mine, cache = await managers.project(), MemoryCache()
    given = await managers(cache).get(ANN, mine)
    faulty.refuse("GET", f"/sandboxes/{given.id}", status=400)
    assert (await managers(cache, endpoint=faulty.endpoint).get(ANN, mine)).id == given.id
    assert await managers.running() == 1
