"""What `stackwright serve` and `stackwright worker` run, from the first log line to the last: the API's server,
the work on runs, and their end on a signal. `main.py` builds the parts.
"""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from types import FrameType
from typing import Any

import uvicorn
import uvloop

from stackwright.api.app import create_app
from stackwright.api.http_protocol import server_config
from stackwright.core import killpoints
from stackwright.core.logging import LOG_FILE, configure_logging
from stackwright.core.setting_groups import ModelSettings
from stackwright.core.settings import Settings
from stackwright.core.tasks import spawn
from stackwright.main import Platform, api_services, platform
from stackwright.runs.queue.worker import QueueWorker

log = logging.getLogger(__name__)

WORKER_GRACE_S = 1.5
"""How long a step may go on after SIGTERM before it is broken off and handed over."""
SERVER_GRACE_S = 1


def run(work_to_do: Coroutine[Any, Any, None]) -> None:
    """Run a whole program on uvloop: a step of the agent takes less of the processor on it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work_to_do)


async def serve(
    settings: Settings, *, with_worker: bool = True, expects_work: bool = False
) -> None:
    """Serve the API, and work on runs unless told otherwise, until SIGINT or SIGTERM. Agent and model are
    loaded when the first visitor comes; with `expects_work` they are loaded at the start."""
    configure_logging(settings.logs)
    killpoints.arm(settings.kill_at, settings.kill_log, how=settings.kill_signal)
    async with platform(settings) as parts:
        _settle_memory()
        stopping = asyncio.Event()
        server = _Server(
            server_config(
                create_app(api_services(parts, stopping, is_working=with_worker)),
                host=settings.server.host,
                port=settings.server.port,
                grace_s=SERVER_GRACE_S,
            ),
            stopping,
            welcome(settings),
        )
        async with _looking_for_models(parts), AsyncExitStack() as stack:
            if with_worker:
                await stack.enter_async_context(_working(parts, stopping))
                if expects_work:
                    await parts.driver.loaded()
            await server.serve()


async def work(settings: Settings) -> None:
    """Only work on runs, until SIGINT or SIGTERM."""
    configure_logging(settings.logs)
    killpoints.arm(settings.kill_at, settings.kill_log, how=settings.kill_signal)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with (
        platform(settings) as parts,
        _looking_for_models(parts),
        _working(parts, stopping),
    ):
        await parts.driver.loaded()
        _settle_memory()
        log.info("worker_started")
        await stopping.wait()


def _settle_memory() -> None:
    """Take everything loaded so far out of garbage collection: it is needed until the end, and each full
    collection would stop the process for a third of a second."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _looking_for_models(parts: Platform) -> AsyncGenerator[None]:
    """Ask the providers, in the background, whether they know the configured models, and print what they say
    against them."""

    async def look() -> None:
        models = (parts.settings.model, parts.settings.fallback)
        keyed = [model for model in models if model is not None and model.api_key is not None]
        find_fault = await asyncio.to_thread(_load_catalogue) if keyed else None
        for model in keyed:
            fault = "" if find_fault is None else await find_fault(model)
            if fault:
                parts.model_faults.append(fault)
                log.warning("model_fault", extra={"fault": fault})
                sys.stdout.write(f"  Note:         {fault}\n")
                sys.stdout.flush()

    looking = spawn(look(), name="look for the models")
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])


def _load_catalogue() -> Callable[[ModelSettings], Awaitable[str]]:
    # Loaded late: its HTTP client takes memory that a platform without a key does not need.
    from stackwright.agent.models.catalogue import find_fault  # noqa: PLC0415

    return find_fault


@asynccontextmanager
async def _working(parts: Platform, stopping: asyncio.Event) -> AsyncGenerator[None]:
    """Run a queue worker during the block. When `stopping` is set, it hands its runs over."""

    async def stop_in_time() -> None:
        await stopping.wait()
        parts.runs.begin_hand_over()
        task.cancel()

    async def begin_at_once() -> None:
        await parts.driver.is_loaded.wait()
        parts.runs.use_local_worker(worker)

    worker = QueueWorker(
        parts.direct_url,
        parts.database,
        parts.driver.drive,
        name=parts.worker,
        concurrency=parts.settings.max_runs_per_worker,
    )
    task = spawn(worker.run(grace_s=WORKER_GRACE_S), name="queue worker")
    stopper = spawn(stop_in_time(), name="stop the worker in time")
    beginner = spawn(begin_at_once(), name="begin runs with their acceptance")
    try:
        yield
    finally:
        stopping.set()
        beginner.cancel()
        await asyncio.wait({task, stopper, beginner})


class _Server(uvicorn.Server):
    """Says when it is ready, and tells open streams as soon as it is asked to stop."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event, greeting: str) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            log.info("platform_ready")
            sys.stdout.write(self._greeting)
            sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Unlike uvicorn's own, the signal is not raised again at the end: it would kill the process
        before the database, the engine and the worker are closed."""
        asyncio.get_event_loop().call_soon_threadsafe(self._stopping.set)
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def welcome(settings: Settings) -> str:
    """The text that the person who started the platform reads: address, builder, log file."""
    url = settings.server.public_url
    builder = {
        "offline": "the offline builder (set ANTHROPIC_API_KEY for Claude)",
        "anthropic": settings.model.name,
        "langchain": settings.model.name,
    }[settings.model.provider]
    return (
        f"\n  Stackwright is ready: {url}\n\n"
        f"  Open it and describe an app, or run:\n"
        f'    stackwright build "a library with books, authors and loans with due dates"\n\n'
        f"  Builds with:  {builder}\n"
        f"  API:          {url}/docs\n"
        f"  Log:          {settings.logs.directory / LOG_FILE}\n"
        f"  Stop:         Ctrl-C\n\n"
    )
