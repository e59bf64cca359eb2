import asyncio
import subprocess
import sys
import threading
from typing import Any, cast

import pytest

from stackwright.core.ids import RunId
from stackwright.runs.driver import RunDriver
from stackwright.runs.lazy_driver import LazyDriver

HEAVY = {"aiohttp", "anthropic", "langchain_core", "langgraph", "alembic"}


class Recorded:
    def __init__(self) -> None:
        self.driven: list[str] = []

    async def drive(self, run_id: RunId, claimed: Any) -> None:
        del claimed
        self.driven.append(run_id)


async def test_it_is_loaded_once_for_all_who_come_meanwhile() -> None:
    recorded, loads, may_load = Recorded(), 0, threading.Event()

    def load() -> RunDriver:
        nonlocal loads
        loads += 1
        may_load.wait(5)
        return cast("RunDriver", recorded)

    late = LazyDriver(load)
    for _ in range(3):
        late.expect()
    assert not late.is_loaded.is_set()
    driving = [asyncio.create_task(late.drive(RunId(name), None)) for name in "ab"]
    await asyncio.sleep(0)
    may_load.set()
    await asyncio.gather(*driving)
    assert (loads, sorted(recorded.driven), late.is_loaded.is_set()) == (1, ["a", "b"], True)


async def test_who_is_cancelled_meanwhile_takes_nothing_from_the_others() -> None:
    recorded, may_load = Recorded(), threading.Event()

    def load() -> RunDriver:
        may_load.wait(5)
        return cast("RunDriver", recorded)

    late = LazyDriver(load)
    impatient = asyncio.create_task(late.drive(RunId("impatient"), None))
    patient = asyncio.create_task(late.drive(RunId("patient"), None))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    may_load.set()
    await asyncio.wait({impatient, patient})
    assert recorded.driven == ["patient"]


async def test_a_failure_is_told_and_the_next_one_tries_again() -> None:
    recorded, outcomes = Recorded(), iter([ImportError("half installed"), None])

    def load() -> RunDriver:
        if error := next(outcomes):
            raise error
        return cast("RunDriver", recorded)

    late = LazyDriver(load)
    with pytest.raises(ImportError):
        await late.drive(RunId("a"), None)
    await late.drive(RunId("a"), None)
    assert recorded.driven == ["a"]


def test_a_platform_that_waits_for_its_first_visitor_has_not_loaded_what_runs_need() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import stackwright.serving, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not HEAVY & set(told.stdout.split())
