"""Keeps one engine process alive beside the platform's processes, always at the same address.

Of the processes that use a data folder one is the owner: the holder of `owner.lock`. It starts the
engine and restarts it when it dies; the others use the address it wrote to `address.json`. When
the owner ends, its engine ends too, and one of the others becomes the owner.
"""

import asyncio
import contextlib
import fcntl
import json
import logging
import secrets
import shutil
import socket
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from stackwright.core.tasks import spawn
from stackwright.engine.config import EngineConfig
from stackwright.engine.files import store_json

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 6.0
LEAVING_TIMEOUT_S = 20.0
"""How long a new engine waits for the one before it, whose owner died, to end."""
LOOK_EVERY_S = 0.1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
STEADY_AFTER_S = 30.0
LOG_NAME = "engine.log"
LONGEST_LOG_BYTES = 10_000_000

_SOURCES = Path(__file__).resolve().parents[3]
"""Where the engine's process finds this package in a checkout that is not installed."""

log = logging.getLogger(__name__)


class EngineNotStarted(Exception):
    """The engine ended before it served; the text is its own explanation."""


@dataclass(frozen=True)
class EngineEndpoint:
    """What the E2B SDK needs as options to use this engine."""

    api_url: str
    sandbox_url: str
    api_key: str

    @property
    def port(self) -> int:
        return int(self.api_url.rpartition(":")[2])


class EngineSupervisor:
    """Uses the data folder's engine: as its owner, or at the address of another process's engine. The
    owner's settings count; the port and the key stay the same over restarts.

    `start` once, then `stop` once. The engine gets no environment but PATH and PYTHONPATH, and logs to
    `<data_dir>/engine.log`.
    """

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._address = config.data_dir / "address.json"
        self._lock: IO[bytes] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The engine's process id, if this process is its owner."""
        return None if self._process is None else self._process.pid

    async def start(self) -> EngineEndpoint:
        """Returns when the engine serves. Raises EngineNotStarted with the doctor's sentence."""
        try:
            endpoint = await self._find_or_launch()
        except BaseException:
            self._release()
            raise
        self._watching = spawn(self._keep_alive(), name="sandbox engine supervisor")
        return endpoint

    async def stop(self) -> None:
        """End the engine if this process owns it; its sandboxes stay on disk."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
            self._watching = None
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await process.wait()
            await _end(process)
        self._release()

    async def _keep_alive(self) -> None:
        """Wait to become the owner; as the owner, restart the engine whenever it ends."""
        pause_s = FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            try:
                await self._until_owner()
                if self._process is None:
                    await self._launch()
                await self._until_ended()
                log.error("sandbox_engine_died", extra={"restart_in_s": pause_s})
            except EngineNotStarted as error:
                log.error("sandbox_engine_not_started", extra={"why": str(error)})  # noqa: TRY400
            except Exception:  # a full disk, for example: log it and try again later
                log.exception("sandbox_engine_not_started", extra={"retry_in_s": pause_s})
            if time.monotonic() - began > STEADY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _until_owner(self) -> None:
        while not self._becomes_owner():  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _until_ended(self) -> None:
        assert self._process is not None
        await self._process.wait()
        self._process = None

    async def _find_or_launch(self) -> EngineEndpoint:
        self._config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._becomes_owner():
            endpoint = self._recorded()
            if endpoint is not None and await _is_served(endpoint.port):
                return endpoint
            if time.monotonic() > deadline:
                raise EngineNotStarted("another process owns the sandbox engine, which is silent")
            await asyncio.sleep(LOOK_EVERY_S)
        return await self._launch()

    async def _launch(self) -> EngineEndpoint:
        await self._until_predecessor_ended()
        known = self._recorded()
        config = self._config
        if known is not None and _is_free(known.port):
            config = replace(config, port=known.port, api_key=known.api_key)
        await asyncio.to_thread(_prepare_log, config.data_dir)
        log_path = config.data_dir / LOG_NAME
        with log_path.open("ab") as errors:
            from_byte = errors.tell()
            process = await _spawn(errors)
        try:
            endpoint = await _endpoint_when_ready(process, config)
            if endpoint != known:
                await store_json(self._address, asdict(endpoint))
        except (TimeoutError, ValueError, ConnectionError) as error:
            await _end(process)
            raise EngineNotStarted(await asyncio.to_thread(_said, log_path, from_byte)) from error
        except BaseException:
            await _end(process)
            raise
        self._process = process
        return endpoint

    def _recorded(self) -> EngineEndpoint | None:
        """Where the engine is, or was when it ran last."""
        try:
            return EngineEndpoint(**json.loads(self._address.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def _becomes_owner(self) -> bool:
        """True if this process is the owner, now or already before."""
        if self._lock is None:
            lock = (self._config.data_dir / "owner.lock").open("ab")
            if not _is_locked_now(lock):
                lock.close()
                return False
            self._lock = lock
        return True

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def _until_predecessor_ended(self) -> None:
        """An engine whose owner was killed needs a moment to end; it holds `engine.lock` until then."""
        deadline = time.monotonic() + LEAVING_TIMEOUT_S
        while time.monotonic() < deadline:
            with (self._config.data_dir / "engine.lock").open("ab") as lock:
                if _is_locked_now(lock):
                    return
            await asyncio.sleep(LOOK_EVERY_S)


def new_api_key() -> str:
    """A key in the format the SDK expects."""
    return f"e2b_{secrets.token_hex(20)}"


async def _spawn(errors: IO[bytes]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stackwright.engine", "serve"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=errors,
        env={"PATH": _search_path(), "PYTHONPATH": str(_SOURCES)},
        start_new_session=True,
    )


async def _endpoint_when_ready(
    process: asyncio.subprocess.Process, config: EngineConfig
) -> EngineEndpoint:
    """Raises TimeoutError, ValueError or ConnectionError when the engine does not start."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(config.to_json().encode() + b"\n")
    await process.stdin.drain()
    async with asyncio.timeout(START_TIMEOUT_S):
        said = await process.stdout.readline()
    api_url = str(json.loads(said)["api_url"])
    return EngineEndpoint(api_url, api_url, config.api_key)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _is_served(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def _is_locked_now(file: IO[bytes]) -> bool:
    """True if this call took the lock, false if another process holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _search_path() -> str:
    """Where the engine looks for node, npm and bwrap: the folders they are found in now."""
    found = [shutil.which(name) for name in ("node", "npm", "bwrap", "uv")]
    folders = [str(Path(path).parent) for path in found if path is not None]
    return ":".join(dict.fromkeys([*folders, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"]))


def _prepare_log(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / LOG_NAME
    if path.exists() and path.stat().st_size > LONGEST_LOG_BYTES:
        path.replace(path.with_suffix(".log.old"))


def _said(path: Path, from_byte: int) -> str:
    with path.open("rb") as file:
        file.seek(from_byte)
        text = file.read().decode(errors="replace").strip()
    return text[-2000:] or "the sandbox engine did not start and said nothing"
