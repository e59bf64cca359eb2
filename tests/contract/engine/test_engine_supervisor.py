import asyncio
import os
import signal
import time
from pathlib import Path

import httpx
import pytest
from e2b import AsyncSandbox, SandboxException, SandboxState

from stackwright.engine.config import EngineConfig
from stackwright.engine.supervisor import (
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


async def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    first = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
    await first.start()
    try:
        second = EngineSupervisor(EngineConfig(tmp_path / "data", new_api_key()))
        with pytest.raises(EngineNotStarted, match="Another sandbox engine already uses"):
            await second.start()
        await second.stop()
    finally:
        await first.stop()
