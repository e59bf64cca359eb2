import asyncio
import fcntl
import os
import signal
import time
from pathlib import Path

import httpx
import pytest
from e2b import AsyncSandbox, SandboxException, SandboxState

from fixtures.waiting import until
from stackwright.engine.config import EngineConfig
from stackwright.engine.host.supervisor import (
    EngineEndpoint,
    EngineNotStarted,
    EngineSupervisor,
    new_api_key,
)

pytestmark = pytest.mark.integration


def options(endpoint: EngineEndpoint) -> dict[str, str]:
    return {
        "api_key": endpoint.api_key,
        "api_url": endpoint.api_url,
        "sandbox_url": endpoint.sandbox_url,
    }


async def test_an_engine_that_dies_comes_back_at_the_same_address(tmp_path: Path) -> None:
    supervisor = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    endpoint = await supervisor.start()
    try:
        sandbox = await AsyncSandbox.create("base", timeout=600, **options(endpoint))
        await sandbox.files.write("kept.txt", "kept")
        first = supervisor.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while True:
            try:
                again = await AsyncSandbox.connect(sandbox.sandbox_id, **options(endpoint))
                break
            except (httpx.HTTPError, OSError, SandboxException):
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)
        assert supervisor.pid != first
        assert await again.files.read("kept.txt") == "kept"
        assert (await again.get_info()).state == SandboxState.RUNNING
    finally:
        await supervisor.stop()
    assert supervisor.pid is None


async def test_a_second_platform_uses_the_engine_of_the_first(tmp_path: Path) -> None:
    first = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    second = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    endpoint = await first.start()
    try:
        assert await second.start() == endpoint
        assert second.pid is None
        await second.stop()
        sandbox = await AsyncSandbox.create("base", timeout=600, **options(endpoint))
        await sandbox.commands.run("true")
    finally:
        await second.stop()
        await first.stop()
    assert not (tmp_path / "data" / "engine.json").exists()


async def test_when_the_owner_leaves_another_platform_starts_the_engine_at_its_address(
    tmp_path: Path,
) -> None:
    first = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    second = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    endpoint = await first.start()
    try:
        await second.start()
        sandbox = await AsyncSandbox.create("base", timeout=600, **options(endpoint))
        await sandbox.files.write("kept.txt", "kept")
        await first.stop()
        await until(lambda: _answers(endpoint))
        assert second.pid is not None
        again = await AsyncSandbox.connect(sandbox.sandbox_id, **options(endpoint))
        assert await again.files.read("kept.txt") == "kept"
    finally:
        await first.stop()
        await second.stop()


async def test_an_engine_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.engine.host.supervisor.LEAVING_TIMEOUT_S", 0.1)
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "engine.lock").open("ab") as foreign:
        fcntl.flock(foreign, fcntl.LOCK_EX)
        supervisor = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
        with pytest.raises(EngineNotStarted, match="Another sandbox engine already uses"):
            await supervisor.start()
        await supervisor.stop()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": null}'])
async def test_a_broken_note_of_an_earlier_engine_does_not_prevent_a_start(
    tmp_path: Path, note: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "engine.json").write_text(note)
    supervisor = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    await supervisor.start()
    await supervisor.stop()


async def test_an_engine_that_cannot_be_started_again_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data_dir = tmp_path / "data"
    supervisor = EngineSupervisor(EngineConfig(data_dir, new_api_key()))
    endpoint = await supervisor.start()
    try:
        assert supervisor.pid is not None
        data_dir.rename(tmp_path / "aside")
        data_dir.touch()  # every file the supervisor needs is refused, as by a full disk
        os.kill(supervisor.pid, signal.SIGKILL)
        await until(lambda: _was_refused(caplog))
        data_dir.unlink()
        (tmp_path / "aside").rename(data_dir)
        await until(lambda: _answers(endpoint), within_s=30)
    finally:
        await supervisor.stop()


async def _was_refused(caplog: pytest.LogCaptureFixture) -> bool:
    return "sandbox_engine_not_started" in caplog.messages


async def _answers(endpoint: EngineEndpoint) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{endpoint.api_url}/health")).is_success
        except httpx.HTTPError:
            return False
