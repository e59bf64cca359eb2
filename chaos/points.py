"""Each point that a clean run passes, and a run that is struck at it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp

from chaos.outcome import Outcome, differences, outcome_of
from chaos.processes import Api, Process
from chaos.rows import Row
from chaos.script import MESSAGE, NEXT_MESSAGE
from chaos.talking import Client, Conversation
from chaos.world import Lane, World
from stackwright.core.ids import new_id

Role = Literal["worker", "api", "both"]

AFTER_THE_END_S = 3.0
"""The last points come after the client has seen the end."""
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Which of a clean run's points are tried: numbers from `first` to `last`, and of those at most
    so many, chosen so that every kind is among them."""

    first: int = 1
    last: int | None = None
    at_most: int | None = None

    def __str__(self) -> str:
        """What is left out, as a part of a row's name."""
        if (self.first, self.last) == (1, None):
            return ""
        return f", points {self.first} to {self.last or 'the last'}"

    def of(self, names: Sequence[str]) -> list[int]:
        """`names` are those of all points, in order."""
        numbers = range(self.first, min(self.last or len(names), len(names)) + 1)
        if self.at_most is None or self.at_most >= len(numbers):
            return list(numbers)
        kinds: dict[str, int] = {}
        for number in numbers:
            kinds.setdefault(names[number - 1], number)
        first = list(kinds.values())
        others = [number for number in numbers if number not in first]
        random.shuffle(first)
        random.shuffle(others)
        return [*first, *others][: self.at_most]


@dataclass(frozen=True, slots=True)
class Struck:
    """What came of a run that was struck at a point."""

    number: int
    name: str
    """Of the point; "" when the run ended before."""
    faults: tuple[str, ...]
    repeated_effects: int = 0


class Stage:
    """One lane with an API process that nobody harms."""

    def __init__(self, lane: Lane, http: aiohttp.ClientSession, api: Api) -> None:
        self.lane = lane
        self.http = http
        self.api = api
        self.client = Client(http, lambda: api.url)

    async def undisturbed(self, role: Role) -> tuple[Outcome, list[str]]:
        """What a run leaves, and the names of the points that a process of this role passes."""
        log = self.lane.folder / "clean.points"
        works = role == "both"
        api = await self.lane.api(works=works, kill_log=None if role == "worker" else log)
        worker = api if works else self.lane.worker(kill_log=log if role == "worker" else None)
        talk = Conversation(new_id(), MESSAGE)
        await Client(self.http, lambda: api.url).follow(talk, limit_s=LIMIT_S)
        await last_points(worker)
        names = _names_in(log)
        await self._go_on(talk)
        outcome = await outcome_of(self.lane, self.client, talk.project)
        await self.lane.kill_all(but=self.api)
        return outcome, names

    async def struck(
        self, strike: "Strike", number: int, wanted: Outcome, judge: "Judge"
    ) -> Struck:
        """One run with one stroke. Whatever goes wrong is a fault of the result, never an error."""
        talk = Conversation(new_id(), MESSAGE, key=new_id())
        log = self.lane.folder / f"{new_id()}.points"
        try:
            async with asyncio.timeout(LIMIT_S):
                if not await strike(self, talk, Target(number, log)):
                    return Struck(number, "", ())
                await self._go_on(talk)
                outcome = await outcome_of(self.lane, self.client, talk.project)
        except Exception as error:  # noqa: BLE001 (a finding)
            told = f"{type(error).__name__}: {error}; {await self._told(talk)}"
            return Struck(number, _name_in(log, number), (told,))
        finally:
            await self.lane.kill_all(but=self.api)
        faults = (*judge(wanted, outcome), *talk.faults())
        return Struck(number, _name_in(log, number), faults, outcome.repeated_effects)

    async def _go_on(self, talk: Conversation) -> None:
        """The conversation's next message, to a worker that lives."""
        await self.client.follow(Conversation(talk.project, NEXT_MESSAGE), limit_s=LIMIT_S)

    async def _told(self, talk: Conversation) -> str:
        """Where the run stands, for whoever looks for the cause."""
        seen = [event["type"] for event in talk.events[-3:]]
        try:
            runs = (await self.client.get(f"/api/projects/{talk.project}/runs"))["runs"]
        except Exception as error:  # noqa: BLE001 (a finding)
            return f"project {talk.project}, seen {seen}, {type(error).__name__}: {error}"
        states = [(run["status"], run["attempts"], run["last_seq"]) for run in runs]
        return f"project {talk.project}, seen {seen}, runs {states}"


@dataclass(frozen=True, slots=True)
class Target:
    """The settings of a process that meets its fate at a point."""

    number: int
    log: Path

    def settings(self, **more: Any) -> dict[str, Any]:
        return {"kill_at": self.number, "kill_log": self.log, **more}


Strike = Callable[[Stage, Conversation, Target], Awaitable[bool]]
"""Has the conversation happen, and something happen to a process at the target. Whether it did; then
a worker must live."""
Judge = Callable[[Outcome, Outcome], Sequence[str]]
"""What is wrong, given what an undisturbed run leaves and what this one has left."""


async def at_each_point(
    world: World,
    http: aiohttp.ClientSession,
    row: Row,
    role: Role,
    strike: Strike,
    *,
    sample: Sample,
    lanes: int,
    judge: Judge = differences,
) -> Row:
    """Count a struck run for each point that a clean run passes in a process of this role. `lanes`
    platforms work side by side."""
    async with world.lane() as lane:
        wanted, names = await Stage(lane, http, await lane.api()).undisturbed(role)
    waiting = sample.of(names)[::-1]
    missed = 0

    async def work_off() -> None:
        nonlocal missed
        async with world.lane() as lane:
            stage = Stage(lane, http, await lane.api())
            while waiting:
                struck = await stage.struck(strike, waiting.pop(), wanted, judge)
                if not struck.name:
                    missed += 1
                    continue
                case = f"point {struck.number} ({struck.name})"
                row.count(case, struck.faults, repeated_effects=struck.repeated_effects)
                if struck.faults:
                    print(f"{row.name}: {case}: {'; '.join(struck.faults)}"[:2000], flush=True)

    async with asyncio.TaskGroup() as group:
        for _ in range(lanes):
            group.create_task(work_off())
    row.note = f"{len(names)} points of {len(set(names))} kinds in a clean run"
    if missed:
        row.note += f"; {missed} runs were shorter than their point"
    return row


async def last_points(process: Process) -> None:
    """Give a process that may still be on its way to a point the time to come there."""
    try:
        await process.struck(limit_s=AFTER_THE_END_S)
    except TimeoutError:
        return


def _names_in(log: Path) -> list[str]:
    return [line.partition(" ")[2] for line in log.read_text().splitlines()]


def _name_in(log: Path, number: int) -> str:
    """Of the point of this number; "" when it was not reached."""
    names = _names_in(log) if log.exists() else []
    return names[number - 1] if number <= len(names) else ""
