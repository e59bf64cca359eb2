"""How much later the first token arrives because the platform stands between client and model.

Against a bare loop that asks the same model with the same prompt through the same SDK, a lean graph
and `create_agent`, each in one process; and over HTTP, from the POST to the event at the client.
"""

import asyncio
import gc
import time
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import aiohttp
import uvloop

from benchmarks.conversation import Conversation, warm_up
from benchmarks.figures import summary
from benchmarks.model_server import model_server
from benchmarks.options import Options, progress
from benchmarks.served import Served, chat, client, converse, served
from benchmarks.sides.base import Conditions, Side
from benchmarks.steps import SIDES
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.testing.platform_process import share_template_layers

REPETITIONS = 60
NEW_PROJECTS = 15
PAUSE_S = 0.05
"""Nobody answers in the moment in which a run ends: its last work is not in the next one's way. What
comes after a pause meets cold caches, so every side has it."""
ROOM = 5
"""For runs: a platform that has none left does not begin a run with its acceptance."""
FLOOR = "bare loop"


def measure_first_token(options: Options) -> dict[str, Any]:
    """Milliseconds until the first token; `added` is what the bare loop does not take."""
    count, new = (5, 2) if options.is_quick else (REPETITIONS, NEW_PROJECTS)
    taken = _in_process(options, count)
    with (
        served(options.data_dir / "served", seats=new + 1) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        taken |= runner.run(_over_http(platform, count, new))
    return {"rows": [_row(case, each, taken[FLOOR]) for case, each in taken.items()]}


def _in_process(options: Options, count: int) -> dict[str, list[float]]:
    embedded = EmbeddedPostgres(options.data_dir / "postgres")
    database_url = embedded.start()
    taken: dict[str, list[float]] = {}
    try:
        with model_server() as model:
            for name in SIDES:
                progress(name)
                conditions = Conditions(
                    data_dir=options.data_dir / name.replace(" ", "-"),
                    model_url=model.url,
                    database_url=database_url,
                    seats=ROOM,
                    steps=3,
                )
                share_template_layers(conditions.data_dir)
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    taken[name] = runner.run(_of_side(name, conditions, count))
    finally:
        embedded.delete()
    return taken


async def _of_side(name: str, conditions: Conditions, count: int) -> list[float]:
    async with SIDES[name](conditions) as side:
        await side.converse(0, warm_up(f"{name[0]}-warm"))
        gc.collect()
        gc.freeze()  # as `stackwright serve` does
        return [await _heard_ms(side, _answer(f"{name[0]}-{n}")) for n in range(count)]


def _answer(run: str) -> Conversation:
    """Of a model that writes at its pace: the rest of its answer is not in its first word's way."""
    return Conversation(run=run, tokens=3, rate=20)


async def _heard_ms(side: Side, conversation: Conversation) -> float:
    heard: list[float] = []
    await asyncio.sleep(PAUSE_S)
    began = time.monotonic()
    await side.converse(0, conversation, lambda: heard.append(time.monotonic()))
    return (heard[0] - began) * 1000


async def _over_http(platform: Served, count: int, new: int) -> dict[str, list[float]]:
    async with client(platform) as http:
        await converse(http, "known", warm_up("warm"))
        known = [await _answered_ms(http, "known", n) for n in range(count)]
        fresh = [await _answered_ms(http, f"new-{n}", n) for n in range(new)]
    return {"served, known project": known, "served, new project": fresh}


async def _answered_ms(http: aiohttp.ClientSession, project: str, number: int) -> float:
    conversation = _answer(f"{project}-{number}")
    await asyncio.sleep(PAUSE_S)
    began = time.monotonic()
    first = 0.0
    # Read to the end: the next message of the project would otherwise queue behind this run.
    async with aclosing(chat(http, project, conversation)) as frames:
        async for frame in frames:
            if frame.type == "agent_thinking" and not first:
                first = frame.at
    return (first - began) * 1000


def _row(case: str, taken: Sequence[float], floor: Sequence[float]) -> dict[str, Any]:
    ours, least = summary(taken), summary(floor)
    return {
        "case": case,
        "ms_p50": ours["p50"],
        "ms_p95": ours["p95"],
        "added_ms_p50": round(ours["p50"] - least["p50"], 3),
        "added_ms_p95": round(ours["p95"] - least["p95"], 3),
    }
