import asyncio
import contextlib
import json
import os
import signal
import tempfile
import time
from pathlib import Path

import pytest
from e2b import (
    AsyncSandbox,
    RateLimitException,
    SandboxException,
    SandboxQuery,
    SandboxState,
)

from fixtures.engine_process import EngineProcess, running_engine
from stackwright.engine.process_tree.host_processes import start_time

pytestmark = pytest.mark.integration


def host_pid(engine: EngineProcess, sandbox: AsyncSandbox) -> int:
    record = engine.data_dir / "sandboxes" / sandbox.sandbox_id / "meta.json"
    return int(json.loads(record.read_text())["pid"])


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


async def ended(pid: int, *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while is_alive(pid) and time.monotonic() < deadline:  # noqa: ASYNC110 - a foreign process
        await asyncio.sleep(0.02)
    return not is_alive(pid)


async def gone(sandbox: AsyncSandbox, *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not await sandbox.is_running():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_killed_process_tree_is_booted_again_with_equal_files(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await sandbox.files.write("work/a.bin", os.urandom(50_000))
    await sandbox.commands.run("ln -s a.bin work/link; chmod 700 work/a.bin; rm /etc/hostname")
    before = await sandbox.commands.run("cd work; ls -l; sha256sum a.bin")
    os.kill(host_pid(engine, sandbox), signal.SIGKILL)
    assert await gone(sandbox, within_s=5)
    again = await AsyncSandbox.connect(sandbox.sandbox_id, timeout=60, **engine.options)
    assert (await again.commands.run("cd work; ls -l; sha256sum a.bin")).stdout == before.stdout
    assert not await again.files.exists("/etc/hostname")


async def test_a_sandbox_that_kills_itself_can_be_connected_again(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    with contextlib.suppress(SandboxException):  # the answer may die with it
        await sandbox.commands.run("(sleep 0.1; kill -9 -1) > /dev/null 2>&1 &")
    assert await gone(sandbox, within_s=5)
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    assert (await again.commands.run("echo alive")).stdout == "alive\n"


async def test_a_sandbox_whose_files_are_damaged_is_said_not_to_start(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    await sandbox.pause(keep_memory=False)
    upper = engine.data_dir / "sandboxes" / sandbox.sandbox_id / "upper"
    upper.rename(upper.with_name("lost"))
    upper.write_text("no folder")
    for _ in range(2):
        with pytest.raises(SandboxException, match="500: its files cannot be used"):
            await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    upper.unlink()
    upper.with_name("lost").rename(upper)
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    assert (await again.commands.run("echo alive")).stdout == "alive\n"


async def test_a_full_engine_says_so(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", limits={"max_sandboxes": 1}) as small:
        await AsyncSandbox.create("base", **small.options)
        with pytest.raises(RateLimitException):
            await AsyncSandbox.create("base", retries=0, **small.options)


async def test_sandboxes_that_are_files_only_take_no_place(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", limits={"max_sandboxes": 1}) as small:
        options = {**small.options, "retries": 0}
        first = await AsyncSandbox.create("base", timeout=600, **options)
        await first.pause(keep_memory=False)
        second = await AsyncSandbox.create("base", timeout=600, **options)
        for _ in range(2):
            with pytest.raises(RateLimitException):
                await AsyncSandbox.connect(first.sandbox_id, **options)
            await second.pause()
        await second.kill()
        again = await AsyncSandbox.connect(first.sandbox_id, **options)
        assert (await again.commands.run("echo back")).stdout == "back\n"


async def test_sandboxes_outlive_their_engine(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data") as first:
        sandbox = await AsyncSandbox.create(
            "base", timeout=600, metadata={"project": "p1"}, envs={"K": "v"}, **first.options
        )
        await sandbox.files.write("state.txt", "before")
    with running_engine(tmp_path / "data") as second:
        [info] = await AsyncSandbox.list(
            SandboxQuery(metadata={"project": "p1"}), **second.options
        ).next_items()
        assert (info.sandbox_id, info.state) == (sandbox.sandbox_id, SandboxState.PAUSED)
        again = await AsyncSandbox.connect(info.sandbox_id, **second.options)
        assert (await again.commands.run("cat state.txt; echo $K")).stdout == "beforev\n"
        await again.kill()


async def test_a_killed_engine_leaves_no_process_and_loses_no_file(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data") as first:
        sandbox = await AsyncSandbox.create("base", timeout=600, **first.options)
        await sandbox.files.write("state.txt", "before")
        pid = host_pid(first, sandbox)
        first.process.kill()
        first.process.wait(10)
    assert await ended(pid, within_s=5)
    with running_engine(tmp_path / "data") as second:
        again = await AsyncSandbox.connect(sandbox.sandbox_id, **second.options)
        assert await again.files.read("state.txt") == "before"
        await again.kill()


async def test_the_next_engine_removes_the_sockets_and_groups_of_a_killed_one(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path / "data") as first:
        await AsyncSandbox.create("base", timeout=600, **first.options)
        killed = first.process.pid

        def left() -> list[Path]:
            sockets = Path(tempfile.gettempdir()).glob(f"stackwright-engine-{killed}-*")
            return [*sockets, *Path("/sys/fs/cgroup").glob(f"**/stackwright/*-{killed}")]

        assert left()
        first.process.kill()
        first.process.wait(10)
    assert left()
    with running_engine(tmp_path / "data"):
        assert not left()


async def test_a_first_process_that_outlived_its_parent_is_ended_by_the_next_engine(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path / "data") as first:
        sandbox = await AsyncSandbox.create("base", timeout=600, **first.options)
        record = first.data_dir / "sandboxes" / sandbox.sandbox_id / "meta.json"
        told = json.loads(record.read_text())
        assert told["first_pid"] not in (0, told["pid"])
        first.process.kill()
        first.process.wait(10)
    left = await asyncio.create_subprocess_exec("sleep", "600")
    survived = {"first_pid": left.pid, "first_started": start_time(left.pid)}
    record.write_text(json.dumps(told | survived))
    with running_engine(tmp_path / "data"):
        assert await asyncio.wait_for(left.wait(), 10) == -signal.SIGKILL


async def test_an_engine_does_not_finish_erasing_before_it_ends(tmp_path: Path) -> None:
    for number in range(8000):
        (tmp_path / f"data/trash/i1/{number // 100}/{number}").mkdir(parents=True)
    with running_engine(tmp_path / "data") as engine:
        await AsyncSandbox.create("base", timeout=600, **engine.options)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    with running_engine(tmp_path / "data"):
        deadline = time.monotonic() + 100
        while list((tmp_path / "data/trash").iterdir()):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
