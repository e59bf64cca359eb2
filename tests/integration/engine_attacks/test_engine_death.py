"""The engine is killed: no process of a sandbox may outlive it."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from e2b import AsyncSandbox

from fixtures.attack import eventually, host_processes
from fixtures.engine_process import EngineProcess, running_engine
from fixtures.ordinary_user import engine_of_ordinary_user

Engine = Callable[[], AbstractContextManager[EngineProcess]]


@contextmanager
def _engine_of_root() -> Iterator[EngineProcess]:
    if os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    with (
        tempfile.TemporaryDirectory(prefix="engine-killed-") as folder,
        running_engine(Path(folder, "data")) as engine,
    ):
        yield engine


@pytest.mark.parametrize("start", [_engine_of_root, engine_of_ordinary_user])
@pytest.mark.parametrize("paused", [False, True])
async def test_nothing_outlives_a_killed_engine(start: Engine, paused: bool) -> None:
    marker = f"65432.{os.getpid()}"
    stubborn = f"trap '' TERM HUP INT; setsid sleep {marker} & setsid nohup sleep {marker} & wait"
    with start() as engine:
        box = await AsyncSandbox.create("base", **engine.options)
        await box.commands.run(stubborn, background=True)
        await eventually(lambda: len(host_processes(marker)) == 2)
        if paused:
            await box.pause()
        engine.process.send_signal(signal.SIGKILL)
        await eventually(lambda: not host_processes(marker))
        engine.process.wait(20)
