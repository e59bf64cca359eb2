import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackwright.core import killpoints


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    killpoints.arm(None, None)


def test_points_of_work_are_listed_in_order_and_others_are_not(tmp_path: Path) -> None:
    log = tmp_path / "points"
    killpoints.arm(None, log)
    killpoints.reached("upkeep")
    with killpoints.work():
        killpoints.reached("first")
        killpoints.reached("second")
    killpoints.reached("upkeep")
    assert log.read_text() == "1 first\n2 second\n"


async def test_tasks_begun_inside_work_belong_to_it(tmp_path: Path) -> None:
    log = tmp_path / "points"
    killpoints.arm(None, log)

    async def flush() -> None:
        killpoints.reached("flushed")

    async with asyncio.TaskGroup() as group:
        with killpoints.work():
            group.create_task(flush())
    assert log.read_text() == "1 flushed\n"


def test_an_unarmed_process_counts_nothing(tmp_path: Path) -> None:
    log = tmp_path / "points"
    killpoints.arm(None, log)
    killpoints.arm(None, None)
    with killpoints.work():
        killpoints.reached("anything")
    assert log.read_text() == ""


def test_the_process_dies_at_its_point_and_says_which(tmp_path: Path) -> None:
    log = tmp_path / "points"
    program = f"""
from pathlib import Path
from stackwright.core import killpoints
killpoints.arm(2, Path({str(log)!r}))
with killpoints.work():
    killpoints.reached("one")
    killpoints.reached("two")
    killpoints.reached("three")
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=30)
    assert ended.returncode == -signal.SIGKILL
    assert log.read_text() == "1 one\n2 two\n"
