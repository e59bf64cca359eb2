"""Keeps one engine process alive beside the platform's processes, always at the same address.

Whoever starts first on a data folder starts the engine, the others use it too; when it dies, one of
those who are left starts it again.
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from stackwright.core.tasks import spawn
from stackwright.engine.config import EngineConfig
from stackwright.engine.host.shared_engine import EngineEndpoint, Share, is_free

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 3.0
"""How long the last user waits for the engine to end; it goes on ending by itself."""
LEAVING_TIMEOUT_S = 20.0
"""How long a new user waits for an engine that is about to end."""
LOOK_EVERY_S = 0.25
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
STEADY_AFTER_S = 30.0
LOG_NAME = "engine.log"
LONGEST_LOG_BYTES = 10_000_000

_SOURCES = Path(__file__).resolve().parents[3]
"""Where the engine's process finds this package in a checkout that is not installed."""

log = logging.getLogger(__name__)


class EngineNotStarted(Exception):
    """The engine ended before it served; the text is its own explanation."""


class EngineSupervisor:
    """Uses the data folder's engine, starting it where none runs and again when it dies; the port and
    the key stay. The settings of the process that starts it count.

    `start` once, then `stop` once. The engine gets no environment but PATH and PYTHONPATH, and logs to
    `<data_dir>/engine.log`.
    """

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._share = Share(config.data_dir)
        self._pid: int | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> EngineEndpoint:
        """Returns when the engine serves. Raises EngineNotStarted with the doctor's sentence."""
        try:
            endpoint = await self._join_or_launch()
        except BaseException:
            self._share.leave()
            raise
        self._watching = spawn(self._keep_alive(), name="sandbox engine supervisor")
        return endpoint

    async def stop(self) -> None:
        """Let the engine go. The last user's leaving ends it; its sandboxes stay on disk."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
            self._watching = None
        if self._share.leave():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S), self._share.alone():
                    await self._share.until_ended(STOP_TIMEOUT_S)
        if self._pid is not None:
            _reap(self._pid)
            self._pid = None

    @property
    def pid(self) -> int | None:
        """Of the engine, while this process is the one that started it."""
        return self._pid

    async def _keep_alive(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            await self._until_it_dies()
            if time.monotonic() - started > STEADY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            log.error("sandbox_engine_died", extra={"restart_in_s": pause_s})
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            try:
                await self._join_or_launch()
            except EngineNotStarted as error:
                log.error("sandbox_engine_not_started", extra={"why": str(error)})  # noqa: TRY400

    async def _until_it_dies(self) -> None:
        while self._share.join() is not None:  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(LOOK_EVERY_S)
        if self._pid is not None:
            _reap(self._pid)
            self._pid = None

    async def _join_or_launch(self) -> EngineEndpoint:
        async with self._share.alone():
            running = self._share.join()
            if running is not None:
                return running
            await self._share.until_ended(LEAVING_TIMEOUT_S)
            endpoint = await self._launch(self._as_before())
            self._share.record(endpoint)
            return endpoint

    def _as_before(self) -> EngineConfig:
        """With the port and the key that other users of a dead engine know."""
        known = self._share.recorded()
        if known is None or not is_free(known.port):
            return self._config
        return replace(self._config, port=known.port, api_key=known.api_key)

    async def _launch(self, config: EngineConfig) -> EngineEndpoint:
        await asyncio.to_thread(_prepare_log, config.data_dir)
        log_path = config.data_dir / LOG_NAME
        with log_path.open("ab") as errors, self._share.fresh_input() as standard_input:
            from_byte = errors.tell()
            self._pid, answer = await asyncio.to_thread(_spawn, standard_input, errors.fileno())
        try:
            self._share.say(config.to_json())
            async with asyncio.timeout(START_TIMEOUT_S):
                api_url = await asyncio.to_thread(_said_when_ready, answer)
        except (TimeoutError, ValueError, OSError) as error:
            await asyncio.to_thread(_kill, self._pid)
            self._pid = None
            raise EngineNotStarted(await asyncio.to_thread(_said, log_path, from_byte)) from error
        return EngineEndpoint(api_url, api_url, config.api_key)


def new_api_key() -> str:
    """A key in the format the SDK expects."""
    return f"e2b_{secrets.token_hex(20)}"


def _spawn(standard_input: int, errors: int) -> tuple[int, int]:
    """The engine's pid, and where its standard output is read. Not a `subprocess`: it may outlive
    this process, when others use it."""
    answer, said = os.pipe()
    try:
        pid = os.posix_spawn(
            sys.executable,
            (sys.executable, "-m", "stackwright.engine", "serve"),
            {"PATH": _search_path(), "PYTHONPATH": str(_SOURCES)},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, standard_input, 0),
                (os.POSIX_SPAWN_DUP2, said, 1),
                (os.POSIX_SPAWN_DUP2, errors, 2),
            ],
            setsid=True,
        )
    finally:
        os.close(said)
    return pid, answer


def _said_when_ready(answer: int) -> str:
    with open(answer, "rb") as output:
        return str(json.loads(output.readline())["api_url"])


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


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
