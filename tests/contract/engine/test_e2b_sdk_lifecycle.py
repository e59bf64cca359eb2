import asyncio
import contextlib
import json
import os
import signal
import time
from pathlib import Path

import httpx
import pytest
from e2b import (
    AsyncSandbox,
    AuthenticationException,
    NotFoundException,
    RateLimitException,
    SandboxException,
    SandboxQuery,
    SandboxState,
    TimeoutException,
)

from fixtures.engine_process import KEY, EngineProcess, running_engine

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


async def test_a_killed_sandbox_is_gone_and_a_second_kill_says_so(engine: EngineProcess) -> None:
    sandbox = await AsyncSandbox.create("base", timeout=60, **engine.options)
    assert await sandbox.is_running()
    assert await sandbox.kill() is True
    assert not await sandbox.is_running()
    assert await AsyncSandbox.kill(sandbox.sandbox_id, **engine.options) is False
    with pytest.raises(NotFoundException):
        await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    with pytest.raises(TimeoutException):
        await sandbox.commands.run("true")


async def test_an_unknown_template_and_a_wrong_key_are_refused(engine: EngineProcess) -> None:
    with pytest.raises(SandboxException, match="404: template 'no-such-template' not found"):
        await AsyncSandbox.create("no-such-template", **engine.options)
    with pytest.raises(AuthenticationException):
        await AsyncSandbox.create("base", **(engine.options | {"api_key": "e2b_" + "1" * 40}))


async def test_info_tells_metadata_state_and_end(engine: EngineProcess) -> None:
    sandbox = await AsyncSandbox.create(
        "base", timeout=100, metadata={"owner": "ann"}, **engine.options
    )
    info = await sandbox.get_info()
    assert info.metadata == {"owner": "ann"}
    assert info.state == SandboxState.RUNNING
    assert 95 < (info.end_at - info.started_at).total_seconds() < 105
    await sandbox.set_timeout(1000)
    assert (await sandbox.get_info()).end_at > info.end_at
    await sandbox.kill()


async def test_a_sandbox_ends_at_its_time(engine: EngineProcess) -> None:
    sandbox = await AsyncSandbox.create("base", timeout=1, **engine.options)
    assert await gone(sandbox, within_s=5)
    assert await AsyncSandbox.kill(sandbox.sandbox_id, **engine.options) is False


async def test_variables_of_creation_reach_every_command(engine: EngineProcess) -> None:
    sandbox = await AsyncSandbox.create("base", envs={"FLAVOUR": "mint"}, **engine.options)
    result = await sandbox.commands.run("echo $FLAVOUR $E2B_SANDBOX_ID")
    assert result.stdout == f"mint {sandbox.sandbox_id}\n"
    await sandbox.kill()


async def test_a_list_is_filtered_by_metadata_and_state_and_comes_in_pages(
    engine: EngineProcess,
) -> None:
    label = {"group": "list & page=test"}
    sandboxes = await asyncio.gather(
        *(AsyncSandbox.create("base", metadata=label, **engine.options) for _ in range(3))
    )
    await sandboxes[0].pause()
    paginator = AsyncSandbox.list(SandboxQuery(metadata=label), limit=2, **engine.options)
    first = await paginator.next_items()
    assert (len(first), paginator.has_next) == (2, True)
    second = await paginator.next_items()
    assert (len(second), paginator.has_next) == (1, False)
    found = {info.sandbox_id for info in first + second}
    assert found == {sandbox.sandbox_id for sandbox in sandboxes}
    paused = AsyncSandbox.list(
        SandboxQuery(metadata=label, state=[SandboxState.PAUSED]), **engine.options
    )
    assert [i.sandbox_id for i in await paused.next_items()] == [sandboxes[0].sandbox_id]
    await asyncio.gather(*(sandbox.kill() for sandbox in sandboxes))


