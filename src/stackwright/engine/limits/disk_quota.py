"""What one sandbox takes of the disk, held against its limit.

Writes are counted as they are made, which is cheap, and too much rather than too little. The files
themselves are measured when that comes near the limit, where writes cannot be counted, and when the
host's disk fills by more than what was counted: names, folders and attributes are written by the
kernel. A file costs, besides its blocks, the place that the file system sets aside for one.
"""

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
"""Of the limit: so much more on the host's disk has the files measured of whoever has programs."""
GROWTH_WHEN_FULL, STOPPING_GROWTH = 1 / 32, 1 / 4
ENOUGH = 2
"""Times the limit: nobody counts further before it is full. Then what is measured must be true, since
it may not grow."""
LEAST_MEASURE_PAUSE_S, MOST_MEASURE_PAUSE_S, MEASURE_REST_FACTOR = 1.0, 4.0, 20
"""Measuring takes long when there is much to count, and on a busy host, where a pause in proportion
would give a program time to make half a million files."""

_MARK = "../disk-full"
"""Beside `upper`, where nobody inside gets at it: whoever boots the sandbox next finds it full."""

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
        self.is_full = self._is_marked()

    def close(self) -> None:
        """At once, or when the measurement is done that needs the folder."""
        self._is_closed = True
        if not self._is_measuring:
            os.close(self._upper)

    @property
    def used_bytes(self) -> int:
        """At most this much, of what is known."""
        return self._measured + self._counted

    def growth(self) -> int:
        """Since this was asked last."""
        before, self._used_at_last_look = self._used_at_last_look, self.used_bytes
        return self.used_bytes - before

    def count(self, uses: Mapping[int, ProcessUse]) -> None:
        """What a child wrote counts once more when its parent inherits the figure. A measurement
        corrects it."""
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
        """It is full from now on, whatever its own limit."""
        self.is_full, self._held_at = True, None
        self._measure_at = 0.0
        with contextlib.suppress(OSError):  # full as it is
            os.close(os.open(_MARK, os.O_CREAT | os.O_CLOEXEC, 0o600, dir_fd=self._upper))

    def verdict(self, *, is_measured: bool) -> Verdict:
        """What has changed. A full one should not grow; that it does all the same is seen from the
        measurement on that was begun when its programs had ended."""
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
            with contextlib.suppress(FileNotFoundError):
                os.unlink(_MARK, dir_fd=self._upper)
            return "free again"
        if self._held_at is None:
            self._held_at = self._first_held_at = used
        if used > self._first_held_at + STOPPING_GROWTH * self._limit:
            return "cannot be held"
        if used > self._held_at + GROWTH_WHEN_FULL * self._limit:
            self._held_at = used
            return "grows"
        return "same"

    def _is_marked(self) -> bool:
        try:
            os.stat(_MARK, dir_fd=self._upper)
        except FileNotFoundError:
            return False
        return True
