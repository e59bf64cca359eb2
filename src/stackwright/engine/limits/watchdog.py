"""Keeps each sandbox within what the kernel does not limit here: its disk always; memory,
processes and CPU where there are no control groups.

A sandbox over its disk limit loses its processes and can write no file until enough is deleted;
its agent keeps answering. The look at a sandbox costs about 0.1 ms per process. Nothing a sandbox
does may hold up the looks at others: what takes long, or asks its agent, goes on beside them.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from stackwright.core.tasks import spawn
from stackwright.engine.cgroups import Cgroups
from stackwright.engine.config import Limits
from stackwright.engine.limits import autogroups, usage
from stackwright.engine.limits.disk_quota import DiskQuota, Verdict
from stackwright.engine.limits.usage import DiskUse, ProcessUse
from stackwright.engine.process_tree.tree import Machine

PERIOD_S = 0.5
REST_FACTOR = 10
"""The watchdog rests ten times as long as its last look took, so that a sandbox full of
processes does not make it a burden."""
COMPUTING_PER_CORE, PROGRAMS_PER_CORE = 4, 64
"""More are a crowd, which gives way to other sandboxes: no build has so many."""
PATIENCE_LOOKS = 6
"""Who computes that long gives way too, until it rests. Alone it still has all the processor."""
MAX_TERMINALS = 256
DESCRIPTOR_BYTES = 256 << 10
"""So much memory of the kernel a socket may hold."""
GREEDY_PART = 1 / 4
"""Of its memory limit: who uses less is not the one who empties the host's memory."""
RESERVED_PART = 64
"""Of the disk limit: what the files API may write into a full sandbox. Half of the growth that ends its
programs."""
NOTICE_S = 0.5
_LOOKS = ThreadPoolExecutor(1, "watchdog")
"""Apart from the engine's other threads, which erasing and copying may take."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Watched:
    """One sandbox. `memory_bytes` is what it uses at most, as last seen."""

    sandbox_id: str
    machine: Machine
    quota: DiskQuota
    memory_bytes: int = 0
    looks_computing: int = 0
    gives_way: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Watchdog:
    """`kinds` are those that control groups limit already."""

    def __init__(self, limits: Limits, kinds: tuple[str, ...], data_dir: Path) -> None:
        self._limits = limits
        self._kinds = kinds
        self._data_dir = data_dir
        self._watched: dict[Machine, Watched] = {}

    @property
    def most_descriptors(self) -> int:
        """Of one sandbox. Without a limit on memory, as many as can be held in it."""
        if "memory" in self._kinds:
            return self._limits.descriptors
        return min(self._limits.descriptors, (self._limits.memory_mb << 20) // DESCRIPTOR_BYTES)

    async def watch(self, sandbox_id: str, machine: Machine, upper: Path) -> None:
        """From now until its machine ends. One that was full when it last ended begins so, and its
        first programs, which may delete, need not end for it to be."""
        quota = DiskQuota(upper, self._limits.disk_mb << 20)
        self._watched[machine] = Watched(sandbox_id, machine, quota)
        if quota.is_full:
            await self._tell_full(machine)

    async def watch_forever(self) -> None:
        while True:
            began = time.monotonic()
            try:
                await self._look_at_all()
            except OSError as error:
                log.warning("watchdog_failed", extra={"why": str(error)})
            await asyncio.sleep(max(PERIOD_S, REST_FACTOR * (time.monotonic() - began)))

    async def _look_at_all(self) -> None:
        disk = await _aside(lambda: usage.of_disk(self._data_dir))
        for watched in list(self._watched.values()):
            if not watched.machine.is_alive:
                del self._watched[watched.machine]
                watched.quota.close()
                continue
            try:
                await self._look_at(watched, disk)
            except OSError as error:
                log.warning("watchdog_failed", extra={"why": str(error)})
        self._keep_disk_free(disk)
        if "memory" not in self._kinds:
            await self._keep_memory_free()

    async def _look_at(self, watched: Watched, disk: DiskUse) -> None:
        pids, uses, killed = await _aside(lambda: self._inspect(watched))
        if killed:
            log.warning("sandbox_over_limit", extra={"sandbox_id": watched.sandbox_id, **killed})
        watched.quota.count(uses)
        if watched.quota.must_measure(uses, disk, len(_programs(watched.machine, pids))):
            spawn(self._measure(watched, pids, disk), name=f"measure {watched.sandbox_id}")
        else:
            self._act(watched, watched.quota.verdict(is_measured=False))

    def _inspect(
        self, watched: Watched
    ) -> tuple[list[int], Mapping[int, ProcessUse], dict[str, int]]:
        pids = watched.machine.pids_inside()
        uses = {pid: use for pid in pids if (use := usage.of_process(pid)) is not None}
        return pids, uses, self._end_excess(watched, pids, uses) if pids else {}

    def _end_excess(
        self, watched: Watched, pids: list[int], uses: Mapping[int, ProcessUse]
    ) -> dict[str, int]:
        """What was too much, after ending the processes that caused it. Where none but the sandbox's
        own are left it is theirs, and the sandbox ends."""
        limits, programs = self._limits, _programs(watched.machine, pids)
        found: dict[str, int] = {}
        opened = sum(use.descriptors for use in uses.values())
        if opened > self.most_descriptors:
            found["descriptors"] = opened
        if (screens := usage.terminals(pids[0])) > MAX_TERMINALS:
            found["terminals"] = screens
        if "pids" not in self._kinds and len(pids) > limits.processes:
            found["processes"] = len(pids)
        if found:
            end_all(programs or pids[:1])
        elif "memory" not in self._kinds:
            files = usage.in_memory_files(pids[0])
            resident = sum(use.resident_bytes for use in uses.values())
            watched.memory_bytes = resident + files + opened * DESCRIPTOR_BYTES
            if used := self._memory_excess(uses, resident, files):
                found["memory_bytes"] = used
                end_all([_greediest(pids, programs, limits.memory_mb << 20)])
        computing = [pid for pid in programs if pid in uses and uses[pid].is_runnable]
        is_crowd = _is_crowd(len(programs), len(computing))
        watched.looks_computing = watched.looks_computing + 1 if computing else 0
        self._set_way(watched, programs, is_crowd or watched.looks_computing >= PATIENCE_LOOKS)
        if is_crowd and "cpu" not in self._kinds:
            _lower(computing)
        return found

    def _set_way(self, watched: Watched, programs: Sequence[int], gives: bool) -> None:
        """With sessions, at every look: others may have begun."""
        if "cpu" not in self._kinds:
            if gives or watched.gives_way:
                is_said = autogroups.give_way(programs, does=gives)
                watched.gives_way = gives or not is_said
        elif gives != watched.gives_way:
            watched.gives_way = gives
            Cgroups.give_way(watched.machine.group, does=gives)

    def _memory_excess(self, uses: Mapping[int, ProcessUse], resident: int, files: int) -> int:
        """Bytes used when over the limit, else 0. Shares are asked for only when it is close."""
        limit = self._limits.memory_mb << 20
        if resident + files <= limit:
            return 0
        used = sum(map(usage.proportional_bytes, uses)) + files
        return used if used > limit else 0

    async def _measure(self, watched: Watched, pids: Sequence[int], disk: DiskUse) -> None:
        with contextlib.suppress(OSError):
            await watched.quota.measure(pids, disk)
            if watched.machine.is_alive:
                self._act(watched, watched.quota.verdict(is_measured=True))

    def _act(self, watched: Watched, verdict: Verdict) -> None:
        match verdict:
            case "same":
                return
            case "full":
                self._shut(watched, "over its disk limit")
            case "grows":
                self._shut(watched, "it grows all the same")
            case "cannot be held":
                log.warning("sandbox_stopped_for_its_disk", extra=_told(watched))
                spawn(watched.machine.stop(), name=f"stop {watched.sandbox_id}")
            case "free again":
                log.info("sandbox_disk_free_again", extra=_told(watched))
                spawn(_open(watched), name=f"let write {watched.sandbox_id}")

    def _shut(self, watched: Watched, why: str) -> None:
        log.warning("sandbox_disk_full", extra={**_told(watched), "why": why})
        spawn(self._keep_from_writing(watched), name=f"keep from writing {watched.sandbox_id}")

    async def _keep_from_writing(self, watched: Watched) -> None:
        """The agent is told first, so that it can say why programs ended. They are ended twice: those
        that started meanwhile have the limit, unless a program took it back."""
        async with watched.turn:
            telling = spawn(self._tell_full(watched.machine), name="tell that the disk is full")
            await asyncio.wait({telling}, timeout=NOTICE_S)
            await asyncio.to_thread(_end_programs, watched.machine)
            await telling
            await asyncio.to_thread(_end_programs, watched.machine)

    async def _tell_full(self, machine: Machine) -> None:
        limit_mb = self._limits.disk_mb
        reserve_bytes = (limit_mb << 20) // RESERVED_PART
        await machine.set_disk_full(limit_mb=limit_mb, reserve_bytes=reserve_bytes)

    def _keep_disk_free(self, disk: DiskUse) -> None:
        """The sandbox that writes most loses its processes before the host's disk is full."""
        growth = {watched: watched.quota.growth() for watched in self._watched.values()}
        if disk.free_bytes < self._limits.free_disk_mb << 20 and growth:
            writer = max(growth, key=lambda watched: growth[watched])
            if growth[writer] > 0:
                writer.quota.fill()
                self._shut(writer, "writing while the host's disk is nearly full")

    async def _keep_memory_free(self) -> None:
        """The sandbox that takes most loses its processes before the host's memory is gone: what the
        kernel holds for a program is seen here only."""
        if usage.free_memory_mb() >= self._limits.free_memory_mb or not self._watched:
            return
        taker = max(self._watched.values(), key=lambda watched: watched.memory_bytes)
        if taker.memory_bytes > GREEDY_PART * (self._limits.memory_mb << 20):
            extra = {"sandbox_id": taker.sandbox_id, "used_mb": taker.memory_bytes >> 20}
            log.warning("sandbox_took_the_hosts_memory", extra=extra)
            await _aside(lambda: _end_programs(taker.machine))


