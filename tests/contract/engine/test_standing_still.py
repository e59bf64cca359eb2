"""What a sandbox's programs notice of a snapshot, or of a pause: nothing, by either way to stop them."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from e2b import AsyncSandbox, PtySize

from fixtures.attack import eventually
from fixtures.engine_process import EngineProcess, running_engine, sandbox_of
from fixtures.ordinary_user import engine_of_ordinary_user


@pytest.fixture(scope="module", params=["own", "ordinary"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EngineProcess]:
    if request.param == "ordinary":
        with engine_of_ordinary_user() as process:
            yield process
        return
    with running_engine(tmp_path_factory.mktemp("still") / "data") as process:
        yield process


@pytest.fixture
async def sandbox(engine: EngineProcess) -> AsyncIterator[AsyncSandbox]:
    async with sandbox_of(engine) as sandbox:
        yield sandbox


async def stand_still(sandbox: AsyncSandbox, engine: EngineProcess) -> None:
    for _ in range(3):
        taken = await sandbox.create_snapshot()
        await AsyncSandbox.delete_snapshot(taken.snapshot_id, **engine.options)


async def is_running(sandbox: AsyncSandbox, pattern: str) -> bool:
    found = await sandbox.commands.run(f"pgrep -fx '{pattern}' || true")
    return bool(found.stdout)


async def test_a_terminal_keeps_its_program_in_front(
    sandbox: AsyncSandbox, engine: EngineProcess
) -> None:
    shown = bytearray()
    terminal = await sandbox.pty.create(PtySize(rows=24, cols=80), on_data=shown.extend)
    await sandbox.pty.send_stdin(terminal.pid, b"sleep 4331\n")
    await eventually(lambda: is_running(sandbox, "sleep 4331"))
    await stand_still(sandbox, engine)
    await sandbox.pty.send_stdin(terminal.pid, b"\x03")

    async def is_gone() -> bool:
        return not await is_running(sandbox, "sleep 4331")

    await eventually(is_gone)
    await sandbox.pty.send_stdin(terminal.pid, b"echo st''ill here\n")
    await eventually(lambda: b"still here" in shown)
    assert b"Stopped" not in shown
    await sandbox.pty.kill(terminal.pid)


async def test_a_stopped_program_stays_stopped(
    sandbox: AsyncSandbox, engine: EngineProcess
) -> None:
    program = await sandbox.commands.run("exec sleep 1000", background=True, timeout=0)
    state = f"ps -o stat= {program.pid}"
    await sandbox.commands.run(f"kill -STOP {program.pid}")
    await stand_still(sandbox, engine)
    assert (await sandbox.commands.run(state)).stdout.startswith("T")
    await sandbox.pause()
    await sandbox.connect(timeout=120)
    assert (await sandbox.commands.run(state)).stdout.startswith("T")


async def test_a_paused_sandbox_ends_when_its_engine_is_killed(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data") as engine:
        sandbox = await AsyncSandbox.create("base", timeout=120, **engine.options)
        await sandbox.pause()
        record = json.loads(
            (engine.data_dir / f"sandboxes/{sandbox.sandbox_id}/meta.json").read_text()
        )
        engine.process.kill()
        engine.process.wait()
    await eventually(lambda: not Path(f"/proc/{record['first_pid']}").exists())
