"""Limits on memory, processes and CPU that hold for a whole sandbox, where the host lets us.

Both versions of control groups; version 2 also in a group that systemd delegated to an ordinary
user. Where a kind is missing, the watchdog stands in.
"""

import asyncio
import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.config import Limits

MOUNT = Path("/sys/fs/cgroup")
PARENT, PLATFORM = "stackwright", "stackwright-platform"
KINDS = ("pids", "memory", "cpu")
FREEZER = "unified"
"""Version 2 mounted beside version 1, as systemd does. It limits nothing, but it can freeze processes so that
they can still be killed, which version 1 cannot."""
REMOVAL_TRIES, REMOVAL_PAUSE_S = 100, 0.05
_OPTIONAL = ("memory.memsw.limit_in_bytes", "memory.kmem.tcp.limit_in_bytes", "memory.swap.max")
_TCP_PART = 8
"""Version 1 counts the buffers of TCP apart, which all programs of the host have together."""
_SHARES, _WEIGHT, _MOST_WEIGHT = 1024, 100, 10_000
"""What version 1 and 2 give a group's CPU by default, which is what a program has."""
_SANDBOXES_PART = 2
"""All sandboxes together get half of that per core, because sandboxes wait for the platform's short work."""


@dataclass(frozen=True)
class Cgroups:
    """`hierarchies` map a limit's file to its value; empty when not allowed. `kinds` are limited."""

    hierarchies: tuple[tuple[Path, dict[str, str]], ...]
    kinds: tuple[str, ...] = ()

    @classmethod
    def detect(
        cls, limits: Limits, *, mount: Path = MOUNT, own: Path = Path("/proc/self/cgroup")
    ) -> "Cgroups":
        if (mount / "cgroup.controllers").exists():
            return cls._unified(limits, mount, own)
        values = {
            "pids": {"pids.max": str(limits.processes)},
            "memory": {
                "memory.limit_in_bytes": str(limits.memory_mb << 20),
                "memory.memsw.limit_in_bytes": str(limits.memory_mb << 20),
                "memory.kmem.tcp.limit_in_bytes": str((limits.memory_mb << 20) // _TCP_PART),
            },
            "cpu": {"cpu.shares": str(_SHARES)},
        }
        usable = [kind for kind in KINDS if _prepare(mount / kind)]
        if "cpu" in usable:
            _write(mount / "cpu" / PARENT / "cpu.shares", _for_all(_SHARES))
        pairs = [(mount / kind / PARENT, values[kind]) for kind in usable]
        if _prepare(mount / FREEZER):
            pairs.append((mount / FREEZER / PARENT, {}))
        return cls(tuple(pairs), tuple(usable))

    @classmethod
    def _unified(cls, limits: Limits, mount: Path, own: Path) -> "Cgroups":
        is_ours = os.access(mount / "cgroup.subtree_control", os.W_OK)
        base = mount if is_ours else _delegated(mount, own)
        if base is None or not _prepare(base):
            return cls(())
        parent = base / PARENT
        kinds = tuple(kind for kind in KINDS if _enable((base, parent), kind))
        _write(parent / "cpu.weight", min(_for_all(_WEIGHT), _MOST_WEIGHT))
        files = {
            "pids.max": str(limits.processes),
            "memory.max": str(limits.memory_mb << 20),
            "memory.swap.max": "0",
            "cpu.weight": str(_WEIGHT),
        }
        return cls(((parent, files),), kinds)

    def create(self, name: str) -> list[Path]:
        """A group per hierarchy; the first process's id is written to the returned files. Raises OSError,
        since the watchdog does not replace a missing group."""
        procs_files: list[Path] = []
        try:
            for base, files in self.hierarchies:
                group = base / f"{name}-{os.getpid()}"
                group.mkdir(exist_ok=True)
                procs_files.append(group / "cgroup.procs")
                _limit(group, files)
        except OSError:
            for procs_file in procs_files:
                _removed(procs_file.parent)
            raise
        return procs_files

    @staticmethod
    def set_idle(procs_files: Sequence[Path], *, is_idle: bool) -> None:
        """Let a sandbox's programs run only while no other sandbox needs the CPU, if the kernel has `cpu.idle`."""
        for procs_file in procs_files:
            if (switch := procs_file.parent / "cpu.idle").exists():
                _write(switch, int(is_idle))

    async def remove(self, procs_files: Sequence[Path]) -> None:
        """A group can be removed only after the kernel has reaped its last process."""
        groups = {procs_file.parent for procs_file in procs_files}
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


def _for_all(value: int) -> int:
    return value * (os.cpu_count() or 1) // _SANDBOXES_PART


def _limit(group: Path, files: Mapping[str, str]) -> None:
    for file, value in files.items():
        try:
            if (group / file).exists():
                (group / file).write_text(value)
        except OSError:
            if file not in _OPTIONAL:
                raise


def _removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _prepare(base: Path) -> bool:
    if not base.is_dir() or not os.access(base, os.W_OK):
        return False
    with contextlib.suppress(OSError):
        (base / PARENT).mkdir(exist_ok=True)
        return True
    return False


def _enable(groups: Sequence[Path], kind: str) -> bool:
    """Let the groups below limit this kind."""
    try:
        for group in groups:
            (group / "cgroup.subtree_control").write_text(f"+{kind}")
    except OSError:
        return False
    return True


def _delegated(mount: Path, own: Path) -> Path | None:
    """The group systemd gave us, once our processes have left it for one below: a group with
    processes of its own may not limit those below it."""
    try:
        lines = own.read_text().splitlines()
        path = next(line.removeprefix("0::/") for line in lines if line.startswith("0::/"))
        base = mount / path
        if not path or not os.access(base, os.W_OK):
            return None
        platform = base / PLATFORM
        platform.mkdir(exist_ok=True)
        for pid in (base / "cgroup.procs").read_text().split():
            (platform / "cgroup.procs").write_text(pid)
    except (OSError, StopIteration):
        return None
    return base


def _write(file: Path, value: int) -> None:
    with contextlib.suppress(OSError):
        file.write_text(str(value))
