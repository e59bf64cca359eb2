"""`make chaos`: breaks real runs in every way we promise to survive, and keeps a table of what held.

The table goes into docs/reliability.md with the date and the machine. Ends with 1 if anything did not
hold. `--quick` tries a few cases of each and writes nothing.
"""

import argparse
import asyncio
import os
import platform as machine
import re
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from chaos import clients, killing, losses, restarts
from chaos.rows import Row, findings, table
from chaos.world import World, world

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
_TABLE = re.compile(r"(?<=<!-- chaos -->\n).*?(?=<!-- /chaos -->)", re.DOTALL)

Scenario = Callable[[World, aiohttp.ClientSession], Awaitable[Row]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How often each thing is tried."""

    points: int | None
    """Kill points of each role; None: all."""
    lanes: int
    """Platforms that are killed side by side."""
    postgres_runs: int
    postgres_every_s: tuple[float, float]
    redis_runs: int
    redis_pause_s: float
    two_chats: int
    cuts: int
    posts: int
    rolling_runs: int


LONG = Scale(None, 3, 100, (5.0, 40.0), 40, 2.0, 50, 100, 50, 20)
QUICK = Scale(8, 2, 6, (2.0, 4.0), 6, 0.5, 4, 10, 20, 4)


def scenarios(scale: Scale) -> dict[str, Scenario]:
    """By the names that `--only` takes."""
    return {
        "worker": lambda w, http: killing.kill_points(
            w, http, "worker", at_most=scale.points, lanes=scale.lanes
        ),
        "api": lambda w, http: killing.kill_points(
            w, http, "api", at_most=scale.points, lanes=scale.lanes
        ),
        "postgres": lambda w, http: losses.postgres_restarts(
            w, http, runs=scale.postgres_runs, every_s=scale.postgres_every_s
        ),
        "redis": lambda w, http: losses.redis_losses(
            w, http, runs=scale.redis_runs, pause_s=scale.redis_pause_s
        ),
        "two-chats": lambda w, http: clients.two_chats(w, http, times=scale.two_chats),
        "posts": lambda w, http: clients.identical_posts(w, http, posts=scale.posts),
        "cuts": lambda w, http: clients.stream_cuts(w, http, cuts=scale.cuts),
        "rolling": lambda w, http: restarts.rolling_restart(w, http, runs=scale.rolling_runs),
        "poison": restarts.poison_run,
    }


async def tried(chosen: dict[str, Scenario]) -> list[Row]:
    """Each in turn, told as it ends."""
    rows: list[Row] = []
    connector = aiohttp.TCPConnector(limit=0)
    async with world() as made, aiohttp.ClientSession(connector=connector) as http:
        for name, scenario in chosen.items():
            began = time.monotonic()
            row = await scenario(made, http)
            row.seconds = time.monotonic() - began
            rows.append(row)
            print(f"{name}: {table([row]).splitlines()[-1]}", flush=True)
            print("\n".join(findings([row])), flush=True)
        if made.model.refusals:
            row = Row("requests that the model API would refuse", tried=len(made.model.refusals))
            row.findings = made.model.refusals
            rows.append(row)
    return rows


def described() -> str:
    """When and on what."""
    cpus = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"^model name\s*: (.*)$", cpus, re.MULTILINE)
    cpu = found[1] if found else machine.processor()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({cpu}), "
        f"Linux {machine.release()}, Python {machine.python_version()}"
    )


def write(rows: list[Row]) -> None:
    """Put the table in its place in the document."""
    said = f"{described()}\n\n{table(rows)}\n"
    page = PAGE.read_text()
    assert _TABLE.search(page), f"{PAGE} has no place for the table"
    PAGE.write_text(_TABLE.sub(lambda _: said, page))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few cases of each, no document")
    parser.add_argument("--points", type=int, help="kill points of each role (default: all)")
    parser.add_argument("--lanes", type=int, help="platforms that are killed side by side")
    parser.add_argument("--only", nargs="+", choices=list(scenarios(QUICK)), help="scenarios")
    given = parser.parse_args()
    scale = QUICK if given.quick else LONG
    changed = {"points": given.points, "lanes": given.lanes}
    scale = replace(scale, **{name: value for name, value in changed.items() if value is not None})
    chosen = scenarios(scale)
    if given.only:
        chosen = {name: chosen[name] for name in given.only}
    rows = asyncio.run(tried(chosen))
    print(f"\n{described()}\n\n{table(rows)}")
    if not given.quick and not given.only:
        write(rows)
    return 0 if all(row.is_good for row in rows if row.tried) else 1


if __name__ == "__main__":
    sys.exit(main())
