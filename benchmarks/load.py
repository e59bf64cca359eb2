"""Many runs at once on one platform process, with its clients: what each run costs, and whether
the platform still answers others.

The model takes a second for each of its turns, so the runs are under way together; what the
platform adds is what a run takes beyond that. They begin spread over that second: people do not
press a key at the same moment."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import aiohttp
import uvloop

from benchmarks.conversation import Conversation, warm_up
from benchmarks.figures import summary
from benchmarks.options import Options, progress
from benchmarks.served import Served, client, converse_all, served
from stackwright.core.tasks import spawn

STEPS = 25
THINKS_S = 1.0
AT_ONCE = (50, 100)
HEALTH_EVERY_S = 0.1


def measure_load(options: Options) -> dict[str, Any]:
    """One row for each number of runs at once; every run has `steps_a_run` calls of a tiny tool."""
    at_once = (5,) if options.is_quick else AT_ONCE
    with (
        served(options.data_dir, seats=max(at_once)) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return {"steps_a_run": STEPS, "rows": runner.run(_rows(platform, at_once))}


async def _rows(platform: Served, at_once: Sequence[int]) -> list[dict[str, Any]]:
    async with client(platform) as http:
        progress(f"{max(at_once)} projects with their sandboxes")
        warm = {f"load-{n}": warm_up(f"warm-{n}") for n in range(max(at_once))}
        await converse_all(http, warm, at_once=5)
        return [await _row(platform, http, count) for count in at_once]


async def _row(platform: Served, http: aiohttp.ClientSession, count: int) -> dict[str, Any]:
    mark = f"load{count}"
    conversations = {
        f"load-{n}": Conversation(run=f"{mark}-{n}", steps=STEPS, tool="plan", thinks_s=THINKS_S)
        for n in range(count)
    }
    health_ms: list[float] = []
    before = platform.costs()
    began = time.monotonic()
    asking = spawn(_ask_health(http, health_ms), name="ask /health")
    await converse_all(http, conversations, spread_s=THINKS_S)
    wall_s = time.monotonic() - began
    asking.cancel()
    spent = platform.costs().since(before)
    gaps = await asyncio.to_thread(platform.model.gaps, f"{mark}-")
    health = summary(health_ms)
    progress(f"{count} runs took {wall_s:.1f} s")
    return {
        "runs": count,
        "cpu_s_a_run": round(spent.own / count, 3),
        "postgres_cpu_s_a_run": round(spent.postgres / count, 3),
        "overhead_s_a_run_p95": round(summary([sum(run) / 1000 for run in gaps])["p95"], 3),
        "wall_s": round(wall_s, 2),
        "health_ms_p50": health["p50"],
        "health_ms_p95": health["p95"],
        "health_asked": health["n"],
    }


async def _ask_health(http: aiohttp.ClientSession, taken_ms: list[float]) -> None:
    while True:
        began = time.monotonic()
        async with http.get("/health") as response:
            await response.read()
        taken_ms.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(HEALTH_EVERY_S)
