"""Removing what hostile programs made, of any depth and with any permissions, while they may still
change it. Used on both sides of the sandbox wall."""

import contextlib
import errno
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager

DEEPEST = 50
"""Folders further down are moved up first: so no path is too long and few descriptors are open."""


def erase(path: str) -> None:
    """Remove a file, a link, or a folder with all that is below it; what is not there is no error. Every
    entry is reached by its folder's descriptor and no link is followed. Raises OSError."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(status.st_mode):
        _Erasure(path).run()
    else:
        os.unlink(path)


class _Erasure:
    def __init__(self, path: str) -> None:
        self._path = path
        self._moved = 0
        self._mark = f".erased-{os.urandom(8).hex()}"
        self._waiting: list[str] = []

    def run(self) -> None:
        with _opened(self._path, None) as root:
            self._empty(root, root, 1)
            while self._waiting:
                self._remove(root, root, self._waiting.pop(), 1)
        os.rmdir(self._path)

    def _empty(self, root: int, folder: int, depth: int) -> None:
        with os.scandir(folder) as found:
            entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
        for name, is_folder in entries:
            with contextlib.suppress(FileNotFoundError):
                if not is_folder:
                    os.unlink(name, dir_fd=folder)
                elif depth < DEEPEST or not self._move_up(root, folder, name):
                    self._remove(root, folder, name, depth)

    def _remove(self, root: int, parent: int, name: str, depth: int) -> None:
        with _opened(name, parent) as folder:
            self._empty(root, folder, depth + 1)
        os.rmdir(name, dir_fd=parent)

    def _move_up(self, root: int, folder: int, name: str) -> bool:
        """False when it is of a lower layer, which cannot be moved."""
        self._moved += 1
        fresh = f"{self._mark}-{self._moved}"
        try:
            os.rename(name, fresh, src_dir_fd=folder, dst_dir_fd=root)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            return False
        self._waiting.append(fresh)
        return True


@contextmanager
def _opened(name: str, parent: int | None) -> Generator[int]:
    """The folder, with all rights for its owner."""
    try:
        folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    except PermissionError:
        folder = _opened_by_force(name, parent)
    try:
        mode = stat.S_IMODE(os.fstat(folder).st_mode)
        if mode & stat.S_IRWXU != stat.S_IRWXU:
            os.fchmod(folder, mode | stat.S_IRWXU)
        yield folder
    finally:
        os.close(folder)


def _opened_by_force(name: str, parent: int | None) -> int:
    place = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{place}", stat.S_IRWXU)
        return os.open(f"/proc/self/fd/{place}", os.O_RDONLY | os.O_DIRECTORY)
    finally:
        os.close(place)
