"""Limits on processes and memory that hold for a whole sandbox, where the host lets us.

As an ordinary user without a delegated group there are none: then RLIMIT_NPROC, which the kernel
counts per user namespace, bounds the processes. For root that limit does not hold, but root has
control groups.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.config import Limits

MOUNT = Path("/sys/fs/cgroup")
PARENT = "stackwright"
REMOVAL_TRIES, REMOVAL_PAUSE_S = 100, 0.05


@dataclass(frozen=True)
class Cgroups:
    """`files` maps a limit's file to its value, per hierarchy; empty when not allowed."""

    hierarchies: tuple[tuple[Path, dict[str, str]], ...]

    @classmethod
    def detect(cls, limits: Limits, *, mount: Path = MOUNT) -> "Cgroups":
        memory = str(limits.memory_mb << 20)
        processes = str(limits.processes)
        if (mount / "cgroup.controllers").exists():
            unified = {"pids.max": processes, "memory.max": memory, "memory.swap.max": "0"}
            wanted = [(mount, unified)]
        else:
            wanted = [
                (mount / "pids", {"pids.max": processes}),
                (mount / "memory", {"memory.limit_in_bytes": memory}),
            ]
        return cls(tuple((base / PARENT, files) for base, files in wanted if _prepare(base)))

    def create(self, name: str) -> list[Path]:
        """A group per hierarchy; the returned files take the first process's id."""
        doors: list[Path] = []
        for base, files in self.hierarchies:
            group = base / f"{name}-{os.getpid()}"
            try:
                group.mkdir(exist_ok=True)
                for file, value in files.items():
                    if (group / file).exists():
                        (group / file).write_text(value)
            except OSError:
                continue
            doors.append(group / "cgroup.procs")
        return doors

    async def remove(self, doors: Sequence[Path]) -> None:
        """A group can go only when the kernel has buried its last process."""
        groups = {door.parent for door in doors}
        for _ in range(REMOVAL_TRIES):
            groups = {group for group in groups if not _removed(group)}
            if not groups:
                return
            await asyncio.sleep(REMOVAL_PAUSE_S)

    def sweep(self) -> None:
        """Remove the groups of engines that were killed."""
        for base, _ in self.hierarchies:
            for group in base.iterdir():
                engine = group.name.rpartition("-")[2]
                if group.is_dir() and engine.isdecimal() and not Path("/proc", engine).exists():
                    _removed(group)


def _removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _prepare(base: Path) -> bool:
    parent = base / PARENT
    if not base.is_dir() or not os.access(base, os.W_OK):
        return False
    try:
        parent.mkdir(exist_ok=True)
        if (base / "cgroup.subtree_control").exists():
            for group in (base, parent):
                (group / "cgroup.subtree_control").write_text("+pids +memory")
    except OSError:
        return False
    return True
