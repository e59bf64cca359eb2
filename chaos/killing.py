"""Kill -9 at a point, in the worker, in the API process, and in one that is both."""

import asyncio

from chaos.points import LIMIT_S, Stage, Target, last_points
from chaos.processes import Api, Process
from chaos.talking import Client, Conversation


async def kill_worker(stage: Stage, talk: Conversation, target: Target) -> bool:
    """The victim works first; when it is dead another worker starts and takes over."""
    return await _killed(stage, stage.client, talk, stage.lane.worker(**target.settings()))


async def kill_api(stage: Stage, talk: Conversation, target: Target) -> bool:
    """The client speaks to the victim and, when that is dead, to the API that lives."""
    stage.lane.worker()
    victim = await stage.lane.api(**target.settings())
    await _client_of(stage, victim).follow(talk, limit_s=LIMIT_S)
    await last_points(victim)
    return not victim.is_alive


async def kill_both(stage: Stage, talk: Conversation, target: Target) -> bool:
    """The victim begins the run that it accepts. When it is dead the client goes to the API that lives,
    and another worker takes over."""
    victim = await stage.lane.api(works=True, **target.settings())
    return await _killed(stage, _client_of(stage, victim), talk, victim)


def _client_of(stage: Stage, victim: Api) -> Client:
    return Client(stage.http, lambda: victim.url if victim.is_alive else stage.api.url)


async def _killed(stage: Stage, client: Client, talk: Conversation, victim: Process) -> bool:
    """Have the conversation; when the victim, who works on it, is dead, another worker starts."""
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(client.follow(talk, limit_s=LIMIT_S))
        while victim.is_alive and not reading.done():
            await asyncio.sleep(0.01)
        await last_points(victim)
        if not victim.is_alive:
            stage.lane.worker()
    return not victim.is_alive
