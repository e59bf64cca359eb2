"""What one streamed event of the model costs on its way to a client: model's socket, event log,
client's socket. Beside it, what others take for reading the stream alone."""

import asyncio
import os
from dataclasses import replace
from typing import Any

import uvloop

from benchmarks.conversation import Conversation
from benchmarks.model_server import model_server
from benchmarks.options import Options, progress
from benchmarks.processes import Costs
from benchmarks.served import Served, chat, client, converse_all, served
from benchmarks.sides.bare import bare_loop
from benchmarks.sides.base import Conditions, OpenSide
from benchmarks.sides.stock import stock_agent
from stackwright.db.embedded import EmbeddedPostgres

AT_FULL_SPEED = 40_000
PACED_RUNS, PACED_RATE, PACED_S = 10, 50, 20


def measure_events(options: Options) -> dict[str, Any]:
    """Microseconds of the processor for each event; the cost of the run around them is taken off."""
    share = 10 if options.is_quick else 1
    with (
        served(options.data_dir, seats=PACED_RUNS) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        rows = runner.run(_platform_rows(platform, share))
    return {"rows": [*rows, *_rows_of_others(options, AT_FULL_SPEED // share)]}


async def _platform_rows(platform: Served, share: int) -> list[dict[str, Any]]:
    """Of each case, and of runs that take as long and say next to nothing: their cost is taken off."""
    whole = Conversation(run="whole", tokens=AT_FULL_SPEED // share)
    paced = Conversation(run="paced", tokens=PACED_RATE * PACED_S // share, rate=PACED_RATE)
    silent = Conversation(run="silent", thinks_s=PACED_S / share)
    cases = (
        ("one run at full speed", 1, whole, Conversation(run="short")),
        (f"{PACED_RUNS} runs of {PACED_RATE} events/s", PACED_RUNS, paced, silent),
    )
    rows: list[dict[str, Any]] = []
    async with client(platform) as http:
        warm = {f"ev-{n}": Conversation(run=f"warm-{n}") for n in range(PACED_RUNS)}
        await converse_all(http, warm, at_once=5)
        for case, runs, like, unlike in cases:
            progress(case)
            around, _ = await _spent(platform, http, runs, unlike)
            spent, frames = await _spent(platform, http, runs, like)
            events = runs * like.tokens
            rows.append(
                {
                    "case": f"platform, {case}",
                    "events": events,
                    "frames_at_client": frames,
                    "cpu_us_an_event": _us(spent.own - around.own, events),
                    "postgres_cpu_us_an_event": _us(spent.postgres - around.postgres, events),
                }
            )
    return rows


async def _spent(platform: Served, http: Any, runs: int, like: Conversation) -> tuple[Costs, int]:
    """What so many conversations at once cost, and how many frames came. Fails when a piece was lost."""

    async def hold(number: int) -> int:
        conversation = replace(like, run=f"{like.run}-{number}")
        frames = pieces = 0
        async for frame in chat(http, f"ev-{number}", conversation):
            frames += 1
            pieces += frame.data.count(b"a word")
        assert pieces == like.tokens, f"{like.tokens - pieces} pieces of the text were lost"
        return frames

    before = platform.costs()
    async with asyncio.TaskGroup() as group:
        holding = [group.create_task(hold(number)) for number in range(runs)]
    return platform.costs().since(before), sum(task.result() for task in holding)


def _rows_of_others(options: Options, tokens: int) -> list[dict[str, Any]]:
    embedded = EmbeddedPostgres(options.data_dir / "postgres-of-others")
    database_url = embedded.start()
    try:
        with (
            model_server() as model,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            conditions = Conditions(
                data_dir=options.data_dir / "others",
                model_url=model.url,
                database_url=database_url,
                seats=1,
                steps=3,
            )
            return [
                runner.run(_row_of_other(name, side(conditions), database_url, tokens))
                for name, side in (("bare loop", bare_loop), ("create_agent", stock_agent))
            ]
    finally:
        embedded.delete()


async def _row_of_other(
    name: str, opening: OpenSide, database_url: str, tokens: int
) -> dict[str, Any]:
    """In this process, without a log and without a client."""
    progress(name)
    async with opening as side:
        await side.converse(0, Conversation(run=f"{name[0]}-warm"))
        before = Costs.of(os.getpid(), database_url)
        await side.converse(0, Conversation(run=f"{name[0]}-events", tokens=tokens))
        spent = Costs.of(os.getpid(), database_url).since(before)
    return {
        "case": f"{name}, no log, no client",
        "events": tokens,
        "frames_at_client": 0,
        "cpu_us_an_event": _us(spent.own, tokens),
        "postgres_cpu_us_an_event": _us(spent.postgres, tokens),
    }


def _us(seconds: float, count: int) -> float:
    return round(seconds * 1e6 / count, 1)
