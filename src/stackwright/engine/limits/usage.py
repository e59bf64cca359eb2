"""Memory, descriptors and writes of a sandbox's processes (from the host's /proc), and the size of its files.

Processes and files change meanwhile: what has disappeared counts as nothing.
"""

import asyncio
import contextlib
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.limits import deleted_files

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MEMORY_PER_FILE, _LEAST_PER_FILE = 1024, 512
SUM_TIMEOUT_S = 60.0
_ENDED = "Z"


@dataclass(frozen=True)
class ProcessUse:
    """`written` counts bytes for the disk since the process started, ended children included;
    None where we may not read it."""

    resident_bytes: int
    written_bytes: int | None
    descriptors: int
    is_runnable: bool


def of_process(pid: int) -> ProcessUse | None:
    """None when the process is gone."""
    fields = _fields(pid)
    if fields is None:
        return None
    living = pid
    if fields[0] == _ENDED:
        living = _living(pid)
        fields = _fields(living) or fields
    return ProcessUse(
        resident_bytes=max(0, int(fields[21])) * _PAGE_BYTES,
        written_bytes=_written(f"/proc/{pid}"),
        descriptors=_descriptors(f"/proc/{living}"),
        is_runnable=fields[0] == "R",
    )


def _living(pid: int) -> int:
    """A live thread of the process, normally the first. When the first has ended, the kernel shows memory and
    descriptors only under the others."""
    for thread in (pid, *_threads(pid)):
        fields = _fields(thread)
        if fields is not None and fields[0] != _ENDED:
            return thread
    return pid


def _threads(pid: int) -> list[int]:
    try:
        return [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []


def _fields(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _written(folder: str) -> int | None:
    try:
        lines = Path(folder, "io").read_text().split()
    except ProcessLookupError:
        return 0
    except OSError:
        return None
    values = dict(zip(lines[::2], map(int, lines[1::2]), strict=True))
    return values["write_bytes:"] - values["cancelled_write_bytes:"]


def _descriptors(folder: str) -> int:
    try:
        counted = Path(folder, "fd").stat().st_size  # the number itself, since Linux 6.2
        return counted or len(list(Path(folder, "fd").iterdir()))
    except OSError:
        return 0


def proportional_bytes(pid: int) -> int:
    """Memory of a process, with a share of what it has in common with others."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{_living(pid)}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) * 1024
    return 0


def terminals(init_pid: int) -> int:
    """How many pseudo terminals a sandbox has, from its first process."""
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{init_pid}/root/dev/pts").iterdir()))
    return 0


def in_memory_files(init_pid: int) -> int:
    """Bytes in the file systems that a sandbox has in memory. They are mounts, so no program can put
    something else in their place."""
    found = 0
    for folder in deleted_files.MEMORY_FOLDERS:
        with contextlib.suppress(OSError):
            status = os.statvfs(f"/proc/{init_pid}/root/{folder}")
            found += (status.f_blocks - status.f_bfree) * status.f_frsize
            found += (status.f_files - status.f_ffree) * _MEMORY_PER_FILE
    return found


def free_memory_mb() -> int:
    """What the host can still give without swapping."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) >> 10
    return 0


@dataclass(frozen=True)
class DiskUse:
    """Use of a whole file system. What is used and what is free is the blocks and, at `bytes_per_file`
    each, the places for files, of which some file systems have a fixed number."""

    used_bytes: int
    free_bytes: int
    bytes_per_file: int


def of_disk(folder: Path) -> DiskUse:
    found = os.statvfs(folder)
    free_bytes = found.f_bavail * found.f_frsize
    if not found.f_files:
        used_bytes = (found.f_blocks - found.f_bfree) * found.f_frsize
        return DiskUse(used_bytes, free_bytes, _LEAST_PER_FILE)
    per_file = max(_LEAST_PER_FILE, found.f_blocks * found.f_frsize // found.f_files)
    blocks, files = found.f_blocks - found.f_bfree, found.f_files - found.f_ffree
    used_bytes = blocks * found.f_frsize + files * per_file
    return DiskUse(used_bytes, min(free_bytes, found.f_favail * per_file), per_file)


async def of_files(
    folder: int, pids: Sequence[int], bytes_per_file: int, enough: int = sys.maxsize
) -> tuple[int, bool]:
    """Bytes on disk below an open folder, with its number of files, and in files that these processes
    keep after deletion; and whether they keep others too, of an unknown size. Counting ends at `enough`
    bytes: a program that makes files faster than they can be read is not waited for. OSError when nothing can be
    found out."""
    found = await _summed(folder, bytes_per_file, enough)
    kept, are_others = await asyncio.to_thread(_deleted_of, pids)
    return found + kept, are_others


def _deleted_of(pids: Sequence[int]) -> tuple[int, bool]:
    return deleted_files.of_processes(list(map(_living, pids)))


_SUM_UP = """
find "$1" -xdev -printf '%y %n %i %b\n' | awk -v each="$2" -v enough="$3" '
    $1 != "d" && $2 > 1 && seen[$3]++ { next }
    { bytes += each + 512 * $4 }
    bytes >= enough { exit }
    END { if (NR) printf "%.0f", bytes }'
"""
"""Each file once, however many names it has."""


async def _summed(folder: int, bytes_per_file: int, enough: int) -> int:
    """Folders that forbid reading are read all the same: they belong to us or to our namespace. What
    takes too long is too much."""
    words = (f"/proc/self/fd/{folder}/", str(bytes_per_file), str(enough))
    command = ["/bin/sh", "-c", _SUM_UP, "sum-up", *words]
    if os.geteuid() != 0:
        command = ["/usr/bin/unshare", "--user", "--map-root-user", "--", *command]
    process = await asyncio.create_subprocess_exec(
        *("/usr/bin/nice", "-n", "10", *command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=[folder],
        process_group=0,
    )
    try:
        async with asyncio.timeout(SUM_TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        return sys.maxsize
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    if not output:
        raise OSError(errno.EIO, "the files of a sandbox could not be summed up")
    return int(output)


def biggest(pids: Iterable[int], size: Callable[[int], int]) -> int:
    return max(pids, key=size)
