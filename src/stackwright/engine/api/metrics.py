"""CPU, memory and disk of a sandbox, measured from outside."""

import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import Any

from stackwright.engine.config import Limits
from stackwright.engine.limits import usage
from stackwright.engine.process_tree.tree import ProcessTree
from stackwright.engine.record import iso, now
from stackwright.engine.sandboxes.sandbox import Sandbox

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


DISK_KEPT_S = 5.0
"""How long a measurement of a sandbox's files is used again: it reads all of its folders."""


class Meter:
    """Remembers the last sample of each sandbox: CPU is a difference."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._last: dict[str, tuple[float, float]] = {}
        self._disks: dict[str, tuple[float, int]] = {}

    async def sample(self, sandbox: Sandbox) -> dict[str, Any]:
        pids, cpu_s, resident_bytes = await asyncio.to_thread(_of_processes, sandbox.tree)
        moment = now()
        return {
            "timestamp": iso(moment),
            "timestampUnix": int(moment),
            "cpuCount": os.cpu_count() or 1,
            "cpuUsedPct": self._cpu_percent(sandbox.record.id, cpu_s),
            "memUsed": resident_bytes,
            "memTotal": self._limits.memory_mb << 20,
            "memCache": 0,
            "diskUsed": await self._disk_bytes(sandbox, pids),
            "diskTotal": self._limits.disk_mb << 20,
        }

    async def _disk_bytes(self, sandbox: Sandbox, pids: list[int]) -> int:
        """What its files take, counted as for its disk limit."""
        measured_at, used = self._disks.get(sandbox.record.id, (float("-inf"), 0))
        if time.monotonic() - measured_at < DISK_KEPT_S:
            return used
        with contextlib.suppress(OSError):
            per_file = usage.of_disk(sandbox.folder).bytes_per_file
            upper = os.open(sandbox.folder / "upper", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                used, _ = await usage.of_files(upper, pids, per_file)
            finally:
                os.close(upper)
        self._disks[sandbox.record.id] = time.monotonic(), used
        return used

    def _cpu_percent(self, sandbox_id: str, cpu_s: float) -> float:
        at = time.monotonic()
        before_at, before_s = self._last.get(sandbox_id, (at, cpu_s))
        self._last[sandbox_id] = at, cpu_s
        if at <= before_at or cpu_s < before_s:
            return 0.0
        return round(100 * (cpu_s - before_s) / (at - before_at), 2)


def _of_processes(tree: ProcessTree | None) -> tuple[list[int], float, int]:
    """Processes inside, their seconds of CPU and their bytes in memory."""
    pids = tree.pids_inside() if tree else []
    return pids, sum(map(_cpu_s, pids)), sum(map(_resident_bytes, pids))


def _cpu_s(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S
    return 0.0


def _resident_bytes(pid: int) -> int:
    """Resident minus shared pages: shared ones would count once per process."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/statm").read_text().split()
        resident, shared = int(fields[1]), int(fields[2])
        return max(0, resident - shared) * _PAGE_BYTES
    return 0
