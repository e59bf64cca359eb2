import asyncio
import fcntl
import os
import signal
import time
from pathlib import Path

import httpx
import pytest
from e2b import AsyncSandbox, SandboxException, SandboxState

from stackwright.engine.config import EngineConfig
from stackwright.engine.host.shared_engine import EngineEndpoint
from stackwright.engine.host.supervisor import EngineNotStarted, EngineSupervisor, new_api_key

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


async def test_a_second_platform_uses_the_engine_that_runs_and_keeps_it(tmp_path: Path) -> None:
    first = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    second = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    endpoint = await first.start()
    try:
        sandbox = await AsyncSandbox.create("base", timeout=600, **options(endpoint))
        assert await second.start() == endpoint
        assert second.pid is None
        await first.stop()
        await sandbox.commands.run("true")
    finally:
        await first.stop()
        await second.stop()
    assert not (tmp_path / "data" / "engine.json").exists()


async def test_one_of_the_users_left_starts_an_engine_that_dies(tmp_path: Path) -> None:
    first = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    second = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    endpoint = await first.start()
    try:
        await second.start()
        pid = first.pid
        assert pid is not None
        await first.stop()
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while second.pid is None:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        third = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
        assert await third.start() == endpoint
        await third.stop()
    finally:
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
