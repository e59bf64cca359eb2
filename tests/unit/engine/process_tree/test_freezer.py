"""Real processes that stand still by signals."""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from fixtures.attack import eventually
from stackwright.engine.process_tree import freezer
from stackwright.engine.process_tree.freezer import Freezer
from stackwright.engine.process_tree.host_processes import children, is_stopped

LARGEST_PID = int(Path("/proc/sys/kernel/pid_max").read_text())
NEVER_TOLD = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "1000"])
print("ready", flush=True)
while True:
    _, status = os.waitpid(child.pid, os.WUNTRACED)
    print("stopped" if os.WIFSTOPPED(status) else "ended", flush=True)
    if not os.WIFSTOPPED(status):
        break
"""


@pytest.fixture
def parent() -> Iterator[Popen[bytes]]:
    with Popen([sys.executable, "-c", NEVER_TOLD], stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process
        process.kill()


async def test_a_parent_does_not_learn_that_its_child_stood_still(parent: Popen[bytes]) -> None:
    [child] = children(parent.pid)
    still = Freezer([], lambda: [parent.pid, child])
    for _ in range(20):
        assert await still.freeze()
        await eventually(lambda: is_stopped(parent.pid) and is_stopped(child))
        still.thaw()
        await eventually(lambda: not is_stopped(parent.pid) and not is_stopped(child))
    os.kill(child, signal.SIGKILL)
    assert parent.stdout is not None
    assert await asyncio.to_thread(parent.stdout.read) == b"ended\n"


async def test_what_was_stopped_before_stays_so(parent: Popen[bytes]) -> None:
    [child] = children(parent.pid)
    os.kill(child, signal.SIGSTOP)
    await eventually(lambda: is_stopped(child))
    still = Freezer([], lambda: [parent.pid, child])
    assert await still.freeze()
    still.thaw()
    await eventually(lambda: not is_stopped(parent.pid))
    assert is_stopped(child)
    os.kill(child, signal.SIGKILL)


async def test_who_starts_programs_without_end_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(freezer, "FREEZE_TIMEOUT_S", 0.2)
    fresh = itertools.count(LARGEST_PID + 1)
    still = Freezer([], lambda: [next(fresh)])
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    meanwhile = asyncio.create_task(others())
    assert not await still.freeze()
    meanwhile.cancel()
    assert turns > 2
