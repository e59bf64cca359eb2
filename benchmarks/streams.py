"""A thousand open event streams: most of them quiet, the others with twenty events a second each.

All in one platform process, which also drives the runs; every event passes the database. The
client, the model and the database share the machine.
"""

import asyncio
import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import uvloop

from benchmarks.conversation import Conversation, warm_up
from benchmarks.figures import summary
from benchmarks.options import Options, progress
from benchmarks.served import Frame, Served, chat, client, converse_all, served, watch

STREAMS, ACTIVE, RATE = 1000, 200, 20
QUIET_RUNS = 8
SECONDS = 20
STARTS_A_SECOND = 20
"""Runs begin one after the other: their beginnings are not what is measured here."""


def measure_streams(options: Options) -> dict[str, Any]:
    """Lag is the time from the model's socket to the client's."""
    share = 20 if options.is_quick else 1
    streams, active = STREAMS // share, ACTIVE // share
    with (
        served(options.data_dir, seats=active + QUIET_RUNS) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measured(platform, streams, active))


@dataclass(slots=True)
class _Seen:
    """What the active streams' clients saw."""

    pieces: int = 0
    frames: int = 0
    lags_ms: list[float] = field(default_factory=list[float])

    def add(self, frame: Frame) -> None:
        lags_s = frame.lags_s()
        self.frames += 1
        self.pieces += len(lags_s)
        self.lags_ms += [lag * 1000 for lag in lags_s]


async def _measured(platform: Served, streams: int, active: int) -> dict[str, Any]:
    seconds = SECONDS + active / STARTS_A_SECOND
    tokens = math.ceil(RATE * seconds)
    async with client(platform) as http:
        progress("sandboxes and first conversations")
        warm = {f"active-{n}": warm_up(f"warm-{n}") for n in range(active)}
        await converse_all(http, warm, at_once=5)
        quiet = [await _begun(chat(http, f"quiet-{n}", _slow(n))) for n in range(QUIET_RUNS)]
        before_streams = platform.resident_mib()
        quiet += [
            await _begun(watch(http, f"quiet-{n % QUIET_RUNS}"))
            for n in range(streams - active - QUIET_RUNS)
        ]
        after_streams = platform.resident_mib()
        progress(f"{len(quiet)} quiet streams are open; {active} active ones follow")
        seen = _Seen()
        before = platform.costs()
        async with asyncio.TaskGroup() as group:
            for number in range(active):
                conversation = Conversation(run=f"active-{number}", tokens=tokens, rate=RATE)
                group.create_task(_follow(http, f"active-{number}", conversation, seen))
                await asyncio.sleep(1 / STARTS_A_SECOND)
        spent = platform.costs().since(before)
        for stream in quiet:
            await stream.aclose()
    lag = summary(seen.lags_ms)
    wanted = active * tokens
    return {
        "streams": streams,
        "active": active,
        "events_a_second_each": RATE,
        "lag_ms_p50": lag["p50"],
        "lag_ms_p95": lag["p95"],
        "lost": wanted - seen.pieces,
        "events": wanted,
        "frames": seen.frames,
        "kib_a_quiet_stream": round((after_streams - before_streams) * 1024 / len(quiet), 1),
        "cpu_us_an_event": round(spent.own * 1e6 / wanted, 1),
        "postgres_cpu_us_an_event": round(spent.postgres * 1e6 / wanted, 1),
        "cores_of_the_platform": round(spent.own / seconds, 2),
    }


def _slow(number: int) -> Conversation:
    """A run that says one piece, and then nothing for minutes."""
    return Conversation(run=f"quiet-{number}", tokens=2, rate=0.004)


async def _begun(frames: AsyncGenerator[Frame]) -> AsyncGenerator[Frame]:
    """The stream, read until the model speaks."""
    async for frame in frames:
        if frame.type == "agent_thinking":
            break
    return frames


async def _follow(
    http: aiohttp.ClientSession, project: str, conversation: Conversation, seen: _Seen
) -> None:
    async for frame in chat(http, project, conversation):
        seen.add(frame)
