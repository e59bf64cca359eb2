import asyncio
from typing import Any

import pytest
from e2b import (
    NotFoundException,
    SandboxException,
    SandboxNotFoundException,
    SandboxState,
    TimeoutException,
)

from conformance.sdk import Sdk, until

BOOT_ID = "/proc/sys/kernel/random/boot_id"


async def paused(sandbox: Any) -> None:
    async def is_paused() -> bool:
        return (await sandbox.get_info()).state == SandboxState.PAUSED

    await until(is_paused)


async def test_a_killed_sandbox_is_gone_and_a_second_kill_says_so(sdk: Sdk, own: Any) -> None:
    assert await own.kill() is True
    assert not await own.is_running()
    assert await sdk.call("kill", own.sandbox_id) is False
    for method in ("connect", "get_info", "get_metrics"):
        with pytest.raises(NotFoundException):
            await sdk.call(method, own.sandbox_id)
    with pytest.raises(NotFoundException):
        await own.set_timeout(60)
    with pytest.raises(NotFoundException):
        await own.pause()
    with pytest.raises(TimeoutException):
        await own.commands.run("true")


async def test_a_paused_sandbox_can_be_killed(sdk: Sdk, own: Any) -> None:
    await own.pause()
    assert await sdk.call("kill", own.sandbox_id) is True
    with pytest.raises(NotFoundException):
        await sdk.connect(own.sandbox_id)


async def test_a_running_command_learns_that_its_sandbox_was_killed(own: Any) -> None:
    command = await own.commands.run("sleep 60", background=True)
    await own.kill()
    with pytest.raises(SandboxException, match="sandbox"):
        await command.wait()


async def test_connecting_may_lengthen_but_never_shorten_the_time(sdk: Sdk) -> None:
    sandbox = await sdk.create(timeout=300)
    before = (await sandbox.get_info()).end_at
    shorter = await sdk.connect(sandbox.sandbox_id, timeout=10)
    assert (await shorter.get_info()).end_at == before
    longer = await sandbox.connect(timeout=600)
    assert (await longer.get_info()).end_at > before
    assert (await longer.commands.run("echo same")).stdout == "same\n"


async def test_the_time_can_be_set_both_ways(own: Any) -> None:
    await own.set_timeout(1000)
    long = (await own.get_info()).end_at
    await own.set_timeout(50)
    short = (await own.get_info()).end_at
    assert 940 < (long - short).total_seconds() < 960


async def test_a_pause_with_memory_keeps_processes(sdk: Sdk, own: Any) -> None:
    command = await own.commands.run("sleep 4321", background=True)
    await command.disconnect()
    boot_id = await own.files.read(BOOT_ID)
    assert await own.pause() is True
    assert await own.pause() is False
    assert not await own.is_running()
    again = await sdk.connect(own.sandbox_id)
    assert again.sandbox_id == own.sandbox_id
    assert await own.is_running()
    assert command.pid in [process.pid for process in await own.commands.list()]
    assert await again.files.read(BOOT_ID) == boot_id


async def test_a_pause_without_memory_keeps_files_only(own: Any) -> None:
    await own.files.write("kept.txt", "kept")
    command = await own.commands.run("sleep 4321", background=True)
    await command.disconnect()
    boot_id = await own.files.read(BOOT_ID)
    assert await own.pause(keep_memory=False) is True
    assert not await own.is_running()
    again = await own.connect()
    assert await again.commands.list() == []
    assert await again.files.read("kept.txt") == "kept"
    assert await again.files.read(BOOT_ID) != boot_id


async def test_a_paused_sandbox_gets_its_time_when_it_is_resumed(sdk: Sdk, own: Any) -> None:
    await own.pause()
    with pytest.raises(SandboxNotFoundException):
        await own.set_timeout(100)


async def test_a_template_has_the_default_tag(sdk: Sdk) -> None:
    assert (await (await sdk.create("base:default")).commands.run("echo here")).stdout == "here\n"


async def test_a_sandbox_whose_agent_is_silent_is_started_again_from_its_disk(
    sdk: Sdk, own: Any
) -> None:
    await own.files.write("kept.txt", "kept")
    await own.commands.run("(sleep 0.5; kill -STOP $(pidof envd)) >/dev/null 2>&1 &")

    async def is_silent() -> bool:
        try:
            await own.is_running(request_timeout=1)
        except TimeoutException:
            return True
        return False

    await until(is_silent)
    again = await sdk.connect(own.sandbox_id)
    assert await again.files.read("kept.txt") == "kept"


async def test_a_pause_by_id(sdk: Sdk, own: Any) -> None:
    assert await sdk.call("pause", own.sandbox_id) is True
    assert (await own.get_info()).state == SandboxState.PAUSED


async def test_a_sandbox_may_pause_with_its_memory_when_its_time_is_over(sdk: Sdk) -> None:
    sandbox = await sdk.create(lifecycle={"on_timeout": "pause"})
    boot_id = await sandbox.files.read(BOOT_ID)
    assert (await sandbox.get_info()).lifecycle["on_timeout"] == "pause"
    await sandbox.set_timeout(0)
    await paused(sandbox)
    assert not await sandbox.is_running()
    await sandbox.connect(timeout=60)
    assert await sandbox.files.read(BOOT_ID) == boot_id


async def test_a_sandbox_may_pause_to_its_files_when_its_time_is_over(sdk: Sdk) -> None:
    ending = {"action": "pause", "keep_memory": False}
    sandbox = await sdk.create(lifecycle={"on_timeout": ending})
    await sandbox.files.write("kept.txt", "kept")
    boot_id = await sandbox.files.read(BOOT_ID)
    await sandbox.set_timeout(0)
    await paused(sandbox)
    again = await sandbox.connect(timeout=60)
    assert await again.files.read("kept.txt") == "kept"
    assert await again.files.read(BOOT_ID) != boot_id


async def test_only_a_sandbox_that_may_wakes_up_when_it_is_used(sdk: Sdk) -> None:
    sleeper = await sdk.create(lifecycle={"on_timeout": "pause", "auto_resume": False})
    waker = await sdk.create(lifecycle={"on_timeout": "pause", "auto_resume": True})
    for sandbox in (sleeper, waker):
        await sandbox.pause()
    with pytest.raises(SandboxException):
        await sleeper.commands.run("true")
    assert (await waker.commands.run("echo awake")).stdout == "awake\n"
    assert (await sleeper.get_info()).state == SandboxState.PAUSED
    assert (await waker.get_info()).state == SandboxState.RUNNING


async def test_a_start_that_fails_after_creation_leaves_no_sandbox(sdk: Sdk) -> None:
    label = {"case": f"broken start {sdk.is_async}"}
    with pytest.raises(SandboxException):
        await sdk.create(metadata=label, mcp={"invalid_server": {}})
    found = [info.metadata for info in await sdk.pages().next_items()]
    assert label not in found


async def test_a_pause_ends_the_requests_that_wait(sdk: Sdk, own: Any) -> None:
    command = await own.commands.run("echo begun; sleep 4321", background=True)
    waiting = asyncio.create_task(command.wait())
    await own.pause()
    with pytest.raises(SandboxException):
        await asyncio.wait_for(waiting, 30)
    again = await sdk.connect(own.sandbox_id)
    assert command.pid in [process.pid for process in await again.commands.list()]
