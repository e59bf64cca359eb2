"""Processes that are replaced on purpose, and a run that kills whoever works on it."""

import asyncio
import signal
import time

import aiohttp

from chaos.fleet import RUN_LIMIT_S, Fleet, fleet, slow_model
from chaos.outcome import forget_sandboxes
from chaos.processes import Process
from chaos.rows import Row
from chaos.script import MESSAGE, SHORT_MESSAGE
from chaos.talking import Conversation
from chaos.world import World
from stackwright.core.ids import new_id

POISON_AT = 40
"""A kill point in the middle of a run."""


async def rolling_restart(world: World, http: aiohttp.ClientSession, *, runs: int) -> Row:
    """Every process gets SIGTERM while all runs are live and streamed; its successor runs already."""
    row = Row("live runs through a rolling restart (SIGTERM)", repeated_effects=0)
    async with (
        slow_model(world) as model_url,
        fleet(world, http, apis=2, workers=2, anthropic_base_url=model_url) as platform,
    ):
        wanted = await platform.undisturbed()
        running = asyncio.get_running_loop().create_task(
            platform.run_many(row, wanted, runs, at_once=runs)
        )
        await asyncio.sleep(1.0)
        exits = await _replace_all(platform)
        await running
    slowest = max(seconds for _, seconds in exits)
    codes = sorted({code for code, _ in exits})
    row.note = f"{len(exits)} processes ended, slowest {slowest:.1f} s, exit codes {codes}"
    return row


async def _replace_all(platform: Fleet) -> list[tuple[int, float]]:
    exits: list[tuple[int, float]] = []
    for old in list(platform.apis):
        await platform.add_api()
        platform.apis.remove(old)
        exits.append(await _terminated(old))
    for worker in list(platform.workers):
        platform.add_worker()
        platform.workers.remove(worker)
        exits.append(await _terminated(worker))
    return exits


async def _terminated(process: Process) -> tuple[int, float]:
    """Its exit code, and the seconds that its end took."""
    began = time.monotonic()
    process.send(signal.SIGTERM)
    code = await process.ended(limit_s=60)
    return code, time.monotonic() - began


async def poison_run(world: World, http: aiohttp.ClientSession) -> Row:
    """A run that kills three workers is given up, and the project is as good as before."""
    row = Row("a run that kills its worker three times is given up")
    async with fleet(world, http, apis=1, workers=0) as platform:
        talk = Conversation(new_id(), MESSAGE)
        reading = asyncio.get_running_loop().create_task(
            platform.client.follow(talk, limit_s=RUN_LIMIT_S)
        )
        for _ in range(3):
            await platform.lane.worker(kill_at=POISON_AT).ended(limit_s=60)
        platform.add_worker()
        await reading
        last = talk.events[-1]
        faults = talk.faults()
        if (last["type"], last.get("error_type")) != ("error", "run_interrupted"):
            faults.append(f"it ended with {last}")
        again = Conversation(talk.project, SHORT_MESSAGE)
        await platform.client.follow(again)
        if again.events[-1]["type"] != "agent_complete":
            faults.append(f"the next message ended with {again.events[-1]}")
        await forget_sandboxes(platform.lane, talk.project)
        row.count(talk.project, faults)
    return row
