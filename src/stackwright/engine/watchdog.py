"""Keeps each sandbox within what the kernel does not limit here: its disk always; memory,
processes and CPU where there are no control groups.

A sandbox over its disk limit loses its processes and can write no file until enough is deleted;
its agent keeps answering. The look at a sandbox costs about 0.1 ms per process.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stackwright.engine import usage
from stackwright.engine.config import Limits
from stackwright.engine.machine import Machine
from stackwright.engine.usage import ProcessUse

PERIOD_S = 0.5
REST_FACTOR = 10
"""The watchdog rests ten times as long as its last look took, so that a sandbox full of
processes does not make it a burden."""
MEASURE_REST_FACTOR = 20
NEARLY_FULL, SURELY_FULL = 0.95, 1.5
CROWD_PER_CORE = 4
LOWEST_PRIORITY = 19
MAX_TERMINALS = 256

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Watched:
    """One sandbox. `counted` are bytes written since its files were `measured`. `upper` is open:
    its folder may be renamed."""

    sandbox_id: str
    machine: Machine
    upper: int
    written: dict[int, int] = field(default_factory=dict[int, int])
    measured: int = 0
    counted: int = 0
    last_counted: int = 0
    next_measure_at: float = 0.0
    is_full: bool = False

    @property
    def used_bytes(self) -> int:
        """At most this much, of what is known."""
        return self.measured + self.counted


class Watchdog:
    """`kinds` are those that control groups limit already."""

    def __init__(self, limits: Limits, kinds: tuple[str, ...], data_dir: Path) -> None:
        self._limits = limits
        self._kinds = kinds
        self._data_dir = data_dir
        self._disk_bytes = limits.disk_mb << 20
        self._watched: dict[Machine, Watched] = {}

    def watch(self, sandbox_id: str, machine: Machine, upper: Path) -> None:
        """From now until its machine ends."""
        opened = os.open(upper, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._watched[machine] = Watched(sandbox_id, machine, opened)

    def used_bytes(self, machine: Machine) -> int:
        """Disk use as last seen; 0 for what is not watched."""
        watched = self._watched.get(machine)
        return 0 if watched is None else watched.used_bytes

    async def watch_forever(self) -> None:
        while True:
            began = time.monotonic()
            for watched in list(self._watched.values()):
                if not watched.machine.is_alive:
                    del self._watched[watched.machine]
                    os.close(watched.upper)
                    continue
                try:
                    await self._look_at(watched)
                except OSError as error:
                    log.warning("watchdog_failed", extra={"why": str(error)})
            await self._keep_disk_free()
            await asyncio.sleep(max(PERIOD_S, REST_FACTOR * (time.monotonic() - began)))

    async def _look_at(self, watched: Watched) -> None:
        uses, killed = await asyncio.to_thread(self._inspect, watched)
        if killed:
            log.warning("sandbox_over_limit", extra={"sandbox_id": watched.sandbox_id, **killed})
        if self._must_measure(watched, uses):
            await self._measure(watched)
        elif watched.used_bytes < SURELY_FULL * self._disk_bytes:
            return
        if watched.used_bytes > self._disk_bytes and not watched.is_full:
            await self._fill(watched, "over its disk limit")
        elif watched.is_full and watched.used_bytes < NEARLY_FULL * self._disk_bytes:
            await self._empty(watched)

    def _inspect(self, watched: Watched) -> tuple[Mapping[int, ProcessUse], dict[str, int]]:
        pids = watched.machine.pids_inside()
        uses = {pid: use for pid in pids if (use := usage.of_process(pid)) is not None}
        count_written(watched, uses)
        programs = pids[watched.machine.OWN_PROCESSES :]
        return uses, self._end_excess(pids, programs, uses)

    def _end_excess(
        self, pids: list[int], programs: list[int], uses: Mapping[int, ProcessUse]
    ) -> dict[str, int]:
        """What was too much, after ending the processes that caused it."""
        if not programs:
            return {}
        limits = self._limits
        found: dict[str, int] = {}
        if (opened := sum(use.descriptors for use in uses.values())) > limits.descriptors:
            found["descriptors"] = opened
        if (screens := usage.terminals(pids[0])) > MAX_TERMINALS:
            found["terminals"] = screens
        if "pids" not in self._kinds and len(pids) > limits.processes:
            found["processes"] = len(pids)
        if found:
            end_all(programs)
        elif "memory" not in self._kinds and (used := self._memory_excess(uses)):
            found["memory_bytes"] = used
            end_all([usage.biggest(programs, usage.proportional_bytes)])
        if "cpu" not in self._kinds:
            _lower_crowd([pid for pid in programs if pid in uses and uses[pid].is_runnable])
        return found

    def _memory_excess(self, uses: Mapping[int, ProcessUse]) -> int:
        """Bytes used when over the limit, else 0. Shares are asked for only when it is close."""
        limit = self._limits.memory_mb << 20
        if sum(use.resident_bytes for use in uses.values()) <= limit:
            return 0
        used = sum(map(usage.proportional_bytes, uses))
        return used if used > limit else 0

    def _must_measure(self, watched: Watched, uses: Mapping[int, ProcessUse]) -> bool:
        if time.monotonic() < watched.next_measure_at:
            return False
        is_blind = any(use.written_bytes is None for use in uses.values())
        is_new = watched.next_measure_at == 0.0
        over = watched.used_bytes > NEARLY_FULL * self._disk_bytes
        return is_new or is_blind or watched.is_full or over

    async def _measure(self, watched: Watched) -> None:
        began = time.monotonic()
        pids = watched.machine.pids_inside()
        counted = watched.counted
        watched.measured = await asyncio.to_thread(usage.of_files, watched.upper, pids)
        watched.counted -= counted
        took = time.monotonic() - began
        watched.next_measure_at = time.monotonic() + max(2 * PERIOD_S, MEASURE_REST_FACTOR * took)

    async def _keep_disk_free(self) -> None:
        """The sandbox that writes most loses its processes before the host's disk is full."""
        free = await asyncio.to_thread(_free_bytes, self._data_dir)
        recent = {w: w.counted - w.last_counted for w in self._watched.values()}
        for watched in recent:
            watched.last_counted = watched.counted
        if free < self._limits.free_disk_mb << 20 and recent:
            writer = max(recent, key=lambda w: recent[w])
            if recent[writer] > 0:
                await self._fill(writer, "writing while the host's disk is nearly full")

    async def _fill(self, watched: Watched, why: str) -> None:
        extra = {"sandbox_id": watched.sandbox_id, "used_mb": watched.used_bytes >> 20}
        log.warning("sandbox_disk_full", extra={**extra, "why": why})
        watched.is_full = True
        watched.next_measure_at = time.monotonic()
        await watched.machine.set_writable(is_writable=False)
        programs = await asyncio.to_thread(watched.machine.pids_inside)
        end_all(programs[watched.machine.OWN_PROCESSES :])

    async def _empty(self, watched: Watched) -> None:
        log.info("sandbox_disk_free_again", extra={"sandbox_id": watched.sandbox_id})
        watched.is_full = False
        await watched.machine.set_writable(is_writable=True)


def count_written(watched: Watched, uses: Mapping[int, ProcessUse]) -> None:
    """Counts too much rather than too little: what a child wrote counts once more when its parent
    inherits the figure. A measurement corrects it."""
    seen: dict[int, int] = {}
    for pid, use in uses.items():
        seen[pid] = use.written_bytes or 0
        watched.counted += max(0, seen[pid] - watched.written.get(pid, 0))
    watched.written = seen


def _lower_crowd(runnable: list[int]) -> None:
    """Many programs that compute at once give way to other sandboxes."""
    if len(runnable) <= CROWD_PER_CORE * (os.cpu_count() or 1):
        return
    for pid in runnable:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, LOWEST_PRIORITY)


def end_all(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _free_bytes(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
