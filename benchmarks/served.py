"""The platform as people run it: `stackwright serve` in a process of its own, asked over HTTP."""

import asyncio
import re
import resource
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import orjson

from benchmarks.conversation import Conversation
from benchmarks.model_server import ModelServer, model_server
from benchmarks.processes import Costs, resident_mib
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.testing.platform_process import Platform

USER = "bench"
_SENT_AT = re.compile(rb"t=(\d{7}\.\d{6}) a word")


@dataclass(frozen=True, slots=True)
class Frame:
    """An event as the client got it, `at` seconds of the monotonic clock."""

    at: float
    type: str
    data: bytes

    def lags_s(self) -> list[float]:
        """For each of the model's pieces in it: how long ago the model had sent it."""
        return [self.at - float(sent_at) for sent_at in _SENT_AT.findall(self.data)]


@dataclass(frozen=True, slots=True)
class Served:
    """A running platform with its model and its database."""

    url: str
    pid: int
    database_url: str
    model: ModelServer

    def costs(self) -> Costs:
        return Costs.of(self.pid, self.database_url)

    def resident_mib(self) -> float:
        return resident_mib(self.pid)


@contextmanager
def served(data_dir: Path, *, seats: int, max_steps: int = 25) -> Generator[Served]:
    """Serve, with room for `seats` runs and sandboxes at once. The template is empty."""
    embedded = EmbeddedPostgres(data_dir / "postgres")
    database_url = embedded.start()
    try:
        with model_server() as model:
            environment = {
                "DATABASE_URL": database_url,
                "ANTHROPIC_API_KEY": "bench",
                "ANTHROPIC_BASE_URL": model.url,
                "E2B_TEMPLATE_ID": "base",
                "MAX_ITERATIONS": str(max_steps),
                "MAX_SANDBOXES_PER_USER": str(seats),
                "MAX_KEPT_SANDBOXES_PER_USER": "10000",
                "MAX_TOTAL_SANDBOXES": str(seats),
                "MAX_RUNS_PER_WORKER": str(seats),
            }
            running = Platform(data_dir, environment=environment)
            running.start()
            try:
                assert running.process is not None
                yield Served(running.url, running.process.pid, database_url, model)
            finally:
                running.stop()
    finally:
        embedded.delete()


@asynccontextmanager
async def client(served: Served) -> AsyncGenerator[aiohttp.ClientSession]:
    """A client without limits; every stream is a connection, so files may be opened without end."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    async with aiohttp.ClientSession(
        served.url,
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
    ) as http:
        yield http


async def chat(
    http: aiohttp.ClientSession, project: str, conversation: Conversation
) -> AsyncGenerator[Frame]:
    """Post the conversation's message and yield what comes, to the end of the run."""
    body = {"message": conversation.message, "user_id": USER}
    async with http.post(f"/api/projects/{project}/chat", json=body) as response:
        response.raise_for_status()
        async for frame in _frames(response):
            yield frame


async def watch(http: aiohttp.ClientSession, project: str) -> AsyncGenerator[Frame]:
    """Attach to the project's run under way."""
    async with http.get(f"/api/projects/{project}/chat", params={"user_id": USER}) as response:
        response.raise_for_status()
        async for frame in _frames(response):
            yield frame


async def converse(http: aiohttp.ClientSession, project: str, conversation: Conversation) -> None:
    """Hold the conversation to its end and see that it ended well."""
    newest = Frame(0.0, "nothing", b"")
    async with aclosing(chat(http, project, conversation)) as frames:
        async for frame in frames:
            newest = frame
    assert newest.type == "agent_complete", f"{conversation.run} ended with {newest.data!r}"


async def converse_all(
    http: aiohttp.ClientSession,
    conversations: dict[str, Conversation],
    *,
    at_once: int = 1000,
    spread_s: float = 0,
) -> None:
    """One conversation in each project, `at_once` at the same time, begun within `spread_s`."""
    places = asyncio.Semaphore(at_once)

    async def hold(project: str, conversation: Conversation) -> None:
        async with places:
            await converse(http, project, conversation)

    async with asyncio.TaskGroup() as group:
        for project, conversation in conversations.items():
            group.create_task(hold(project, conversation))
            await asyncio.sleep(spread_s / len(conversations))


async def _frames(response: aiohttp.ClientResponse) -> AsyncGenerator[Frame]:
    rest = b""
    async for chunk in response.content.iter_any():
        at = time.monotonic()
        *frames, rest = (rest + chunk).split(b"\n\n")
        for frame in frames:
            _, found, data = frame.partition(b"data: ")
            if found:
                yield Frame(at, orjson.loads(data)["type"], data)
