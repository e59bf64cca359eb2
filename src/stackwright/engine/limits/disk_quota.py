"""The disk use of one sandbox, compared with its limit.

Writes are counted as they are made, which is cheap, and too much rather than too little. The files
themselves are measured when that comes near the limit, where writes cannot be counted, and when the
host's disk fills by more than what was counted: names, folders and attributes are written by the
kernel. A file costs, besides its blocks, the place that the file system sets aside for one.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from stackwright.engine.limits import usage
from stackwright.engine.limits.usage import DiskUse, ProcessUse

NEARLY_FULL, SURELY_FULL = 0.95, 1.5
NOTICED_GROWTH = 1 / 16
"""Share of the limit. When the host's disk fills by that much more than was counted, sandboxes with programs
are measured."""
GROWTH_WHEN_FULL, STOPPING_GROWTH = 1 / 32, 1 / 4
ENOUGH = 2
"""Times the limit: counting stops there. A full sandbox is counted to the end, to see whether it grows."""
LEAST_MEASURE_PAUSE_S, MOST_MEASURE_PAUSE_S, MEASURE_REST_FACTOR = 1.0, 4.0, 20
"""The pause after a measurement is in proportion to its time, but bounded: on a busy host a program could
make half a million files meanwhile."""

_MARK = "../disk-full"
"""Beside `upper`, out of reach of programs inside: the next boot of the sandbox finds it full."""

Verdict = Literal["same", "full", "grows", "cannot be held", "free again"]


class DiskQuota:
    """`upper` is kept open: its folder may be renamed. Close it."""

    def __init__(self, upper: Path, limit_bytes: int) -> None:
        self._upper = os.open(upper, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._limit = limit_bytes
        self._written: dict[int, int] = {}
        self._measured = 0
        self._counted = 0
        self._hidden = 0
        self._used_at_last_look = 0
        self._disk_used_before: int | None = None
        self._measure_at = 0.0
        self._is_measuring = self._is_closed = False
        self._held_at: int | None = None
        self._first_held_at = 0
        self.is_full = self._is_marked = _is_marked(self._upper)
        self._storing = asyncio.Lock()

    def close(self) -> None:
        """Close the folder now, or when a running measurement no longer needs it."""
        self._is_closed = True
        if not self._is_measuring:
            os.close(self._upper)

    @property
    def used_bytes(self) -> int:
        """An upper bound: measured plus counted since."""
        return self._measured + self._counted

    def growth(self) -> int:
        """Bytes since the last call."""
        before, self._used_at_last_look = self._used_at_last_look, self.used_bytes
        return self.used_bytes - before

    def count(self, uses: Mapping[int, ProcessUse]) -> None:
        """Add what was written. A child's writes count twice when its parent inherits the figure; the next
        measurement corrects that."""
        seen: dict[int, int] = {}
        for pid, use in uses.items():
            seen[pid] = use.written_bytes or 0
            self._counted += max(0, seen[pid] - self._written.get(pid, 0))
        self._written = seen

    def must_measure(self, uses: Mapping[int, ProcessUse], disk: DiskUse, programs: int) -> bool:
        if self._is_measuring or time.monotonic() < self._measure_at:
            return False
        if self.is_full or self._disk_used_before is None:
            return True
        is_blind = any(use.written_bytes is None for use in uses.values())
        unexplained = disk.used_bytes - self._disk_used_before
        noticed = self._limit * (NOTICED_GROWTH if programs else 1)
        return is_blind or unexplained > noticed or self.used_bytes > NEARLY_FULL * self._limit

    async def measure(self, pids: Sequence[int], disk: DiskUse) -> None:
        began, counted = time.monotonic(), self._counted
        before, self._disk_used_before = self._disk_used_before, disk.used_bytes
        filled = 0 if before is None else disk.used_bytes - before
        self._is_measuring = True
        try:
            enough = sys.maxsize if self.is_full else ENOUGH * self._limit
            found, are_others = await usage.of_files(self._upper, pids, disk.bytes_per_file, enough)
        finally:
            self._is_measuring = False
            if self._is_closed:
                os.close(self._upper)
            took = time.monotonic() - began
            pause_s = max(LEAST_MEASURE_PAUSE_S, MEASURE_REST_FACTOR * took)
            self._measure_at = time.monotonic() + min(pause_s, MOST_MEASURE_PAUSE_S)
        appeared = found - (self._measured - self._hidden)
        # written, not to be seen, and the disk has filled by it
        hidden = self._hidden + min(counted, filled) - max(0, appeared)
        self._hidden = max(0, hidden) if are_others else 0
        self._measured = found + self._hidden
        self._counted -= counted

    def fill(self) -> None:
        """Mark it as full, even if its own limit is not reached."""
        self.is_full, self._held_at = True, None
        self._measure_at = 0.0

    def verdict(self, *, is_measured: bool) -> Verdict:
        """What has changed. Growth of a full sandbox is measured from the first measurement after its
        programs ended."""
        used = self.used_bytes
        if not self.is_full:
            is_over = used > self._limit * (1 if is_measured else SURELY_FULL)
            if is_over:
                self.fill()
            return "full" if is_over else "same"
        if not is_measured:
            return "same"
        if used < NEARLY_FULL * self._limit:
            self.is_full = False
            return "free again"
        if self._held_at is None:
            self._held_at = self._first_held_at = used
        if used > self._first_held_at + STOPPING_GROWTH * self._limit:
            return "cannot be held"
        if used > self._held_at + GROWTH_WHEN_FULL * self._limit:
            self._held_at = used
            return "grows"
        return "same"

    async def store(self) -> None:
        """Tell the sandbox's next boot whether it is full. What the host's disk refuses, the next call tries
        again."""
        async with self._storing:
            is_full = self.is_full
            if is_full == self._is_marked or self._is_closed:
                return
            with contextlib.suppress(OSError):
                await asyncio.to_thread(_mark, os.dup(self._upper), is_full=is_full)
                self._is_marked = is_full


def _is_marked(upper: int) -> bool:
    try:
        os.stat(_MARK, dir_fd=upper)
    except FileNotFoundError:
        return False
    return True


def _mark(upper: int, *, is_full: bool) -> None:
    """Closes `upper`. Raises OSError."""
    try:
        if is_full:
            os.close(os.open(_MARK, os.O_CREAT | os.O_CLOEXEC, 0o600, dir_fd=upper))
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(_MARK, dir_fd=upper)
    finally:
        os.close(upper)
