"""How much later the first token arrives because the platform stands between client and model."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import aiohttp
import uvloop

from benchmarks.conversation import Conversation, warm_up
from benchmarks.figures import summary
from benchmarks.options import Options
from benchmarks.served import Served, chat, client, converse, served

REPETITIONS = 60
NEW_PROJECTS = 15
PAUSE_S = 0.05
"""Nobody answers in the moment in which a run ends: its last work is not in the next one's way."""


def measure_first_token(options: Options) -> dict[str, Any]:
    """From the POST to the first token at the client, in milliseconds, and without the platform."""
    count, new = (5, 2) if options.is_quick else (REPETITIONS, NEW_PROJECTS)
    with (
        served(options.data_dir, seats=new + 1) as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measured(platform, count, new))


async def _measured(platform: Served, count: int, new: int) -> dict[str, Any]:
    async with client(platform) as http:
        await converse(http, "known", warm_up("warm"))
        direct = [await _direct_ms(http, platform) for _ in range(count)]
        known = [await _through_platform_ms(http, "known", n) for n in range(count)]
        fresh = [await _through_platform_ms(http, f"new-{n}", n) for n in range(new)]
    return {"rows": [_row("known project", known, direct), _row("new project", fresh, direct)]}


def _row(case: str, through: Sequence[float], direct: Sequence[float]) -> dict[str, Any]:
    ours, floor = summary(through), summary(direct)
    return {
        "case": case,
        "direct_ms_p50": floor["p50"],
        "platform_ms_p50": ours["p50"],
        "platform_ms_p95": ours["p95"],
        "added_ms_p50": round(ours["p50"] - floor["p50"], 3),
        "added_ms_p95": round(ours["p95"] - floor["p95"], 3),
    }


async def _through_platform_ms(http: aiohttp.ClientSession, project: str, number: int) -> float:
    conversation = Conversation(run=f"{project}-{number}")
    began = time.monotonic()
    first = 0.0
    # Read to the end: the next message of the project would otherwise queue behind this run.
    async with aclosing(chat(http, project, conversation)) as frames:
        async for frame in frames:
            if frame.type == "agent_thinking" and not first:
                first = frame.at
    await asyncio.sleep(PAUSE_S)
    return (first - began) * 1000


async def _direct_ms(http: aiohttp.ClientSession, platform: Served) -> float:
    message = {"role": "user", "content": Conversation(run="direct").message}
    began = time.monotonic()
    async with http.post(
        f"{platform.model.url}/v1/messages", json={"messages": [message], "tools": []}
    ) as response:
        async for line in response.content:
            if b"text_delta" in line:
                return (time.monotonic() - began) * 1000
    raise AssertionError("the model said nothing")
