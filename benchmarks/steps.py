"""An agent step that writes 4 KB through the sandbox, with commits and events, against a bare loop.

Both sides talk to the same scripted model server over HTTP and write the same files. The bare loop
has no graph, no database and no sandbox: it is the floor.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks.figures import summary
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.settings import Settings, load_settings
from stackwright.core.tasks import spawn
from stackwright.main import Platform, platform
from stackwright.runs.apps import ProjectApps
from stackwright.runs.queue import QueueWorker
from stackwright.testing.platform_process import share_template_layers
from stackwright.testing.script import call, say
from stackwright.testing.scripted_model import ScriptedModel

FILE_BYTES = 4096
USER, PROJECT = UserId("bench"), ProjectId("bench-steps")
TEXT = "x" * 63 + "\n"


async def measure_steps(data_dir: Path, count: int) -> dict[str, Any]:
    """Milliseconds per step for the platform and for the bare loop, and their difference."""
    async with ScriptedModel() as model:
        turns = [
            call("write_file", path=f"notes/{number}.txt", content=TEXT * (FILE_BYTES // len(TEXT)))
            for number in range(count)
        ]
        model.script(*turns, say("Done."), when="bare")
        bare_ms = await _bare_loop(model.url, data_dir / "bare", count)
        model.script(say("Hello."), *turns, say("Done."), when="platform")
        platform_ms = await _platform(model.url, data_dir, count)
    return {
        "platform": summary(platform_ms),
        "bare_loop": summary(bare_ms),
        "overhead_p50": round(summary(platform_ms)["p50"] - summary(bare_ms)["p50"], 3),
        "ratio_p50": round(summary(platform_ms)["p50"] / summary(bare_ms)["p50"], 1),
        "unit": "ms per step",
    }


async def _bare_loop(url: str, folder: Path, count: int) -> list[float]:
    """Ask, parse, write, ask again: nothing else."""
    folder.mkdir(parents=True)
    messages: list[dict[str, Any]] = [{"role": "user", "content": "bare"}]
    steps: list[float] = []
    async with aiohttp.ClientSession(
        headers={"x-api-key": "k", "anthropic-version": "2023-06-01"}
    ) as http:
        for _ in range(count):
            began = time.perf_counter()
            block, arguments = await _ask(http, url, messages)
            await asyncio.to_thread(
                (folder / Path(arguments["path"]).name).write_text, arguments["content"]
            )
            block["input"] = arguments
            result = {"type": "tool_result", "tool_use_id": block["id"], "content": "Written."}
            messages += [
                {"role": "assistant", "content": [block]},
                {"role": "user", "content": [result]},
            ]
            steps.append((time.perf_counter() - began) * 1000)
    return steps


async def _ask(
    http: aiohttp.ClientSession, url: str, messages: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "model": "m",
        "max_tokens": 8192,
        "stream": True,
        "messages": messages,
        "tools": [{"name": "write_file", "description": "w", "input_schema": {"type": "object"}}],
    }
    block: dict[str, Any] = {}
    pieces: list[str] = []
    async with http.post(
        f"{url}/v1/messages", data=orjson.dumps(body), headers={"content-type": "application/json"}
    ) as answer:
        async for line in answer.content:
            if not line.startswith(b"data:"):
                continue
            event = orjson.loads(line[5:])
            if event["type"] == "content_block_start":
                block = event["content_block"]
            elif event["type"] == "content_block_delta":
                pieces.append(event["delta"].get("partial_json", ""))
    return block, orjson.loads("".join(pieces))


async def _platform(url: str, data_dir: Path, count: int) -> list[float]:
    """The real thing, in this process: queue, graph, checkpoints, ledger, sandbox, event log."""
    settings = _settings(url, data_dir, count)
    share_template_layers(data_dir)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(platform(settings))
        worker = QueueWorker(parts.direct_url, parts.database, parts.driver.drive)
        working = spawn(worker.run(), name="bench worker")
        await _settled(parts)
        accepted = await parts.runs.accept(user_id=USER, project_id=PROJECT, message="steps")
        moments = [
            event.created_at.timestamp() * 1000
            async for event in _until_written(
                parts.events.tail(USER, PROJECT, accepted.run_id), count
            )
            if event.type == "tool_complete"
        ]
        await parts.runs.cancel(USER, PROJECT, accepted.run_id)
        working.cancel()
        await asyncio.wait({working})
    # Events are committed in batches of up to 50 ms: the mean over all steps is exact enough.
    return [(moments[-1] - moments[0]) / (len(moments) - 1)]


async def _settled(parts: Platform) -> None:
    """A first run without work, and the app's services up: they must not compete with the steps."""
    first = await parts.runs.accept(user_id=USER, project_id=PROJECT, message="platform")
    async for _ in parts.events.tail(USER, PROJECT, first.run_id):
        pass
    await ProjectApps(parts.surroundings, parts.runs, parts.checkpoints).wake(USER, PROJECT)


async def _until_written(events: Any, count: int) -> Any:
    done = 0
    async for event in events:
        yield event
        done += event.type == "tool_complete"
        if done == count:
            return


def _settings(url: str, data_dir: Path, count: int) -> Settings:
    return load_settings(
        {
            "stackwright_data_dir": data_dir,
            "log_dir": data_dir / "log",
            "anthropic_api_key": "bench",
            "anthropic_base_url": url,
            "max_iterations": count + 10,
        }
    )
