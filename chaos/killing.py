"""Kill -9 at each point that a clean run passes, in the worker and in the API process."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp

from chaos.outcome import Outcome, differences, outcome_of
from chaos.processes import Api, Process
from chaos.rows import Row
from chaos.script import MESSAGE
from chaos.talking import Client, Conversation
from chaos.world import Lane, World
from stackwright.core.ids import new_id

Role = Literal["worker", "api"]

NAMES: Mapping[Role, str] = {"worker": "worker", "api": "API process"}
AFTER_THE_END_S = 3.0
"""The last points come after the client has seen the end."""
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Point:
    role: Role
    number: int


@dataclass(frozen=True, slots=True)
class Killed:
    """What came of a run whose process was killed at a point."""

    point: Point
    name: str
    """Of the point at which it died; "" when the run ended before."""
    faults: tuple[str, ...]
    repeated_effects: int = 0

    @property
    def was_killed(self) -> bool:
        return bool(self.name)


async def kill_points(
    world: World, http: aiohttp.ClientSession, role: Role, *, at_most: int | None, lanes: int
) -> Row:
    """Kill at each point that a clean run passes in a process of this role, or at a sample that has
    every kind of point. `lanes` platforms work side by side."""
    row = Row(f"kill -9 of the {NAMES[role]}", repeated_effects=0)
    async with world.lane() as lane:
        api = await lane.api()
        wanted, names = await Killer(lane, http, api).undisturbed()
    waiting = [Point(role, number) for number in chosen(names[role], at_most)]
    count, kinds, missed = len(names[role]), len(set(names[role])), 0

    async def work_off() -> None:
        nonlocal missed
        async with world.lane() as lane:
            killer = Killer(lane, http, await lane.api())
            while waiting:
                killed = await killer.kill_at(waiting.pop(), wanted)
                if not killed.was_killed and not killed.faults:
                    missed += 1
                    continue
                case = f"point {killed.point.number} ({killed.name})"
                row.count(case, killed.faults, repeated_effects=killed.repeated_effects)

    async with asyncio.TaskGroup() as group:
        for _ in range(lanes):
            group.create_task(work_off())
    row.note = f"{count} points of {kinds} kinds in a clean run"
    if missed:
        row.note += f"; {missed} runs were shorter than their point"
    return row


def chosen(names: Sequence[str], at_most: int | None) -> list[int]:
    """Numbers of points: all, or the first of each kind and then others at random."""
    numbers = list(range(1, len(names) + 1))
    if at_most is None or at_most >= len(numbers):
        return numbers
    first = [names.index(name) + 1 for name in dict.fromkeys(names)]
    others = [number for number in numbers if number not in first]
    random.shuffle(first)
    random.shuffle(others)
    return [*first, *others][:at_most]


class Killer:
    """Works in one lane, which keeps one API process that nobody kills."""

    def __init__(self, lane: Lane, http: aiohttp.ClientSession, api: Api) -> None:
        self._lane = lane
        self._http = http
        self._api = api
        self._client = Client(http, lambda: api.url)

    async def undisturbed(self) -> tuple[Outcome, dict[Role, list[str]]]:
        """What a run leaves, and the names of the points that each process passes."""
        logs: dict[Role, Path] = {
            "worker": self._lane.folder / "worker.points",
            "api": self._lane.folder / "api.points",
        }
        worker = self._lane.worker(kill_log=logs["worker"])
        api = await self._lane.api(kill_log=logs["api"])
        talk = Conversation(new_id(), MESSAGE)
        await Client(self._http, lambda: api.url).follow(talk, limit_s=LIMIT_S)
        await _last_points(worker)
        outcome = await outcome_of(self._lane, self._client, talk.project)
        await asyncio.gather(worker.kill(), api.kill())
        return outcome, {role: names_in(log) for role, log in logs.items()}

    async def kill_at(self, point: Point, wanted: Outcome) -> Killed:
        """One run with one death. Whatever goes wrong is a fault of the result, never an error."""
        talk = Conversation(new_id(), MESSAGE, key=new_id())
        log = self._lane.folder / f"{point.role}.{point.number}.points"
        try:
            async with asyncio.timeout(LIMIT_S):
                match point.role:
                    case "worker":
                        await self._kill_worker(talk, point.number, log)
                    case "api":
                        await self._kill_api(talk, point.number, log)
                outcome = await outcome_of(self._lane, self._client, talk.project)
        except Exception as error:  # noqa: BLE001 (a finding)
            await self._lane.kill_all(but=self._api)
            return Killed(point, _last(log), (f"{type(error).__name__}: {error}",))
        faults = (*differences(wanted, outcome), *talk.faults())
        return Killed(point, self._died_at, faults, outcome.repeated_effects)

    async def _kill_worker(self, talk: Conversation, number: int, log: Path) -> None:
        """The victim works first; when it is dead another worker starts and takes over."""
        victim = self._lane.worker(kill_at=number, kill_log=log)
        successor: Process | None = None
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._client.follow(talk, limit_s=LIMIT_S))
            while victim.is_alive and not reading.done():
                await asyncio.sleep(0.01)
            await _last_points(victim)
            if not victim.is_alive:
                successor = self._lane.worker()
        self._died_at = "" if victim.is_alive else _last(log)
        await asyncio.gather(*(p.kill() for p in (victim, successor) if p is not None))

    async def _kill_api(self, talk: Conversation, number: int, log: Path) -> None:
        """The client speaks to the victim and, when that is dead, to the API that lives."""
        worker = self._lane.worker()
        victim = await self._lane.api(kill_at=number, kill_log=log)
        client = Client(self._http, lambda: victim.url if victim.is_alive else self._api.url)
        await client.follow(talk, limit_s=LIMIT_S)
        await _last_points(victim)
        self._died_at = "" if victim.is_alive else _last(log)
        await asyncio.gather(worker.kill(), victim.kill())

    _died_at = ""


async def _last_points(process: Process) -> None:
    """Give a process that may still be on its way to a point the time to come there."""
    try:
        await process.ended(limit_s=AFTER_THE_END_S)
    except TimeoutError:
        return


def names_in(log: Path) -> list[str]:
    return [line.partition(" ")[2] for line in log.read_text().splitlines()]


def _last(log: Path) -> str:
    names = names_in(log) if log.exists() else []
    return names[-1] if names else ""
