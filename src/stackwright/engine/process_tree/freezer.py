"""Freezes all processes of a sandbox, and thaws them.

Uses the freezer of a version 2 control group: programs do not notice, and frozen ones can be killed.
Without one it uses SIGSTOP, in an order in which shells do not notice that their children stopped.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from stackwright.engine.process_tree.host_processes import is_stopped, signal_all

FREEZE_TIMEOUT_S = 5.0
"""After this, programs that start faster than they can be stopped are given up."""
ONE_STOPS_S = 0.1
"""How long to wait for one process. A system call (a slow disk) may take longer; it stops afterwards."""
FROZEN_PAUSE_S, STOPPED_PAUSE_S = 0.001, 0.0001
_SWITCH, _EVENTS = "cgroup.freeze", "cgroup.events"


class Freezer:
    """Freezes the processes of `pids_inside` (parents first), which are in the groups of `procs_files`."""

    def __init__(self, procs_files: Sequence[Path], pids_inside: Callable[[], list[int]]) -> None:
        groups = [
            procs_file.parent
            for procs_file in procs_files
            if (procs_file.parent / _SWITCH).exists()
        ]
        self._group = groups[0] if groups else None
        self._pids_inside = pids_inside
        self._is_wanted = False
        self._stopped_before: set[int] = set()

    async def freeze(self) -> bool:
        """True if all are frozen. Call `thaw` in any case."""
        self._is_wanted = True
        if self._group is None:
            return await asyncio.to_thread(self._stop)
        self._switch(self._group, "1")
        deadline = time.monotonic() + FREEZE_TIMEOUT_S
        while "frozen 1" not in _read(self._group / _EVENTS):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(FROZEN_PAUSE_S)
        return True

    def thaw(self) -> None:
        """Let them run again, except those that were stopped before `freeze`."""
        self._is_wanted = False
        if self._group is not None:
            self._switch(self._group, "0")
            return
        stopped, self._stopped_before = self._stopped_before, set()
        # children first: a shell that sees its child stopped takes the terminal back
        going_on = [pid for pid in reversed(self._pids_inside()) if pid not in stopped]
        signal_all(going_on, signal.SIGCONT)

    def _stop(self) -> bool:
        deadline = time.monotonic() + FREEZE_TIMEOUT_S
        seen: set[int] = set()
        while fresh := [pid for pid in self._pids_inside() if pid not in seen]:
            for pid in fresh:
                if not self._is_wanted or time.monotonic() > deadline:
                    return False
                self._stop_one(pid)
            seen.update(fresh)
        return True

    def _stop_one(self, pid: int) -> None:
        """Wait for the stop: a running parent would get SIGCHLD for a stopped child."""
        if is_stopped(pid):
            self._stopped_before.add(pid)
            return
        signal_all([pid], signal.SIGSTOP)
        deadline = time.monotonic() + ONE_STOPS_S
        while not is_stopped(pid) and time.monotonic() < deadline:
            time.sleep(STOPPED_PAUSE_S)

    def _switch(self, group: Path, value: str) -> None:
        with contextlib.suppress(OSError):  # gone with its processes
            (group / _SWITCH).write_text(value)


def _read(file: Path) -> str:
    """The file's text; a group that is gone counts as frozen."""
    try:
        return file.read_text()
    except OSError:
        return "frozen 1"
