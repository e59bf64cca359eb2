"""Keeps one engine process alive beside the platform, always at the same address."""

import asyncio
import contextlib
import json
import logging
import secrets
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from stackwright.core.tasks import spawn
from stackwright.engine.config import EngineConfig

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
STEADY_AFTER_S = 30.0
LOG_NAME = "engine.log"
LONGEST_LOG_BYTES = 10_000_000

_SOURCES = Path(__file__).resolve().parents[2]
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


class EngineSupervisor:
    """Starts the engine and starts it again when it dies; the port and the key stay.

    `start` once, then `stop` once. The engine gets an empty environment but for PATH and PYTHONPATH, and logs to
    `<data_dir>/engine.log`.
    """

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> EngineEndpoint:
        """Returns when the engine serves. Raises EngineNotStarted with the doctor's sentence."""
        api_url = await self._launch()
        port = int(api_url.rpartition(":")[2])
        self._config = replace(self._config, port=port)
        self._watching = spawn(self._keep_alive(), name="sandbox engine supervisor")
        return EngineEndpoint(api_url, api_url, self._config.api_key)

    async def stop(self) -> None:
        """End the engine; its sandboxes stay on disk."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
            self._watching = None
        if self._process is not None:
            await _end(self._process)
            self._process = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    async def _keep_alive(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            assert self._process is not None
            started = time.monotonic()
            status = await self._process.wait()
            if time.monotonic() - started > STEADY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            log.error("sandbox_engine_died", extra={"status": status, "restart_in_s": pause_s})
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            try:
                await self._launch()
            except EngineNotStarted as error:
                log.error("sandbox_engine_not_started", extra={"why": str(error)})  # noqa: TRY400

    async def _launch(self) -> str:
        config = self._config
        await asyncio.to_thread(_prepare_log, config.data_dir)
        log_path = config.data_dir / LOG_NAME
        with log_path.open("ab") as errors:
            from_byte = errors.tell()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "stackwright.engine", "serve"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env={"PATH": _search_path(), "PYTHONPATH": str(_SOURCES)},
                start_new_session=True,
            )
        try:
            return await _await_ready(self._process, config)
        except (TimeoutError, ValueError, ConnectionError) as error:
            await _end(self._process)
            raise EngineNotStarted(await asyncio.to_thread(_said, log_path, from_byte)) from error


def new_api_key() -> str:
    """A key in the format the SDK expects."""
    return f"e2b_{secrets.token_hex(20)}"


async def _await_ready(process: asyncio.subprocess.Process, config: EngineConfig) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(config.to_json().encode() + b"\n")
    async with asyncio.timeout(START_TIMEOUT_S):
        await process.stdin.drain()
        answer = json.loads(await process.stdout.readline())
    return str(answer["api_url"])


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask by closing its input, then insist."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


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
