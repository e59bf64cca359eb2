"""Deleted files that still take disk space because a process holds them: by a descriptor, a mapping, or a
message in a socket that contains a descriptor.
"""

import contextlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

MEMORY_FOLDERS = ("tmp", "dev/shm", "run")
"""Folders of a sandbox that are file systems in memory."""
_DELETED = " (deleted)"
_IN_FLIGHT = "\nscm_fds:"


def of_processes(pids: Sequence[int]) -> tuple[int, bool]:
    """Bytes on disk, and whether there are more files whose size cannot be read: those in messages and,
    unless we are root, those that are only mapped. `pids` start with the sandbox's first process."""
    kept = _DeletedFiles(_memory_devices(pids[0]) if pids else set())
    for pid in pids:
        with contextlib.suppress(OSError):
            kept.add_opened(Path(f"/proc/{pid}"))
        with contextlib.suppress(OSError):
            kept.add_mapped(Path(f"/proc/{pid}"))
    return sum(kept.sizes.values()), kept.are_unseen


def _memory_devices(first_pid: int) -> set[int]:
    """Devices of file systems in memory. Checked by device, because a program can choose any name."""
    memory = os.memfd_create("")
    try:
        found = {os.fstat(memory).st_dev}
    finally:
        os.close(memory)
    root = Path(f"/proc/{first_pid}/root")
    with contextlib.suppress(OSError):
        on_disk = root.stat().st_dev
        found |= {(root / folder).stat().st_dev for folder in MEMORY_FOLDERS} - {on_disk}
    return found


class _DeletedFiles:
    def __init__(self, memory_devices: set[int]) -> None:
        self._memory_devices = memory_devices
        self.sizes: dict[tuple[int, int], int] = {}
        self.are_unseen = False

    def add_opened(self, process: Path) -> None:
        for link in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                found = link.stat()
                self._add(found)
                if stat.S_ISSOCK(found.st_mode) and not self.are_unseen:
                    self.are_unseen = _are_in_flight(process / "fdinfo" / link.name)

    def add_mapped(self, process: Path) -> None:
        for line in (process / "maps").read_text(errors="replace").splitlines():
            if not line.endswith(_DELETED):
                continue
            span, _, _, device, _, _ = line.split(maxsplit=5)
            major, _, minor = device.partition(":")
            if os.makedev(int(major, 16), int(minor, 16)) in self._memory_devices:
                continue
            try:
                self._add((process / "map_files" / span).stat())
            except PermissionError:
                self.are_unseen = True
            except OSError:
                continue

    def _add(self, found: os.stat_result) -> None:
        is_file = stat.S_ISREG(found.st_mode) and found.st_dev not in self._memory_devices
        if is_file and found.st_nlink == 0:
            self.sizes[found.st_dev, found.st_ino] = found.st_blocks * 512


def _are_in_flight(info: Path) -> bool:
    """Whether messages with descriptors wait in this socket, or for it to be accepted."""
    waiting = info.read_text().partition(_IN_FLIGHT)[2].split()
    return bool(waiting) and waiting[0] != "0"