async def test_a_pause_with_memory_keeps_processes(sandbox: AsyncSandbox) -> None:
    command = await sandbox.commands.run("sleep 4321", background=True)
    await command.disconnect()
    assert await sandbox.pause() is True
    assert await sandbox.pause() is False
    assert not await sandbox.is_running()
    await sandbox.connect()
    assert command.pid in [process.pid for process in await sandbox.commands.list()]


async def test_a_pause_ends_the_requests_that_wait(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    command = await sandbox.commands.run("echo begun; sleep 4321", background=True)
    waiting = asyncio.create_task(command.wait())
    await sandbox.pause()
    with pytest.raises(SandboxException):
        await asyncio.wait_for(waiting, 30)
    await sandbox.connect()
    assert command.pid in [process.pid for process in await sandbox.commands.list()]


async def test_a_pause_without_memory_keeps_files_only(sandbox: AsyncSandbox) -> None:
    await sandbox.files.write("kept.txt", "kept")
    command = await sandbox.commands.run("sleep 4321", background=True)
    await command.disconnect()
    await sandbox.pause(keep_memory=False)
    await sandbox.connect()
    assert await sandbox.commands.list() == []
    assert await sandbox.files.read("kept.txt") == "kept"


async def test_an_expired_sandbox_may_pause_instead(engine: EngineProcess) -> None:
    sandbox = await AsyncSandbox.create(
        "base", timeout=1, lifecycle={"on_timeout": "pause"}, **engine.options
    )
    assert await gone(sandbox, within_s=5)
    assert (await sandbox.get_info()).state == SandboxState.PAUSED
    await sandbox.connect(timeout=60)
    assert (await sandbox.commands.run("echo back")).stdout == "back\n"
    await sandbox.kill()


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


async def test_metrics_show_memory_and_cpu(sandbox: AsyncSandbox) -> None:
    [metrics] = await sandbox.get_metrics()
    assert 1_000_000 < metrics.mem_used < 200_000_000
    assert metrics.cpu_count == os.cpu_count()


async def test_a_repeated_creation_with_one_key_makes_one_sandbox(engine: EngineProcess) -> None:
    headers = {"X-API-KEY": KEY, "Idempotency-Key": "once"}
    async with httpx.AsyncClient(base_url=engine.url, headers=headers) as client:
        body = {"templateID": "base", "timeout": 60}
        answers = await asyncio.gather(*(client.post("/v2/sandboxes", json=body) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {201}
        [sandbox_id] = {answer.json()["sandboxID"] for answer in answers}
        assert (await client.delete(f"/sandboxes/{sandbox_id}")).status_code == 204


async def test_the_routes_of_older_sdks_answer_too(engine: EngineProcess) -> None:
    async with httpx.AsyncClient(base_url=engine.url, headers={"X-API-KEY": KEY}) as client:
        created = await client.post("/sandboxes", json={"templateID": "base"})
        sandbox_id = created.json()["sandboxID"]
        connected = await client.post(f"/sandboxes/{sandbox_id}/connect", json={"timeout": 60})
        assert connected.status_code == 200
        refreshed = await client.post(f"/sandboxes/{sandbox_id}/refreshes", json={"duration": 9})
        assert refreshed.status_code == 204
        assert (await client.delete(f"/sandboxes/{sandbox_id}")).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"templateID": 7}',
        b'{"templateID": "base", "timeout": "x"}',
        b'{"templateID": "base", "timeout": -1}',
        b'{"templateID": "base", "metadata": {"a": 1}}',
    ],
)
async def test_a_malformed_creation_is_a_bad_request(engine: EngineProcess, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=engine.url, headers={"X-API-KEY": KEY}) as client:
        answer = await client.post("/v2/sandboxes", content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]


async def test_a_full_engine_says_so(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", limits={"max_sandboxes": 1}) as small:
        await AsyncSandbox.create("base", **small.options)
        with pytest.raises(RateLimitException):
            await AsyncSandbox.create("base", retries=0, **small.options)


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
