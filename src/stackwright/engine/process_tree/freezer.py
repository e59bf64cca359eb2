"""All processes of a sandbox stand still, and go on as they were.

By the freezer of a control group of version 2: nobody inside sees it, and what is frozen can be ended.
Where there is none by signals, which programs can tell: the order hides them from shells.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from stackwright.engine.process_tree.host_processes import is_stopped, signal_all

STANDSTILL_S = 5.0
"""A crowd that starts programs faster than they can be stopped is not waited for longer."""
ONE_STOPS_S = 0.1
"""What the kernel does for a program, reading a slow disk for example, may take longer; it stops then."""
FROZEN_PAUSE_S, STOPPED_PAUSE_S = 0.001, 0.0001
_SWITCH, _EVENTS = "cgroup.freeze", "cgroup.events"


class Standstill:
    """Of the processes `pids_inside` tells, parents first, in the groups that `doors` belong to."""

    def __init__(self, doors: Sequence[Path], pids_inside: Callable[[], list[int]]) -> None:
        groups = [door.parent for door in doors if (door.parent / _SWITCH).exists()]
        self._group = groups[0] if groups else None
        self._pids_inside = pids_inside
        self._is_wanted = False
        self._stopped_before: set[int] = set()

    async def begin(self) -> bool:
        """Whether they stand still now. `end` is due in any case."""
        self._is_wanted = True
        if self._group is None:
            return await asyncio.to_thread(self._stop)
        self._switch(self._group, "1")
        deadline = time.monotonic() + STANDSTILL_S
        while "frozen 1" not in _read(self._group / _EVENTS):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(FROZEN_PAUSE_S)
        return True

    def end(self) -> None:
        """What had been stopped before stays so."""
        self._is_wanted = False
        if self._group is not None:
            self._switch(self._group, "0")
            return
        stopped, self._stopped_before = self._stopped_before, set()
        # children first: a shell that sees its child stopped takes the terminal back
        going_on = [pid for pid in reversed(self._pids_inside()) if pid not in stopped]
        signal_all(going_on, signal.SIGCONT)

    def _stop(self) -> bool:
        deadline = time.monotonic() + STANDSTILL_S
        seen: set[int] = set()
        while fresh := [pid for pid in self._pids_inside() if pid not in seen]:
            for pid in fresh:
                if not self._is_wanted or time.monotonic() > deadline:
                    return False
                self._stop_one(pid)
            seen.update(fresh)
        return True

    def _stop_one(self, pid: int) -> None:
        """A parent must have stopped before its child does, of which it would be told otherwise."""
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
    """What is gone stands still."""
    try:
        return file.read_text()
    except OSError:
        return "frozen 1"
