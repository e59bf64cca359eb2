"""The engine process: everything built once, served until told to stop."""

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.api.sandboxes import ControlApi
from stackwright.engine.config import EngineConfig
from stackwright.engine.files import write_json
from stackwright.engine.host import doctor
from stackwright.engine.http.router import Router
from stackwright.engine.isolation import rootfs, toolchain
from stackwright.engine.isolation.launcher import Launcher
from stackwright.engine.isolation.uid_pool import UidPool
from stackwright.engine.limits.watchdog import Watchdog
from stackwright.engine.network.egress_proxy import EgressPolicy
from stackwright.engine.pipes import BLOCK_BYTES
from stackwright.engine.sandboxes.registry import Sandboxes
from stackwright.engine.sandboxes.warm_pool import WarmPool
from stackwright.engine.templates.builder import Builder
from stackwright.engine.templates.snapshots import Snapshots

HOST = "127.0.0.1"
SOCKETS_PREFIX = "stackwright-engine-"
BACKLOG = 512
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
MAX_DESCRIPTORS = 1 << 20

log = logging.getLogger(__name__)


class NotCapable(Exception):
    """This host cannot isolate sandboxes; the text says what to change."""


@dataclass(frozen=True)
class EngineParts:
    """What both serving and building need."""

    launcher: Launcher
    builder: Builder
    rootfs: rootfs.RootFs


@contextlib.asynccontextmanager
async def engine_parts(config: EngineConfig) -> AsyncGenerator[EngineParts, None]:
    """Raises NotCapable with the doctor's sentences where sandboxes cannot be isolated."""
    os.umask(0o022)
    data_dir = config.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir.chmod(0o700)
    findings = await doctor.diagnose(data_dir)
    if problems := [f for f in findings if f.is_fatal]:
        raise NotCapable(" ".join(f"{f.detail} {f.fix}" for f in problems))
    for finding in findings:
        if not finding.ok:
            log.warning("sandbox_host_lacks", extra={"what": finding.detail, "fix": finding.fix})
    with tempfile.TemporaryDirectory(prefix=f"{SOCKETS_PREFIX}{os.getpid()}-") as sockets_dir:
        tools = await toolchain.detect(data_dir / "tools")
        root = await rootfs.prepare(data_dir / "runtime", tools)
        launcher = Launcher(
            data_dir=data_dir,
            sockets_dir=Path(sockets_dir),
            rootfs=root,
            toolchain=tools,
            egress=EgressPolicy(config.egress_allow, config.egress_private),
            limits=config.limits,
            uid_pool=UidPool() if doctor.has_identities(findings) else None,
        )
        builder = Builder(
            data_dir=data_dir,
            templates_dir=config.templates_dir,
            rootfs=root,
            launcher=launcher,
            toolchain=tools,
            with_bun=config.with_bun,
        )
        yield EngineParts(launcher, builder, root)


async def serve(config: EngineConfig, announce: Callable[[str], None]) -> None:
    """Serve until standard input closes or SIGTERM; `announce` gets the address once it works.
    Sandboxes are left as files."""
    _allow_many_descriptors()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _stop_with_parent(stop)
    async with engine_parts(config) as parts:
        with _only_engine_of(config.data_dir):
            snapshots = Snapshots(config.data_dir)
            warm_pool = WarmPool(
                data_dir=config.data_dir,
                skeleton=parts.rootfs.skeleton,
                launcher=parts.launcher,
                warm=config.warm_pool,
            )
            sandboxes = Sandboxes(
                data_dir=config.data_dir,
                snapshots=snapshots,
                warm_pool=warm_pool,
                limits=config.limits,
            )
            control = ControlApi(
                api_key=config.api_key,
                sandboxes=sandboxes,
                snapshots=snapshots,
                builder=parts.builder,
                limits=config.limits,
            )
            await sandboxes.restore()
            try:
                watchdog = parts.launcher.watchdog
                await _serve(config, control, sandboxes, warm_pool, watchdog, announce, stop)
            finally:
                await sandboxes.stop_all()


async def _serve(
    config: EngineConfig,
    control: ControlApi,
    sandboxes: Sandboxes,
    warm_pool: WarmPool,
    watchdog: Watchdog,
    announce: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    server = await asyncio.start_server(
        Router(control, sandboxes, config.limits).accept,
        HOST,
        config.port,
        limit=BLOCK_BYTES,
        backlog=BACKLOG,
    )
    async with asyncio.TaskGroup() as group:
        reaping = group.create_task(keep_going(sandboxes.reap_forever))
        group.create_task(keep_going(warm_pool.keep_warm))
        watching = group.create_task(keep_going(watchdog.watch_forever))
        announce(f"http://{HOST}:{server.sockets[0].getsockname()[1]}")
        await stop.wait()
        server.close()
        reaping.cancel()
        warm_pool.close()
        watching.cancel()


async def keep_going(work: Callable[[], Awaitable[None]]) -> None:
    """Run until it returns, and again after each error: a full disk must not end the engine."""
    pause_s = FIRST_PAUSE_S
    while True:
        began = time.monotonic()
        try:
            return await work()
        except Exception:
            if time.monotonic() - began > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            log.exception("engine_task_failed", extra={"retry_in_s": pause_s})
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


@contextlib.contextmanager
def _only_engine_of(data_dir: Path) -> Generator[None, None, None]:
    """Two engines on one data folder would kill each other's sandboxes as orphans."""
    note = data_dir / "engine.json"
    with (data_dir / "engine.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NotCapable(f"Another sandbox engine already uses {data_dir}; stop it.") from error
        _remove_sockets_of(note)
        write_json(note, {"pid": os.getpid()})
        try:
            yield
        finally:
            note.unlink(missing_ok=True)


def _remove_sockets_of(note: Path) -> None:
    """An engine that was killed left its note and its sockets' folder."""
    try:
        pid = int(json.loads(note.read_text())["pid"])
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("engine_note_unreadable", extra={"file": str(note)})
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{SOCKETS_PREFIX}{pid}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _allow_many_descriptors() -> None:
    """Two for each connection through the engine; what sandboxes hold open is limited for each."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


async def _stop_with_parent(stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()

    class Watch(asyncio.StreamReaderProtocol):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            stop.set()

    await asyncio.get_running_loop().connect_read_pipe(lambda: Watch(reader), sys.stdin)