async def _aside(look: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_LOOKS, look)


def _told(watched: Watched) -> dict[str, object]:
    return {"sandbox_id": watched.sandbox_id, "used_mb": watched.quota.used_bytes >> 20}


async def _open(watched: Watched) -> None:
    async with watched.turn:
        await watched.machine.set_disk_free()


def _programs(machine: Machine, pids: list[int]) -> list[int]:
    return pids[machine.OWN_PROCESSES :]


def _end_programs(machine: Machine) -> None:
    end_all(_programs(machine, machine.pids_inside()))


def _greediest(pids: list[int], programs: list[int], limit_bytes: int) -> int:
    """The biggest program; the first process, and with it all, when the agent alone takes the half."""
    agent = sum(map(usage.proportional_bytes, pids[: len(pids) - len(programs)]))
    if not programs or agent > limit_bytes / 2:
        return pids[0]
    return usage.biggest(programs, usage.proportional_bytes)


def _is_crowd(programs: int, computing: int) -> bool:
    cores = os.cpu_count() or 1
    return computing > COMPUTING_PER_CORE * cores or programs > PROGRAMS_PER_CORE * cores


def _lower(pids: list[int]) -> None:
    """For a kernel that shares a core among programs, not among sessions."""
    for pid in pids:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, autogroups.LOWEST)


def end_all(pids: Sequence[int]) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
