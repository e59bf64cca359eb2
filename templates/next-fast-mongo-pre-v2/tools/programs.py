"""Programs that end with this one: started in groups of their own, stopped whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

GRACE_S = 8.0
"""Until a program that was asked to end is killed."""
LOG_LINES = 30


class Failed(Exception):
    """The text is for the person at the terminal."""


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


def end_on_signals() -> None:
    """A terminal that is closed and `kill` end this program as Ctrl-C does."""

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # nothing may interrupt the stopping
        raise SystemExit(128 + number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, interrupt)


class Programs:
    """Use as a context: at its end, everything that was started is stopped, the latest first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._running.values()):
            _stop(process, signal.SIGTERM)

    def run(
        self, command: list[str], folder: Path, variables: Mapping[str, str] | None = None
    ) -> int:
        """Run to the end, its output shown. Returns the exit code."""
        process = _start(command, folder, variables or {}, None)
        try:
            return process.wait()
        finally:
            _stop(process, signal.SIGINT)  # pytest tidies up after Ctrl-C only

    def start(
        self,
        name: str,
        command: list[str],
        folder: Path,
        variables: Mapping[str, str],
        *,
        is_shown: bool = False,
    ) -> None:
        """Start in the background, the output shown or kept in a file."""
        log = None if is_shown else self._log(name)
        self._running[name] = _start(command, folder, variables, log)

    def wait_for(self, name: str, port: int, path: str = "", *, limit_s: float = 90) -> None:
        """Until the program answers at `port`: a connection, or success for a path."""
        deadline = time.monotonic() + limit_s
        while not (_answers(port, path) if path else _accepts(port)):
            if self._running[name].poll() is not None:
                raise Failed(f"The {name} ended by itself.{self.said(name)}")
            if time.monotonic() > deadline:
                raise Failed(f"The {name} does not answer after {limit_s:.0f} s.{self.said(name)}")
            time.sleep(0.1)

    def wait_for_any(self) -> str:
        """The name of the first program that ends."""
        while True:
            for name, process in self._running.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.2)

    def said(self, name: str) -> str:
        """The last lines of its output."""
        if not self._log(name).exists():
            return ""
        lines = self._log(name).read_text(errors="replace").splitlines()[-LOG_LINES:]
        return "".join(f"\n    {line}" for line in lines)

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


class Ports:
    """Ports that nobody else takes until they are given out."""

    def __init__(self, *names: str) -> None:
        self._held: dict[str, socket.socket] = {}
        self.numbers: dict[str, int] = {}
        for name in names:
            self._held[name] = held = socket.socket()
            held.bind(("127.0.0.1", 0))
            self.numbers[name] = held.getsockname()[1]

    def give(self, name: str) -> int:
        self._held.pop(name).close()
        return self.numbers[name]


def _start(
    command: list[str], folder: Path, variables: Mapping[str, str], log: Path | None
) -> subprocess.Popen[bytes]:
    output = None if log is None else log.open("wb")
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise Failed(f"{command[0]} cannot be started: {error.strerror}.") from None
    finally:
        if output is not None:
            output.close()


def _stop(process: subprocess.Popen[bytes], request: signal.Signals) -> None:
    """End the program and everything that it started."""
    _signal_group(process, request)
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline and (process.poll() is None or _has_group(process)):
        time.sleep(0.05)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _has_group(process: subprocess.Popen[bytes]) -> bool:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, 0)
        return True
    return False


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _accepts(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _answers(port: int, path: str) -> bool:
    try:
        direct = build_opener(ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status == 200
    except HTTPError as error:
        return 400 <= error.code < 500  # an app may ask for a login
    except (URLError, OSError):
        return False


if sys.platform == "win32":
    raise SystemExit("On Windows, use WSL.")
