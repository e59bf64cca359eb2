"""A running platform of several processes, and many runs on it at once."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from chaos.outcome import Outcome, differences, outcome_of
from chaos.processes import Api, Process
from chaos.rows import Row
from chaos.script import MESSAGE
from chaos.talking import Client, Conversation
from chaos.world import Lane, World
from stackwright.core.ids import new_id
from stackwright.testing.fault_proxy import FaultProxy, Wire

SLOW_S = 0.15
"""Latency of the model's wire where runs must last for some seconds."""
RUN_LIMIT_S = 240.0


Disturb = Callable[[asyncio.Event], Awaitable[None]]
"""Disturbs until the event is set, and leaves everything working."""


@dataclass(slots=True)
class Fleet:
    """`apis` and `workers` are those that should be used now."""

    lane: Lane
    client: Client
    apis: list[Api] = field(default_factory=list[Api])
    workers: list[Process] = field(default_factory=list[Process])

    async def add_api(self) -> None:
        self.apis.append(await self.lane.api())

    def add_worker(self) -> None:
        self.workers.append(self.lane.worker())

    async def undisturbed(self) -> Outcome:
        talk = Conversation(new_id(), MESSAGE)
        await self.client.follow(talk, limit_s=RUN_LIMIT_S)
        return await outcome_of(self.lane, self.client, talk.project)

    async def run_many(
        self,
        row: Row,
        wanted: Outcome,
        count: int,
        *,
        at_once: int,
        disturb: Disturb | None = None,
    ) -> None:
        """Count `count` runs, each compared with `wanted` once all of them and the disturbance are
        over."""
        slots = asyncio.Semaphore(at_once)
        talks = [Conversation(new_id(), MESSAGE, key=new_id()) for _ in range(count)]

        async def one(talk: Conversation) -> str | None:
            async with slots:
                try:
                    await self.client.follow(talk, limit_s=RUN_LIMIT_S)
                except Exception as error:  # noqa: BLE001 (a finding)
                    return f"{type(error).__name__}: {error}"
            return None

        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            if disturb is not None:
                group.create_task(disturb(over))
            errors = await asyncio.gather(*(one(talk) for talk in talks))
            over.set()
        for talk, error in zip(talks, errors, strict=True):
            if error is not None:
                row.count(talk.project, [error])
                continue
            outcome = await outcome_of(self.lane, self.client, talk.project)
            faults = [*differences(wanted, outcome), *talk.faults()]
            row.count(talk.project, faults, repeated_effects=outcome.repeated_effects)


@asynccontextmanager
async def fleet(
    world: World, http: aiohttp.ClientSession, *, apis: int, workers: int, **settings: Any
) -> AsyncGenerator[Fleet]:
    """Started; every process is killed at the end."""
    async with world.lane() as lane:
        lane.extra = settings
        running: list[Api] = []

        def somebody() -> str:
            alive = [api for api in running if api.is_alive]
            return random.choice(alive or running).url

        made = Fleet(lane, Client(http, somebody), running)
        for _ in range(apis):
            await made.add_api()
        for _ in range(workers):
            made.add_worker()
        yield made


async def paused(over: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until it is over; whether it is."""
    try:
        async with asyncio.timeout(seconds):
            return await over.wait()
    except TimeoutError:
        return False


@asynccontextmanager
async def slow_model(world: World, latency_s: float = SLOW_S) -> AsyncGenerator[str]:
    """The address of the world's model behind a slow wire."""
    async with FaultProxy(("127.0.0.1", world.model.port), Wire(latency_s=latency_s)) as proxy:
        yield f"http://127.0.0.1:{proxy.port}"
