"""Stop the worker at a point, and let it go on when the world around it is another."""

import asyncio
import random
import signal

from chaos.points import LIMIT_S, Stage, Target, last_points
from chaos.processes import Process
from chaos.talking import Conversation
from stackwright.testing.absent_database import absent

AWAY_S = (0.0, 5.0)
"""How long the database is away: too short to be noticed twice, and longer than a worker waits
before it gives its runs back."""
WAKING_S = 1.5
"""Enough for a worker that goes on to do whatever it was about to do."""


async def lose_database(stage: Stage, talk: Conversation, target: Target) -> bool:
    """While the worker stands still its database drops all connections and takes no new ones for a
    while."""
    victim = stage.lane.worker(**target.settings(kill_signal=signal.SIGSTOP))
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(stage.client.follow(talk, limit_s=LIMIT_S))
        was_frozen = await frozen(victim, reading)
        if was_frozen:
            async with absent(stage.lane.database_url):
                victim.send(signal.SIGCONT)
                await asyncio.sleep(random.choice(AWAY_S))
    run = await stage.client.get(f"/api/projects/{talk.project}/runs/{talk.run_id}")
    if run["attempts"] != 1:
        raise AttemptCounted(f"a worker that lives counts as {run['attempts']} attempts")
    return was_frozen


async def overtake(stage: Stage, talk: Conversation, target: Target) -> bool:
    """The worker stands still until another has taken its run and ended it, then it goes on."""
    victim = stage.lane.worker(**target.settings(kill_signal=signal.SIGSTOP))
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(stage.client.follow(talk, limit_s=LIMIT_S))
        was_frozen = await frozen(victim, reading)
        if was_frozen:
            stage.lane.worker()
    victim.send(signal.SIGCONT)
    await asyncio.sleep(WAKING_S)
    return was_frozen


class AttemptCounted(Exception):
    """A run was charged with an attempt that no worker died of."""


async def frozen(victim: Process, reading: asyncio.Task[None]) -> bool:
    """Wait until it stands still, or until it ends; whether it stands still."""
    while not (victim.is_frozen or reading.done()):
        await asyncio.sleep(0.01)
    await last_points(victim)
    return victim.is_frozen
