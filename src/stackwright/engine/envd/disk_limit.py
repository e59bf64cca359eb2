"""What may still be written while the sandbox is over its disk limit.

Programs may write small files only: the platform's records of commands are such files. The files API
may write a reserve, so that the platform can bring its own files up to date.
"""

import errno
from collections.abc import Sequence

SMALL_FILE_BYTES = 4096
"""One block: it takes less of the disk than the entry of an empty file, which no limit forbids."""
_WITH_SMALL_FILES = f'ulimit -S -f {SMALL_FILE_BYTES // 512}; exec "$@"'
_NOTE = (
    "The disk of this sandbox is full ({limit_mb} MB): its programs are ended, and files cannot grow "
    "beyond {small} bytes until enough is deleted.\n"
)


class DiskLimit:
    """Whether the sandbox is full; the engine says when that changes."""

    def __init__(self) -> None:
        self.is_full = False
        self._limit_mb = 0
        self._reserve_bytes = 0

    @property
    def note(self) -> str:
        """For a person or a model who wonders why a command failed."""
        return _NOTE.format(limit_mb=self._limit_mb, small=SMALL_FILE_BYTES)

    def set_full(self, *, limit_mb: int, reserve_bytes: int) -> None:
        """The reserve is given once, until the sandbox is free again."""
        if not self.is_full:
            self.is_full, self._limit_mb, self._reserve_bytes = True, limit_mb, reserve_bytes

    def set_free(self) -> None:
        self.is_full = False

    def check(self, size: int) -> None:
        """Raises OSError when a file of `size` bytes cannot be written through the files API."""
        if self.is_full and size > self._reserve_bytes:
            raise OSError(errno.ENOSPC, self.note.strip())

    def take(self, size: int) -> None:
        """Like `check`, and count the bytes."""
        self.check(size)
        self._reserve_bytes -= size

    def limited(self, argv: Sequence[str]) -> list[str]:
        """The command line that starts `argv` within the limit. A full sandbox has no other."""
        return ["/bin/sh", "-c", _WITH_SMALL_FILES, "sh", *argv] if self.is_full else list(argv)
