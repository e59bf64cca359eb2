"""What clients do: speak at the same time, repeat themselves, lose their connection."""

import asyncio
import random
from contextlib import AsyncExitStack

import aiohttp

from chaos.fleet import Fleet, fleet, slow_model
from chaos.outcome import forget_sandboxes
from chaos.rows import Row
from chaos.script import MESSAGE, SHORT_MESSAGE
from chaos.talking import Client, Conversation
from chaos.world import World
from stackwright.core.ids import new_id
from stackwright.testing.fault_proxy import FaultProxy, Wire

MOST_BYTES = 6000
"""After so many bytes of an answer at the latest a connection is cut."""


async def two_chats(world: World, http: aiohttp.ClientSession, *, times: int) -> Row:
    """Two messages to one project at the same moment, through two processes."""
    row = Row("two chats at once, both kept in order")
    async with fleet(world, http, apis=2, workers=2) as platform:
        for _ in range(times):
            row.count(*await _two_chats(platform))
    return row


async def _two_chats(platform: Fleet) -> tuple[str, list[str]]:
    project = new_id()
    texts = [f"{SHORT_MESSAGE} {number}" for number in ("one", "two")]
    talks = [Conversation(project, text, key=new_id()) for text in texts]
    await asyncio.gather(*(platform.client.follow(talk) for talk in talks))
    history = (await platform.client.get(f"/api/projects/{project}/history"))["messages"]
    runs = (await platform.client.get(f"/api/projects/{project}/runs"))["runs"]
    await forget_sandboxes(platform.lane, project)
    faults = [fault for talk in talks for fault in talk.faults()]
    asked = [message["content"] for message in history if message["role"] == "user"]
    if sorted(asked) != sorted(texts):
        faults.append(f"the history holds {asked}")
    told = [run["input"] for run in sorted(runs, key=lambda run: run["number"])]
    if told != asked:
        faults.append(f"runs in order {told}, messages in order {asked}")
    if [message["status"] for message in history if message["role"] == "assistant"] != [
        "answered"
    ] * 2:
        faults.append(f"statuses {[message['status'] for message in history]}")
    return project, faults


async def identical_posts(world: World, http: aiohttp.ClientSession, *, posts: int) -> Row:
    """The same request with the same Idempotency-Key, all at once, through two processes."""
    row = Row("identical POSTs, one run")
    async with fleet(world, http, apis=2, workers=1) as platform:
        project, key = new_id(), new_id()
        talks = [Conversation(project, SHORT_MESSAGE, key=key) for _ in range(posts)]
        await asyncio.gather(*(platform.client.follow(talk) for talk in talks))
        history = (await platform.client.get(f"/api/projects/{project}/history"))["messages"]
        runs = (await platform.client.get(f"/api/projects/{project}/runs"))["runs"]
        await forget_sandboxes(platform.lane, project)
        for talk in talks:
            same = talk.run_id == runs[0]["id"] and talk.frames == talks[0].frames
            row.count(project, talk.faults() if same else ["another run or other events"])
        if len(runs) != 1 or len(history) != 2:
            row.count(project, [f"{len(runs)} runs, {len(history)} messages"])
    row.note = "all answers byte-equal"
    return row


async def stream_cuts(world: World, http: aiohttp.ClientSession, *, cuts: int) -> Row:
    """Readers of a run in progress whose connections break at random bytes; each resumes at the
    other process by `Last-Event-ID`."""
    row = Row("streams cut at random, resumed byte-equal")
    async with AsyncExitStack() as stack:
        model_url = await stack.enter_async_context(slow_model(world))
        platform = await stack.enter_async_context(
            fleet(world, http, apis=2, workers=1, anthropic_base_url=model_url)
        )
        wires = [
            await stack.enter_async_context(FaultProxy(("127.0.0.1", api.port)))
            for api in platform.apis
        ]
        while row.tried < cuts:
            await _cut_readers(platform, wires, http, row)
    return row


async def _cut_readers(
    platform: Fleet, wires: list[FaultProxy], http: aiohttp.ClientSession, row: Row
) -> None:
    """One run with five readers. Each cut of a reader counts."""
    project, key = new_id(), new_id()
    readers = [Conversation(project, MESSAGE, key=key) for _ in range(5)]

    def next_wire() -> str:
        wire = random.choice(wires)
        wire.wire = Wire(
            cut_after_bytes=random.randint(1, MOST_BYTES), resets=random.random() < 0.5
        )
        return f"http://127.0.0.1:{wire.port}"

    await asyncio.gather(*(Client(http, next_wire).follow(talk) for talk in readers))
    whole = Conversation(project, MESSAGE, key=key)
    await platform.client.follow(whole)
    await forget_sandboxes(platform.lane, project)
    for talk in readers:
        same = talk.frames == whole.frames
        faults = talk.faults() if same else ["other bytes than an uncut reader"]
        for _ in range(talk.connections - 1):
            row.count(project, faults)
