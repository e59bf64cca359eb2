"""Keeps each sandbox within what the kernel does not limit here: its disk always; memory,
processes and CPU where there are no control groups.

A sandbox over its disk limit loses its processes and can write no file until enough is deleted;
its agent keeps answering. The look at a sandbox costs about 0.1 ms per process. Nothing a sandbox
does may delay the looks at others: slow work and calls to its agent run in tasks of their own.
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
from stackwright.engine.process_tree.tree import ProcessTree

PERIOD_S = 0.5
REST_FACTOR = 10
"""The watchdog rests ten times as long as its last look took, so that a sandbox full of
processes does not make it a burden."""
COMPUTING_PER_CORE, PROGRAMS_PER_CORE = 4, 64
"""Above this a sandbox gets lower CPU priority; no normal build reaches it."""
LOOKS_BEFORE_LOW_PRIORITY = 6
"""A sandbox that computes in so many looks in a row gets lower CPU priority until it rests. On an idle host
it still has the whole processor."""
MAX_TERMINALS = 256
DESCRIPTOR_BYTES = 256 << 10
"""Kernel memory that one socket may hold."""
GREEDY_SHARE = 1 / 4
"""Share of its memory limit above which a sandbox may be the one that exhausts the host's memory."""
RESERVED_PART = 64
"""Part of the disk limit that the files API may write into a full sandbox. Half of the growth that ends its
programs."""
NOTICE_S = 0.5
_LOOKS = ThreadPoolExecutor(1, "watchdog")
"""A thread of its own: deleting and copying may occupy all other threads of the engine."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Watched:
    """One sandbox. `memory_bytes` is what it uses at most, as last seen."""

    sandbox_id: str
    tree: ProcessTree
    quota: DiskQuota
    memory_bytes: int = 0
    looks_computing: int = 0
    has_low_priority: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Watchdog:
    """`kinds` are those that control groups limit already."""

    def __init__(self, limits: Limits, kinds: tuple[str, ...], data_dir: Path) -> None:
        self._limits = limits
        self._kinds = kinds
        self._data_dir = data_dir
        self._watched: dict[ProcessTree, Watched] = {}

    @property
    def most_descriptors(self) -> int:
        """Most descriptors of one sandbox. Without a limit on memory, as many as it can hold."""
        if "memory" in self._kinds:
            return self._limits.descriptors
        return min(self._limits.descriptors, (self._limits.memory_mb << 20) // DESCRIPTOR_BYTES)

    async def watch(self, sandbox_id: str, tree: ProcessTree, upper: Path) -> None:
        """Watch it until its process tree ends. A sandbox that was full when it ended is full from the
        start: its programs may delete files, so they are not ended."""
        quota = DiskQuota(upper, self._limits.disk_mb << 20)
        self._watched[tree] = Watched(sandbox_id, tree, quota)
        if quota.is_full:
            await self._tell_full(tree)

    async def watch_forever(self) -> None:
        while True:
            began = time.monotonic()
            try:
                await self._look_at_all()
            except OSError as error:
                log.warning("watchdog_failed", extra={"why": str(error)})
            await asyncio.sleep(max(PERIOD_S, REST_FACTOR * (time.monotonic() - began)))

    async def _look_at_all(self) -> None:
        disk = await _in_thread(lambda: usage.of_disk(self._data_dir))
        for watched in list(self._watched.values()):
            if not watched.tree.is_alive:
                del self._watched[watched.tree]
                watched.quota.close()
                continue
            try:
                await self._look_at(watched, disk)
            except OSError as error:
                log.warning("watchdog_failed", extra={"why": str(error)})
        await self._keep_disk_free(disk)
        if "memory" not in self._kinds:
            await self._keep_memory_free()

    async def _look_at(self, watched: Watched, disk: DiskUse) -> None:
        pids, uses, killed = await _in_thread(lambda: self._inspect(watched))
        if killed:
            log.warning("sandbox_over_limit", extra={"sandbox_id": watched.sandbox_id, **killed})
        watched.quota.count(uses)
        if watched.quota.must_measure(uses, disk, len(_programs(watched.tree, pids))):
            spawn(self._measure(watched, pids, disk), name=f"measure {watched.sandbox_id}")
        else:
            self._act(watched, watched.quota.verdict(is_measured=False))
            await watched.quota.store()

    def _inspect(
        self, watched: Watched
    ) -> tuple[list[int], Mapping[int, ProcessUse], dict[str, int]]:
        pids = watched.tree.pids_inside()
        uses = {pid: use for pid in pids if (use := usage.of_process(pid)) is not None}
        return pids, uses, self._end_excess(watched, pids, uses) if pids else {}

    def _end_excess(
        self, watched: Watched, pids: list[int], uses: Mapping[int, ProcessUse]
    ) -> dict[str, int]:
        """The limits that were exceeded, after ending the programs that exceeded them. If there are no
        programs, the agent did, and the sandbox ends."""
        limits, programs = self._limits, _programs(watched.tree, pids)
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
        self._set_priority(
            watched, programs, is_crowd or watched.looks_computing >= LOOKS_BEFORE_LOW_PRIORITY
        )
        if is_crowd and "cpu" not in self._kinds:
            _lower(computing)
        return found

    def _set_priority(self, watched: Watched, programs: Sequence[int], is_low: bool) -> None:
        """By sessions at every look, because new sessions may have started since."""
        if "cpu" not in self._kinds:
            if is_low or watched.has_low_priority:
                is_said = autogroups.set_low_priority(programs, is_low=is_low)
                watched.has_low_priority = is_low or not is_said
        elif is_low != watched.has_low_priority:
            watched.has_low_priority = is_low
            Cgroups.set_idle(watched.tree.group, is_idle=is_low)

    def _memory_excess(self, uses: Mapping[int, ProcessUse], resident: int, files: int) -> int:
        """Bytes used if over the limit, else 0. The exact figure is slow, so it is read only near the limit."""
        limit = self._limits.memory_mb << 20
        if resident + files <= limit:
            return 0
        used = sum(map(usage.proportional_bytes, uses)) + files
        return used if used > limit else 0

    async def _measure(self, watched: Watched, pids: Sequence[int], disk: DiskUse) -> None:
        with contextlib.suppress(OSError):
            await watched.quota.measure(pids, disk)
            if watched.tree.is_alive:
                self._act(watched, watched.quota.verdict(is_measured=True))
                await watched.quota.store()

    def _act(self, watched: Watched, verdict: Verdict) -> None:
        match verdict:
            case "same":
                return
            case "full":
                self._stop_writing(watched, "over its disk limit")
            case "grows":
                self._stop_writing(watched, "it grows all the same")
            case "cannot be held":
                log.warning("sandbox_stopped_for_its_disk", extra=_told(watched))
                spawn(watched.tree.stop(), name=f"stop {watched.sandbox_id}")
            case "free again":
                log.info("sandbox_disk_free_again", extra=_told(watched))
                spawn(_allow_writing(watched), name=f"let write {watched.sandbox_id}")

    def _stop_writing(self, watched: Watched, why: str) -> None:
        log.warning("sandbox_disk_full", extra={**_told(watched), "why": why})
        spawn(self._keep_from_writing(watched), name=f"keep from writing {watched.sandbox_id}")

    async def _keep_from_writing(self, watched: Watched) -> None:
        """The agent is told first, so that it can say why programs ended. They are ended twice: those
        that started meanwhile have the limit, unless a program took it back."""
        async with watched.lock:
            telling = spawn(self._tell_full(watched.tree), name="tell that the disk is full")
            await asyncio.wait({telling}, timeout=NOTICE_S)
            await asyncio.to_thread(_end_programs, watched.tree)
            await telling
            await asyncio.to_thread(_end_programs, watched.tree)

    async def _tell_full(self, tree: ProcessTree) -> None:
        limit_mb = self._limits.disk_mb
        reserve_bytes = (limit_mb << 20) // RESERVED_PART
        await tree.set_disk_full(limit_mb=limit_mb, reserve_bytes=reserve_bytes)

    async def _keep_disk_free(self, disk: DiskUse) -> None:
        """The sandbox that writes most loses its processes before the host's disk is full."""
        growth = {watched: watched.quota.growth() for watched in self._watched.values()}
        if disk.free_bytes < self._limits.free_disk_mb << 20 and growth:
            writer = max(growth, key=lambda watched: growth[watched])
            if growth[writer] > 0:
                writer.quota.fill()
                self._stop_writing(writer, "writing while the host's disk is nearly full")
                await writer.quota.store()

    async def _keep_memory_free(self) -> None:
        """The sandbox that takes most loses its processes before the host's memory is gone: what the
        kernel holds for a program is seen here only."""
        if usage.free_memory_mb() >= self._limits.free_memory_mb or not self._watched:
            return
        taker = max(self._watched.values(), key=lambda watched: watched.memory_bytes)
        if taker.memory_bytes > GREEDY_SHARE * (self._limits.memory_mb << 20):
            extra = {"sandbox_id": taker.sandbox_id, "used_mb": taker.memory_bytes >> 20}
            log.warning("sandbox_took_the_hosts_memory", extra=extra)
            await _in_thread(lambda: _end_programs(taker.tree))


async def _in_thread(look: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_LOOKS, look)


def _told(watched: Watched) -> dict[str, object]:
    return {"sandbox_id": watched.sandbox_id, "used_mb": watched.quota.used_bytes >> 20}


async def _allow_writing(watched: Watched) -> None:
    async with watched.lock:
        await watched.tree.set_disk_free()


def _programs(tree: ProcessTree, pids: list[int]) -> list[int]:
    return pids[tree.OWN_PROCESSES :]


def _end_programs(tree: ProcessTree) -> None:
    end_all(_programs(tree, tree.pids_inside()))


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
