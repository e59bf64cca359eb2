"""The local engine against plain processes: creation, commands, files."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.figures import summary
from benchmarks.options import Options
from stackwright.core.settings import load_settings
from stackwright.engine.supervisor import EngineSupervisor
from stackwright.main import engine_config
from stackwright.sandbox import client
from stackwright.sandbox.client import Endpoint

CREATIONS, COMMANDS = 20, 100
PAYLOAD = b"\0" * 4096


def measure_sandboxes(options: Options) -> dict[str, Any]:
    """Milliseconds; each figure stands beside the bare operation it is a ratio to."""
    return asyncio.run(_with_engine(options.data_dir))


async def _with_engine(data_dir: Path) -> dict[str, Any]:
    settings = load_settings({"stackwright_data_dir": data_dir}).sandbox
    supervisor = EngineSupervisor(engine_config(settings))
    running = await supervisor.start()
    endpoint = Endpoint(running.api_key, running.api_url, running.sandbox_url)
    try:
        async with aiohttp.ClientSession() as http:
            return await _measured(endpoint, http, data_dir)
    finally:
        await supervisor.stop()


async def _measured(
    endpoint: Endpoint, http: aiohttp.ClientSession, folder: Path
) -> dict[str, Any]:
    async def create_and_run() -> None:
        sandbox = await client.create("base", {"bench": "1"}, endpoint, http, 60)
        await sandbox.run("true", cwd="/")
        await client.kill(sandbox.id, endpoint)

    sandbox = await client.create("base", {"bench": "2"}, endpoint, http, 300)
    created = await _times(create_and_run, CREATIONS)
    command = await _times(lambda: sandbox.run("true", cwd="/"), COMMANDS)
    write = await _times(lambda: sandbox.write({"/home/user/file": PAYLOAD}), COMMANDS)
    bare_process = await _times(_bare_process, COMMANDS)
    bare_write = await _times(
        lambda: asyncio.to_thread((folder / "file").write_bytes, PAYLOAD), COMMANDS
    )
    await client.kill(sandbox.id, endpoint)
    return {
        "create_first_command_and_kill": summary(created),
        "command": summary(command),
        "bare_subprocess": summary(bare_process),
        "command_ratio_p50": round(summary(command)["p50"] / summary(bare_process)["p50"], 2),
        "write_4kb": summary(write),
        "bare_write_4kb": summary(bare_write),
        "unit": "ms",
    }


async def _times(work: Callable[[], Awaitable[Any]], count: int) -> list[float]:
    taken: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _bare_process() -> None:
    process = await asyncio.create_subprocess_exec("/bin/bash", "-c", "true")
    await process.wait()
