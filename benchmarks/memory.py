"""Memory of `stackwright serve` (API and worker in one process): idle, and what it keeps of what
passes through it."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack, aclosing
from typing import Any

import uvloop

from benchmarks.conversation import Conversation
from benchmarks.options import Options, progress
from benchmarks.served import Served, chat, client, converse_all, served, watch

WARM, FINISHED, ACTIVE, STREAMS = 50, 200, 50, 500
SETTLE_S = 3.0


def measure_memory(options: Options) -> dict[str, Any]:
    """MiB, as the system counts the process's resident pages."""
    share = 10 if options.is_quick else 1
    with (
        served(options.data_dir, seats=20 + ACTIVE) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measured(platform, share))


async def _measured(platform: Served, share: int) -> dict[str, Any]:
    warm, finished, active, streams = (n // share for n in (WARM, FINISHED, ACTIVE, STREAMS))
    async with client(platform) as http:
        async with http.get("/health") as response:
            await response.read()
        await asyncio.sleep(SETTLE_S)
        idle = platform.resident_mib()
        progress(f"{warm + finished} conversations")
        await converse_all(http, _conversations("warm", warm), at_once=10)
        before = platform.resident_mib()
        await converse_all(http, _conversations("finished", finished), at_once=10)
        await asyncio.sleep(SETTLE_S)
        after_finished = platform.resident_mib()
        progress(f"{active} active runs, then {streams} streams")
        async with AsyncExitStack() as stack:
            for number in range(active):
                await _join(stack, chat(http, f"active-{number}", _slow(number)))
            await asyncio.sleep(SETTLE_S)
            with_active = platform.resident_mib()
            for number in range(streams):
                await _join(stack, watch(http, f"active-{number % active}"))
            await asyncio.sleep(SETTLE_S)
            with_streams = platform.resident_mib()
    return {
        "idle": round(idle, 1),
        "after_first_runs": round(before, 1),
        "per_finished_conversation": round((after_finished - before) / finished, 3),
        "per_active_run": round((with_active - after_finished) / active, 3),
        "per_stream": round((with_streams - with_active) / streams, 4),
        "unit": "MiB",
    }


def _conversations(name: str, count: int) -> Mapping[str, Conversation]:
    """Each with a few steps, in a project of its own."""
    return {
        f"{name}-{n}": Conversation(run=f"{name}-{n}", steps=3, tool="plan") for n in range(count)
    }


def _slow(number: int) -> Conversation:
    """A run that says something, and then nothing for minutes."""
    return Conversation(run=f"active-{number}", steps=3, tool="plan", tokens=2, rate=0.005)


async def _join(stack: AsyncExitStack, frames: Any) -> None:
    """Read the stream until the model speaks, and leave it open."""
    await stack.enter_async_context(aclosing(frames))
    async for frame in frames:
        if frame.type == "agent_thinking":
            return
