"""Folder watching over inotify."""

import asyncio
import contextlib
import ctypes
import os
import struct
from collections.abc import Callable, Iterator
from typing import Any

from stackwright.engine.envd.entry_info import describe, readable
from stackwright.engine.envd.errors import RpcError

MAX_WATCHED_FOLDERS = 8192
_CREATE, _MODIFY, _ATTRIB, _DELETE = 0x100, 0x2, 0x4, 0x200
_MOVED_FROM, _MOVED_TO, _IGNORED, _IS_FOLDER = 0x40, 0x80, 0x8000, 0x40000000
_MASK = _CREATE | _MODIFY | _ATTRIB | _DELETE | _MOVED_FROM | _MOVED_TO
_TYPES = (
    (_CREATE | _MOVED_TO, "CREATE"),
    (_MODIFY, "WRITE"),
    (_ATTRIB, "CHMOD"),
    (_DELETE, "REMOVE"),
    (_MOVED_FROM, "RENAME"),
)
_EVENT = struct.Struct("iIII")
_libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    """Reports changes below `root` to `report` until closed."""

    def __init__(
        self,
        root: str,
        *,
        recursive: bool,
        with_entry: bool,
        report: Callable[[dict[str, Any]], None],
    ) -> None:
        self._root, self._recursive, self._with_entry = root, recursive, with_entry
        self._report = report
        self._folders: dict[int, str] = {}
        self._fd: int = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise RpcError("resource_exhausted", os.strerror(ctypes.get_errno()))
        self._add(root)
        asyncio.get_running_loop().add_reader(self._fd, self.read)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)

    def _add(self, root: str, *, is_new: bool = False) -> None:
        """Watch a new folder, and tell what was made in it before it could be watched."""
        pending = [root]
        while pending and len(self._folders) < MAX_WATCHED_FOLDERS:
            folder = pending.pop()
            descriptor = _libc.inotify_add_watch(self._fd, os.fsencode(folder), _MASK)
            if descriptor < 0 or self._folders.get(descriptor) == folder:
                continue
            self._folders[descriptor] = folder
            for entry in _entries(folder) if self._recursive else ():
                if is_new:
                    self._tell(entry.path, "CREATE")
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)

    def read(self) -> None:
        """Report what has happened by now."""
        try:
            buffer = os.read(self._fd, 65536)
        except OSError:
            return
        moved, moved_cookie = "", 0
        for descriptor, mask, cookie, name in _events(buffer):
            if mask & _IGNORED:
                self._folders.pop(descriptor, None)
            # a folder that stays below the root says where it is now in the event that follows
            if moved and not (
                cookie == moved_cookie and _is_real_folder(self._at(descriptor, name))
            ):
                self._forget(moved)
            moved, path = "", self._at(descriptor, name)
            if not path:
                continue
            if mask & _MOVED_FROM and mask & _IS_FOLDER:
                moved, moved_cookie = path, cookie
            self._tell_all(path, mask)
        if moved:
            self._forget(moved)

    def _at(self, descriptor: int, name: str) -> str:
        """Empty when it is not watched any more, or the event is of the folder itself."""
        folder = self._folders.get(descriptor)
        return os.path.join(folder, name) if folder is not None and name else ""

    def _forget(self, root: str) -> None:
        """Stop watching a folder that moved away, and the folders in it."""
        for descriptor, folder in list(self._folders.items()):
            if folder == root or folder.startswith(f"{root}/"):
                _libc.inotify_rm_watch(self._fd, descriptor)
                del self._folders[descriptor]

    def _tell_all(self, path: str, mask: int) -> None:
        for bits, kind in _TYPES:
            if mask & bits:
                self._tell(path, kind)
                if kind == "CREATE" and self._recursive and _is_real_folder(path):
                    self._add(path, is_new=True)

    def _tell(self, path: str, kind: str) -> None:
        event: dict[str, Any] = {
            "name": readable(os.path.relpath(path, self._root)),
            "type": f"EVENT_TYPE_{kind}",
        }
        if self._with_entry and kind in ("CREATE", "WRITE", "CHMOD"):
            with contextlib.suppress(RpcError):
                event["entry"] = describe(path)
        self._report(event)


def _events(buffer: bytes) -> Iterator[tuple[int, int, int, str]]:
    """Each event as descriptor, mask, cookie and name."""
    offset = 0
    while offset < len(buffer):
        descriptor, mask, cookie, size = _EVENT.unpack_from(buffer, offset)
        offset += _EVENT.size
        yield descriptor, mask, cookie, os.fsdecode(buffer[offset : offset + size].rstrip(b"\0"))
        offset += size


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError:  # removed meanwhile
        return []


def _is_real_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)
