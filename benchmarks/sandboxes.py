"""The local engine through E2B's SDK, beside what does the same without it, in turns in one run."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from e2b import AsyncSandbox

from benchmarks.bare_files import bare_files
from benchmarks.figures import summary
from benchmarks.next_build import measure_next_build
from benchmarks.options import Options, progress
from stackwright.core.settings import load_settings
from stackwright.engine.host.supervisor import EngineSupervisor
from stackwright.main import engine_config

CREATIONS, COMMANDS, TRANSFERS = 30, 100, 7
AT_ONCE = (8, 32)
TRANSFER_MB = 50
Work = Callable[[], Awaitable[Any]]
Given = dict[str, Any]
"""The SDK's options for one engine."""


def measure_sandboxes(options: Options) -> dict[str, Any]:
    """Milliseconds, unless a name says otherwise; each figure stands beside its bare twin."""
    return asyncio.run(_measured(options))


async def _measured(options: Options) -> dict[str, Any]:
    few = 10 if options.is_quick else 1
    results: dict[str, Any] = {"unit": "ms"}
    async with _engine(options.data_dir / "cold", warm_pool=0) as given:
        progress("create to first command, cold")
        results |= await _creations(given, CREATIONS // few)
        progress("commands and files")
        sandbox = await AsyncSandbox.create("base", timeout=600, **given)
        results |= await _commands(sandbox, COMMANDS // few)
        results |= await _transfers(sandbox, options.data_dir, max(1, TRANSFERS // few))
        results["idle_memory_mb"] = _memory_mb(options.data_dir / "cold", sandbox.sandbox_id)
        await sandbox.kill()
        progress("many at once")
        for count in AT_ONCE:
            results[f"create_{count}_at_once"] = await _at_once(given, count)
    async with _engine(options.data_dir / "warm", warm_pool=1) as given:
        progress("create to first command, booted ahead")
        warm = await _warm_creations(given, options.data_dir / "warm", CREATIONS // few)
        results["create_first_command_booted_ahead"] = summary(warm)
    if not options.is_quick:
        progress("next build, inside and outside")
        settings = load_settings().sandbox
        async with _engine(settings.data_dir, warm_pool=0) as given:
            results["next_build"] = await measure_next_build(given, settings, options.data_dir)
    return results


@asynccontextmanager
async def _engine(data_dir: Path, *, warm_pool: int) -> AsyncGenerator[Given]:
    settings = load_settings().sandbox.model_copy(update={"data_dir": data_dir})
    supervisor = EngineSupervisor(replace(engine_config(settings), warm_pool=warm_pool))
    running = await supervisor.start()
    try:
        yield {
            "api_key": running.api_key,
            "api_url": running.api_url,
            "sandbox_url": running.sandbox_url,
        }
    finally:
        await supervisor.stop()


async def _creations(given: Given, count: int) -> dict[str, Any]:
    async def create_and_run() -> None:
        made.append(await AsyncSandbox.create("base", timeout=60, **given))
        await made[-1].commands.run("true")

    made: list[AsyncSandbox] = []
    ours: list[float] = []
    bare: list[float] = []
    plain: list[float] = []
    for _ in range(count):
        ours.append(await _time(create_and_run))
        await made.pop().kill()
        bare.append(await _time(_bare_process))
        plain.append(await _time(_plain_bwrap))
    return {
        "create_first_command": summary(ours),
        "plain_bwrap": summary(plain),
        "bare_subprocess": summary(bare),
        "create_ratio_to_plain_bwrap_p50": _ratio(ours, plain),
    }


async def _warm_creations(given: Given, data_dir: Path, count: int) -> list[float]:
    async def create_and_run() -> None:
        sandbox = await AsyncSandbox.create("base", timeout=60, **given)
        await sandbox.commands.run("true")
        made.append(sandbox)

    made: list[AsyncSandbox] = []
    await create_and_run()
    taken: list[float] = []
    for _ in range(count):
        await made.pop().kill()
        while not list((data_dir / "starting").glob("*/merged")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # until it has booted, and the machine is quiet again
        taken.append(await _time(create_and_run))
    return taken


async def _commands(sandbox: AsyncSandbox, count: int) -> dict[str, Any]:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(count):
        ours.append(await _time(lambda: sandbox.commands.run("true")))
        bare.append(await _time(_bare_process))
    return {"command": summary(ours), "command_ratio_p50": _ratio(ours, bare)}


async def _transfers(sandbox: AsyncSandbox, folder: Path, count: int) -> dict[str, Any]:
    """Beside a plain copy, and beside the client by itself: a server that only sends and receives."""
    content = os.urandom(TRANSFER_MB << 20)
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    with bare_files(content) as bare:
        ways: dict[str, Work] = {
            "copy_file": lambda: asyncio.to_thread(shutil.copyfile, source, target),
            "write": lambda: sandbox.files.write("big", content),
            "write_raw": lambda: sandbox.files.write("big", content, use_octet_stream=True),
            "read": lambda: sandbox.files.read("big", format="bytes"),
            "client_writes": lambda: bare.files.write("big", content),
            "client_reads": lambda: bare.files.read("big", format="bytes"),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(count):
            for name, work in ways.items():
                taken[name].append(await _time(work))
    copies = taken["copy_file"]
    return {f"{name}_{TRANSFER_MB}_mb": summary(times) for name, times in taken.items()} | {
        "write_speed_share_of_copy": _ratio(copies, taken["write"]),
        "write_raw_speed_share_of_copy": _ratio(copies, taken["write_raw"]),
        "read_speed_share_of_copy": _ratio(copies, taken["read"]),
        "client_reads_speed_share_of_copy": _ratio(copies, taken["client_reads"]),
    }


async def _at_once(given: Given, count: int) -> dict[str, float]:
    began = time.perf_counter()
    creations = (AsyncSandbox.create("base", timeout=120, **given) for _ in range(count))
    sandboxes = await asyncio.gather(*creations)
    created = time.perf_counter()
    await asyncio.gather(*(sandbox.commands.run("true") for sandbox in sandboxes))
    done = time.perf_counter()
    await asyncio.gather(*(sandbox.kill() for sandbox in sandboxes))
    return {
        "all_created": round((created - began) * 1000, 1),
        "each_ran_a_command": round((done - began) * 1000, 1),
    }


def _memory_mb(data_dir: Path, sandbox_id: str) -> float:
    """Proportional set size of the sandbox's processes."""
    record = json.loads((data_dir / "sandboxes" / sandbox_id / "meta.json").read_text())
    pids = [int(record["pid"])]
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += map(int, (task / "children").read_text().split())
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    sizes = [line.split()[1] for text in rollups for line in text.splitlines() if "Pss:" in line]
    return round(sum(map(int, sizes)) / 1024, 1)


async def _time(work: Work) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


def _ratio(ours: list[float], bare: list[float]) -> float:
    return round(summary(ours)["p50"] / summary(bare)["p50"], 2)


async def _bare_process() -> None:
    process = await asyncio.create_subprocess_exec("/bin/bash", "-c", "true")
    await process.wait()


async def _plain_bwrap() -> None:
    process = await asyncio.create_subprocess_exec(
        *("bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"),
        *("/bin/bash", "-c", "true"),
    )
    await process.wait()
