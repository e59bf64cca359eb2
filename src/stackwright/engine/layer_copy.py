"""An exact copy of what a sandbox changed, for a snapshot.

The source was filled by untrusted programs: every entry is opened below its folder's descriptor and
no link is ever followed, so the copy cannot leave the source even if somebody still changes it.
"""

import os
import stat
from pathlib import Path

_NOT_COPIED = ("user.overlay.origin", "user.overlay.impure", "user.overlay.uuid")
"""The kernel's notes about the layers that lay below; in a layer of its own they mean nothing."""


def copy_layer(source: Path, target: Path) -> None:
    """Make `target` from `source`: contents (holes stay holes, shared blocks where the file system
    can), modes, times, hard links, whiteouts, extended attributes. Raises OSError."""
    _LayerCopy(source, target).run()


class _LayerCopy:
    def __init__(self, source: Path, target: Path) -> None:
        self._source = source
        self._target = target
        self._copies: dict[tuple[int, int], Path] = {}

    def run(self) -> None:
        """One folder is open for each level, so that however deep they lie each is opened once."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        opened = [os.open(self._source, flags)]
        try:
            pending = [(self._target, self._begin_folder(opened[0], self._target))]
            while pending:
                made, below = pending[-1]
                if below:
                    name = below.pop()
                    opened.append(_open(opened[-1], name, os.O_DIRECTORY))
                    pending.append((made / name, self._begin_folder(opened[-1], made / name)))
                else:
                    # last: a folder may forbid writing, and each entry made in it changes its time
                    _copy_status(made, os.fstat(opened[-1]))
                    os.close(opened.pop())
                    pending.pop()
        finally:
            for folder in opened:
                os.close(folder)

    def _begin_folder(self, folder: int, made: Path) -> list[str]:
        """Make it and all in it but the folders, whose names are returned."""
        made.mkdir()
        _copy_attributes(folder, made)
        below: list[str] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    below.append(entry.name)
                else:
                    self._copy_entry(folder, entry, made)
        return below

    def _copy_entry(self, folder: int, entry: os.DirEntry[str], made: Path) -> None:
        name, target = entry.name, made / entry.name
        status = entry.stat(follow_symlinks=False)
        identity = status.st_dev, status.st_ino
        if status.st_nlink > 1 and identity in self._copies:
            os.link(self._copies[identity], target, follow_symlinks=False)
            return
        if stat.S_ISREG(status.st_mode):
            _copy_file(folder, name, target)
        elif stat.S_ISLNK(status.st_mode):
            target.symlink_to(os.readlink(name, dir_fd=folder))
        else:
            os.mknod(target, status.st_mode, status.st_rdev)
        _copy_status(target, status)
        self._copies[identity] = target


def _open(folder: int, name: str, flags: int) -> int:
    """For reading; what its owner may not read is made readable for the moment of opening."""
    flags |= os.O_RDONLY | os.O_NOFOLLOW
    try:
        return os.open(name, flags, dir_fd=folder)
    except PermissionError:
        entry = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
    try:
        mode = stat.S_IMODE(os.fstat(entry).st_mode)
        path = Path(f"/proc/self/fd/{entry}")
        path.chmod(mode | stat.S_IRWXU)
        try:
            return os.open(name, flags, dir_fd=folder)
        finally:
            path.chmod(mode)
    finally:
        os.close(entry)


def _copy_file(folder: int, name: str, target: Path) -> None:
    source = _open(folder, name, os.O_NONBLOCK)
    try:
        copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _copy_data(source, copy)
        finally:
            os.close(copy)
        _copy_attributes(source, target)
    finally:
        os.close(source)


def _copy_data(source: int, copy: int) -> None:
    size = os.fstat(source).st_size
    end = 0
    while end < size:
        try:
            start = os.lseek(source, end, os.SEEK_DATA)
        except OSError:  # only a hole is left
            break
        end = os.lseek(source, start, os.SEEK_HOLE)
        while start < end and (
            copied := os.copy_file_range(source, copy, end - start, start, start)
        ):
            start += copied
    os.ftruncate(copy, size)


def _copy_attributes(source: int, target: Path) -> None:
    for name in os.listxattr(source):
        if name.startswith("user.") and name not in _NOT_COPIED:
            os.setxattr(target, name, os.getxattr(source, name))


def _copy_status(target: Path, status: os.stat_result) -> None:
    if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        target.chmod(stat.S_IMODE(status.st_mode))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns), follow_symlinks=False)
