"""What the processes of a sandbox use, read from the host's /proc, and what its files take.

Everything here is a snapshot of something that moves: what is gone in the meantime counts nothing.
"""

import contextlib
import os
import stat
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_IN_MEMORY = ("/memfd:", "/dev/shm/", "/tmp/", "/SYSV", "/dev/zero")  # noqa: S108 - names only
DU_TIMEOUT_S = 60.0


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
    folder = f"/proc/{pid}"
    try:
        fields = Path(folder, "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return ProcessUse(
        resident_bytes=max(0, int(fields[21])) * _PAGE_BYTES,
        written_bytes=_written(folder),
        descriptors=_descriptors(folder),
        is_runnable=fields[0] == "R",
    )


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
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) * 1024
    return 0


def terminals(init_pid: int) -> int:
    """How many pseudo terminals a sandbox has, from its first process."""
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{init_pid}/root/dev/pts").iterdir()))
    return 0


def of_files(folder: int, pids: Iterable[int]) -> int:
    """Bytes on disk below an open folder, and in files that these processes keep open after
    deletion."""
    return _below(folder) + _deleted_but_open(pids)


def _below(folder: int) -> int:
    """Folders that forbid reading are read all the same: they belong to us or to our namespace."""
    command = ["/usr/bin/du", "-s", "-x", "--block-size=1", f"/proc/self/fd/{folder}/"]
    if os.geteuid() != 0:
        command = ["/usr/bin/unshare", "--user", "--map-root-user", "--", *command]
    with contextlib.suppress(subprocess.SubprocessError, OSError, ValueError, IndexError):
        done = subprocess.run(  # noqa: S603 - nothing of a sandbox's is in the command
            ["/usr/bin/nice", "-n", "10", *command],
            capture_output=True,
            timeout=DU_TIMEOUT_S,
            pass_fds=[folder],
            check=False,
        )
        return int(done.stdout.split()[0])
    return 0


def _deleted_but_open(pids: Iterable[int]) -> int:
    sizes: dict[tuple[int, int], int] = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for link in Path(f"/proc/{pid}/fd").iterdir():
                _add_if_deleted(link, sizes)
    return sum(sizes.values())


def _add_if_deleted(link: Path, sizes: dict[tuple[int, int], int]) -> None:
    with contextlib.suppress(OSError):
        found = link.stat()
        is_kept = found.st_nlink == 0 and stat.S_ISREG(found.st_mode)
        if is_kept and not str(link.readlink()).startswith(_IN_MEMORY):
            sizes[found.st_dev, found.st_ino] = found.st_blocks * 512


def biggest(pids: Iterable[int], size: Callable[[int], int]) -> int:
    return max(pids, key=size)
