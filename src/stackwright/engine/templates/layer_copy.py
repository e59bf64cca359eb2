"""An exact copy of what a sandbox changed, for a snapshot.

The source was filled by untrusted programs: every entry is opened below its folder's descriptor and
no link is ever followed, so the copy cannot leave the source even if somebody still changes it.
"""

import os
import stat
from pathlib import Path

_NOT_COPIED = ("user.overlay.origin", "user.overlay.impure", "user.overlay.uuid")
"""The kernel's notes about the layers that lay below; in a layer of its own they mean nothing."""
_LONGEST_PATH_BYTES = 4095
_ENTER = stat.S_IRUSR | stat.S_IXUSR


def copy_layer(source: Path, target: Path) -> None:
    """Make `target` from `source`: contents (holes stay holes, shared blocks where the file system
    can), modes, times, hard links, whiteouts, extended attributes. Raises OSError."""
    _LayerCopy(source, target).run()


class _LayerCopy:
    def __init__(self, source: Path, target: Path) -> None:
        self._source = source
        self._target = target
        self._copies: dict[tuple[int, int], Path] = {}
        self._closed: dict[int, int] = {}
        """Modes of open folders that their owner may not enter, as they are to be again."""

    def run(self) -> None:
        """Of both sides one folder is open for each level: however deep they lie, each is opened once
        and no path is too long."""
        self._target.mkdir()
        opened = [_open_folder(self._source), _open_folder(self._target)]
        try:
            self._open_up(opened[0])
            found = self._begin_folder(opened[0], opened[1], self._target)
            pending: list[tuple[Path | None, list[str]]] = [(self._target, found)]
            while pending:
                folder, made = opened[-2:]
                path, below = pending[-1]
                if below:
                    name = below.pop()
                    path = _below(path, name)
                    (_entry(made) / name).mkdir()
                    opened.append(_open(folder, name, os.O_DIRECTORY))
                    self._open_up(opened[-1])
                    opened.append(_open_folder(_entry(made) / name))
                    pending.append((path, self._begin_folder(opened[-2], opened[-1], path)))
                else:
                    self._close_up(folder)
                    # last: a folder may forbid writing, and each entry made in it changes its time
                    _copy_status(made, os.fstat(folder))
                    pending.pop()
                    os.close(opened.pop())
                    os.close(opened.pop())
        finally:
            for descriptor in opened:
                self._close_up(descriptor)
                os.close(descriptor)

    def _open_up(self, folder: int) -> None:
        """Let its owner enter it while it is copied: nobody looks meanwhile."""
        mode = stat.S_IMODE(os.fstat(folder).st_mode)
        if mode & _ENTER != _ENTER:
            self._closed[folder] = mode
            os.fchmod(folder, mode | _ENTER)

    def _close_up(self, folder: int) -> None:
        if (mode := self._closed.pop(folder, None)) is not None:
            os.fchmod(folder, mode)

    def _begin_folder(self, folder: int, made: int, path: Path | None) -> list[str]:
        """Copy all in it but the folders, whose names are returned. `path` is where the copy lies; None:
        deeper than any path goes, where a hard link becomes a copy."""
        _copy_attributes(folder, made)
        below: list[str] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    below.append(entry.name)
                else:
                    self._copy_entry(folder, entry, _entry(made), path)
        return below

    def _copy_entry(
        self, folder: int, entry: os.DirEntry[str], made: Path, path: Path | None
    ) -> None:
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
        if (copy := _below(path, name)) is not None:
            self._copies[identity] = copy


def _below(path: Path | None, name: str) -> Path | None:
    """None when it is too long for the kernel."""
    if path is None or len(os.fsencode(path)) + 1 + len(os.fsencode(name)) > _LONGEST_PATH_BYTES:
        return None
    return path / name


def _entry(folder: int) -> Path:
    """A short path to an open folder."""
    return Path(f"/proc/self/fd/{folder}")


def _open_folder(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


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


def _copy_attributes(source: int, target: Path | int) -> None:
    for name in os.listxattr(source):
        if name.startswith("user.") and name not in _NOT_COPIED:
            os.setxattr(target, name, os.getxattr(source, name))


def _copy_status(target: Path | int, status: os.stat_result) -> None:
    """Of a path, or of an open folder."""
    is_open = isinstance(target, int)
    if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(target, status.st_uid, status.st_gid, follow_symlinks=is_open)
    if not stat.S_ISLNK(status.st_mode):
        os.chmod(target, stat.S_IMODE(status.st_mode))  # noqa: PTH101 (a descriptor has no method)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns), follow_symlinks=is_open)
