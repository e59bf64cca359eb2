"""Limits on processes and memory that hold for a whole sandbox, where the host lets us.

As an ordinary user without a delegated group there are none: then RLIMIT_NPROC, which the kernel
counts per user namespace, bounds the processes. For root that limit does not hold, but root has
control groups.
"""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.config import Limits

MOUNT = Path("/sys/fs/cgroup")
PARENT = "stackwright"


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

    def remove(self, doors: Sequence[Path]) -> None:
        for door in doors:
            with contextlib.suppress(OSError):
                door.parent.rmdir()


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
