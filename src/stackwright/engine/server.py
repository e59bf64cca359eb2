"""The engine process: everything built once, served until told to stop."""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine import doctor, rootfs, toolchain
from stackwright.engine.agent.http1 import MAX_HEAD_BYTES
from stackwright.engine.builder import Builder
from stackwright.engine.config import EngineConfig
from stackwright.engine.control import ControlApi
from stackwright.engine.egress import EgressPolicy
from stackwright.engine.launcher import Launcher
from stackwright.engine.lifecycle import Sandboxes
from stackwright.engine.router import Router
from stackwright.engine.trees import write_json

HOST = "127.0.0.1"
SOCKETS_PREFIX = "stackwright-engine-"
BACKLOG = 512

log = logging.getLogger(__name__)


class NotCapable(Exception):
    """This host cannot isolate sandboxes; the text says what to change."""


@dataclass(frozen=True)
class Engine:
    sandboxes: Sandboxes
    builder: Builder
    router: Router


@contextlib.asynccontextmanager
async def opened(config: EngineConfig) -> AsyncGenerator[Engine, None]:
    """All parts over one data folder; sandboxes are left as files when it closes."""
    os.umask(0o022)
    data_dir = config.data_dir
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    data_dir.chmod(0o700)
    if problems := [f for f in await doctor.diagnose(data_dir) if not f.ok]:
        raise NotCapable(" ".join(f"{f.detail} {f.fix}" for f in problems))
    with contextlib.ExitStack() as stack:
        sockets_dir = _sockets_dir(data_dir)
        stack.callback(shutil.rmtree, sockets_dir, ignore_errors=True)
        tools = await toolchain.detect(config.toolchain, data_dir / "tools")
        root = await rootfs.prepare(data_dir / "runtime", tools)
        launcher = Launcher(
            data_dir=data_dir,
            sockets_dir=sockets_dir,
            rootfs=root,
            toolchain=tools,
            egress=EgressPolicy(config.egress_allow),
            limits=config.limits,
            env=config.env,
        )
        builder = Builder(
            data_dir=data_dir,
            templates_dir=config.templates_dir,
            rootfs=root,
            launcher=launcher,
            toolchain=tools,
        )
        sandboxes = Sandboxes(
            data_dir=data_dir, skeleton=root.skeleton, launcher=launcher, limits=config.limits
        )
        await sandboxes.restore()
        control = ControlApi(
            api_key=config.api_key, sandboxes=sandboxes, builder=builder, limits=config.limits
        )
        try:
            yield Engine(sandboxes, builder, Router(control, sandboxes))
        finally:
            await sandboxes.stop_all()


async def serve(config: EngineConfig, announce: Callable[[str], None]) -> None:
    """Serve until standard input closes or SIGTERM; `announce` gets the address once it works."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await _stop_with_parent(stop)
    async with opened(config) as engine:
        server = await asyncio.start_server(
            engine.router.accept, HOST, config.port, limit=MAX_HEAD_BYTES, backlog=BACKLOG
        )
        async with server, asyncio.TaskGroup() as group:
            reaping = group.create_task(engine.sandboxes.reap_forever())
            announce(f"http://{HOST}:{server.sockets[0].getsockname()[1]}")
            await stop.wait()
            reaping.cancel()


async def _stop_with_parent(stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()

    class Watch(asyncio.StreamReaderProtocol):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            stop.set()

    await asyncio.get_running_loop().connect_read_pipe(lambda: Watch(reader), sys.stdin)


def _sockets_dir(data_dir: Path) -> Path:
    """A short path for sockets; what an earlier engine of this data folder left is removed."""
    note = data_dir / "engine.json"
    with contextlib.suppress(OSError, ValueError):
        for path in Path(tempfile.gettempdir()).glob(f"{SOCKETS_PREFIX}*"):
            if str(path) in note.read_text():
                shutil.rmtree(path, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=SOCKETS_PREFIX))
    write_json(note, {"pid": os.getpid(), "sockets_dir": str(fresh)})
    return fresh
