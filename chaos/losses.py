"""The database and the cache go away while runs are under way."""

import asyncio
import random
import shutil
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from chaos.fleet import fleet, paused, slow_model
from chaos.rows import Row
from chaos.world import World
from stackwright.testing.platform_process import free_port

AT_ONCE = 6
LATENCY_S = 0.7
"""Of the model's wire: a run outlasts a restart or two."""
AWAY_S = (0.0, 3.0)


async def postgres_restarts(
    world: World, http: aiohttp.ClientSession, *, runs: int, every_s: tuple[float, float]
) -> Row:
    """Stop or crash PostgreSQL and start it again, over and over, until all runs have ended."""
    row = Row("PostgreSQL restarted under runs", repeated_effects=0)
    restarts = crashes = 0

    async def disturb(over: asyncio.Event) -> None:
        nonlocal restarts, crashes
        while not await paused(over, random.uniform(*every_s)):
            crashes += restarts % 2
            how = "immediate" if restarts % 2 else "fast"
            await asyncio.to_thread(world.postgres.stop_server, how=how)
            await asyncio.sleep(random.uniform(*AWAY_S))
            await asyncio.to_thread(world.postgres.start)
            restarts += 1

    async with (
        slow_model(world, LATENCY_S) as model_url,
        fleet(world, http, apis=1, workers=1, anthropic_base_url=model_url) as platform,
    ):
        wanted = await platform.undisturbed()
        await platform.run_many(row, wanted, runs, at_once=AT_ONCE, disturb=disturb)
    every = f"every {every_s[0]:.0f} to {every_s[1]:.0f} s"
    row.note = f"{restarts} restarts {every}, {crashes} of them crashes"
    return row


@dataclass(slots=True)
class Redis:
    """A server that can be treated badly."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            stdout=asyncio.subprocess.DEVNULL,
        )

    async def end(self, how: int = signal.SIGKILL) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        await self.process.wait()

    async def flush(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"FLUSHALL\r\n")
        await reader.readline()
        writer.close()

    async def freeze(self, seconds: float) -> None:
        """It keeps its connections and answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)


async def redis_losses(
    world: World, http: aiohttp.ClientSession, *, runs: int, pause_s: float
) -> Row:
    """Flushed, frozen, killed and started again in turns, until all runs have ended."""
    row = Row("Redis flushed, frozen, killed under runs", repeated_effects=0)
    if shutil.which("redis-server") is None:
        row.note = "not tried: redis-server is not installed"
        return row
    done = {"flushed": 0, "frozen": 0, "killed": 0}

    async def disturb(over: asyncio.Event) -> None:
        while not await paused(over, pause_s):
            with suppress(OSError):
                await redis.flush()
            done["flushed"] += 1
            await asyncio.sleep(pause_s)
            await redis.freeze(pause_s)
            done["frozen"] += 1
            await redis.end()
            done["killed"] += 1
            await asyncio.sleep(pause_s)
            await redis.start()

    async with (
        _redis(world.folder) as redis,
        slow_model(world) as model_url,
        fleet(
            world,
            http,
            apis=2,
            workers=1,
            anthropic_base_url=model_url,
            redis_url=f"redis://127.0.0.1:{redis.port}/0",
        ) as platform,
    ):
        wanted = await platform.undisturbed()
        await platform.run_many(row, wanted, runs, at_once=AT_ONCE, disturb=disturb)
    row.note = ", ".join(f"{how} {count} times" for how, count in done.items())
    return row


@asynccontextmanager
async def _redis(folder: Path) -> AsyncGenerator[Redis]:
    redis = Redis(folder, free_port())
    await redis.start()
    try:
        yield redis
    finally:
        if redis.process is not None and redis.process.returncode is None:
            await redis.end()
