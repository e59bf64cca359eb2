"""API and worker processes of the platform, forked from one that has everything imported."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from chaos import child
from stackwright.testing.platform_process import free_port

START_LIMIT_S = 60.0
LOOK_EVERY_S = 0.02

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["chaos.child"])


class NotStarted(Exception):
    """A process of the platform ended or stayed silent instead of starting; the text is its output."""


@dataclass(slots=True)
class Process:
    """One process. `output` is what it wrote; its log is in `<folder>/log`."""

    forked: BaseProcess
    output: Path

    @property
    def is_alive(self) -> bool:
        return self.forked.is_alive()

    @property
    def is_frozen(self) -> bool:
        """Stopped by SIGSTOP."""
        try:
            return _state(self.forked.pid) == "T"
        except FileNotFoundError:
            return False

    @property
    def exit_code(self) -> int | None:
        """Negative: the signal that ended it."""
        return self.forked.exitcode

    def send(self, number: int) -> None:
        if self.forked.pid is not None and self.is_alive:
            os.kill(self.forked.pid, number)

    async def ended(self, *, limit_s: float = 30.0) -> int:
        """Wait for its end. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while self.is_alive:
                await asyncio.sleep(LOOK_EVERY_S)
        assert self.exit_code is not None
        return self.exit_code

    async def struck(self, *, limit_s: float) -> None:
        """Wait until it is dead or frozen. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while self.is_alive and not self.is_frozen:
                await asyncio.sleep(LOOK_EVERY_S)

    async def kill(self) -> None:
        self.send(signal.SIGKILL)
        await self.ended()


@dataclass(slots=True)
class Api(Process):
    port: int = field(kw_only=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def listening(self) -> None:
        """Wait until connections are taken. Asks nothing, so that no kill point is spent."""
        async with asyncio.timeout(START_LIMIT_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    if not self.is_alive:
                        raise NotStarted(self.output.read_text()[-4000:]) from None
                    await asyncio.sleep(LOOK_EVERY_S)
                else:
                    writer.close()
                    return


def fork_worker(settings: Mapping[str, Any], folder: Path) -> Process:
    output = folder / "worker.out"
    return Process(_fork(child.be_worker, settings, output), output)


def fork_api(settings: Mapping[str, Any], folder: Path, *, works: bool) -> Api:
    """`works`: on runs too."""
    output, port = folder / "api.out", free_port()
    body = child.be_both if works else child.be_api
    return Api(_fork(body, {**settings, "port": port}, output), output, port=port)


def _fork(body: Callable[..., None], settings: Mapping[str, Any], output: Path) -> BaseProcess:
    process = _forks.Process(target=body, args=(dict(settings), output), daemon=True)
    process.start()
    return process


def _state(pid: int | None) -> str:
    """Of a process, as the kernel tells it: one letter."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
