"""Sandboxes in use are renewed, whatever becomes of the engine's other answers."""

from collections.abc import AsyncIterator

import pytest

from fixtures.faulty_engine import FaultyEngine, faulty_engine, no_fault
from fixtures.sandbox_managers import ANN, Managers
from fixtures.waiting import until
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
    async with managers.database.transaction() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE projects SET sandbox_used_at = now() - interval '1 hour' WHERE id = %s",
            (quiet,),
        )
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
