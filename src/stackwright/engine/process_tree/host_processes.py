"""Processes of the host by process id: find children, identify, signal, wait for the end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path


def children(pid: int) -> list[int]:
    """Processes that it started and those it inherited."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def start_time(pid: int) -> str:
    """When the kernel started a process. Together with the id it identifies the process, since ids are reused."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def is_stopped(pid: int) -> bool:
    """By a signal or a terminal, or because it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "TZX"
    except OSError:
        return True


def signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


class Handle:
    """One process, by descriptor: its id may be reused. Close it."""

    def __init__(self, pid: int) -> None:
        """Raises ProcessLookupError."""
        self.pid = pid
        self._descriptor: int | None = os.pidfd_open(pid)

    def kill(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    async def ended(self) -> None:
        """Wait for its end. The first process of a pid namespace ends after all others in it."""
        assert self._descriptor is not None
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._descriptor, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(self._descriptor)

    def close(self) -> None:
        """Give the descriptor back: afterwards the process can be neither killed nor waited for."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def handle(pid: int) -> Handle | None:
    """None when it is gone."""
    try:
        return Handle(pid)
    except ProcessLookupError:
        return None
