"""`make chaos`: breaks real runs in every way we promise to survive, and keeps a table of what held.

Each scenario tried in full renews its row in docs/reliability.md, with the date and the machine. Ends
with 1 if anything did not hold. `--quick` tries a few cases of each and writes nothing.
"""

import argparse
import asyncio
import os
import platform as machine
import re
import signal
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from chaos import clients, freezing, killing, losses, restarts, stopping
from chaos.points import Role, Sample, Strike, at_each_point
from chaos.rows import HEAD, Row, findings, renewed
from chaos.world import World, world

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
_TABLE = re.compile(r"(?<=<!-- chaos -->\n).*?(?=<!-- /chaos -->)", re.DOTALL)

Scenario = Callable[[World, aiohttp.ClientSession], Awaitable[Row]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How often each thing is tried."""

    points: Sample
    """Of the points of each role."""
    lanes: int
    """Platforms that are struck side by side."""
    postgres_runs: int
    postgres_every_s: tuple[float, float]
    redis_runs: int
    redis_pause_s: float
    two_chats: int
    cuts: int
    posts: int
    rolling_runs: int


LONG = Scale(Sample(), 6, 100, (5.0, 40.0), 40, 2.0, 50, 100, 50, 20)
QUICK = Scale(Sample(at_most=8), 4, 6, (2.0, 4.0), 6, 0.5, 4, 10, 20, 4)

STRIKES: Mapping[str, tuple[str, Role, Strike]] = {
    "worker": ("kill -9 of the worker", "worker", killing.kill_worker),
    "api": ("kill -9 of the API process", "api", killing.kill_api),
    "both": ("kill -9 of a process that is both", "both", killing.kill_both),
    "database": ("the worker's database goes away", "worker", freezing.lose_database),
    "overtake": ("the worker stalls and is overtaken", "worker", freezing.overtake),
}


def scenarios(scale: Scale) -> dict[str, Scenario]:
    """By the names that `--only` takes."""
    return {
        **{name: _striking(scale, *strike) for name, strike in STRIKES.items()},
        "stop": partial(stopping.stops, sample=scale.points, lanes=scale.lanes),
        "postgres": partial(
            losses.postgres_restarts, runs=scale.postgres_runs, every_s=scale.postgres_every_s
        ),
        "redis": partial(losses.redis_losses, runs=scale.redis_runs, pause_s=scale.redis_pause_s),
        "two-chats": partial(clients.two_chats, times=scale.two_chats),
        "posts": partial(clients.identical_posts, posts=scale.posts),
        "cuts": partial(clients.stream_cuts, cuts=scale.cuts),
        "rolling": partial(restarts.rolling_restart, runs=scale.rolling_runs),
        "poison": restarts.poison_run,
    }


def _striking(scale: Scale, title: str, role: Role, strike: Strike) -> Scenario:
    async def scenario(world: World, http: aiohttp.ClientSession) -> Row:
        row = Row(f"{title}{scale.points}", repeated_effects=0)
        return await at_each_point(
            world, http, row, role, strike, sample=scale.points, lanes=scale.lanes
        )

    return scenario


async def tried(chosen: Mapping[str, Scenario], *, is_kept: bool) -> AsyncGenerator[Row]:
    """Each in turn."""
    connector = aiohttp.TCPConnector(limit=0)
    async with world(is_kept=is_kept) as made, aiohttp.ClientSession(connector=connector) as http:
        for name, scenario in chosen.items():
            began = time.monotonic()
            row = await scenario(made, http)
            row.seconds = time.monotonic() - began
            if made.model.refusals:  # never right, whoever asked
                row.count("the model's API", [f"refused {one}" for one in made.model.refusals])
                made.model.refusals.clear()
            print(f"{name}: {row.line('now')}", *findings([row]), sep="\n", flush=True)
            yield row
        if is_kept:
            print(f"kept: {made.folder}")


def described() -> str:
    """When and on what."""
    cpus = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"^model name\s*: (.*)$", cpus, re.MULTILINE)
    cpu = found[1] if found else machine.processor()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({cpu}), "
        f"Linux {machine.release()}, Python {machine.python_version()}"
    )


def write(row: Row) -> None:
    """Renew the row's line in the document."""
    page = PAGE.read_text()
    found = _TABLE.search(page)
    assert found, f"{PAGE} has no place for the table"
    table = renewed(found[0], row.line(described()))
    PAGE.write_text(_TABLE.sub(lambda _: table, page))


async def main() -> int:
    here = asyncio.current_task()
    assert here is not None
    # So that nothing is left running: SIGINT is handled like this by itself.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, here.cancel)
    given = _arguments()
    scale = QUICK if given.quick else LONG
    if given.points:
        scale = replace(scale, points=given.points)
    if given.lanes:
        scale = replace(scale, lanes=given.lanes)
    chosen = scenarios(scale)
    if given.only:
        chosen = {name: chosen[name] for name in given.only}
    rows: list[Row] = []
    async for row in tried(chosen, is_kept=given.keep):
        rows.append(row)
        if not given.quick and scale.points.at_most is None:
            write(row)
    print(f"\n{HEAD}{''.join(row.line(described()) + chr(10) for row in rows)}")
    return 0 if all(row.is_good for row in rows if row.tried) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few cases of each, no document")
    parser.add_argument("--points", type=_sample, help="so many points, or from 100-150")
    parser.add_argument("--lanes", type=int, help="platforms that are struck side by side")
    parser.add_argument("--only", nargs="+", choices=list(scenarios(QUICK)), help="scenarios")
    parser.add_argument("--keep", action="store_true", help="leave the processes' folder and logs")
    return parser.parse_args()


def _sample(text: str) -> Sample:
    first, dash, last = text.partition("-")
    if not dash:
        return Sample(at_most=int(first))
    return Sample(int(first), int(last) if last else None)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
