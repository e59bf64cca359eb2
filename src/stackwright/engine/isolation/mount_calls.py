"""The mount calls that Python's standard library lacks, each raising OSError when refused.

They act on the mount namespace of the calling thread.
"""

import ctypes
import os
import struct
from collections.abc import Callable
from pathlib import Path

READ_ONLY, NO_SETUID, NO_DEVICES, _ID_MAPPED = 0x1, 0x2, 0x4, 0x100000
_CLONE_NEWNS = 0x20000
_MS_RECURSIVE, _MS_PRIVATE, _UNMOUNT_DETACH = 1 << 14, 1 << 18, 2
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_OPEN_TREE_CLONE = 1
_FROM_EMPTY_PATH, _TO_EMPTY_PATH = 0x4, 0x40
_NO_SYMLINKS, _BENEATH = 0x4, 0x8
# Numbers shared by all architectures.
_OPEN_TREE, _MOVE_MOUNT, _OPENAT2, _MOUNT_SETATTR = 428, 429, 437, 442

_libc = ctypes.CDLL(None, use_errno=True)


def _call(function: Callable[..., int], *arguments: object) -> int:
    result = function(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def leave_mount_namespace() -> None:
    """Give this thread mounts of its own; nothing it does to them is seen outside."""
    _call(_libc.unshare, _CLONE_NEWNS)
    _call(_libc.mount, b"none", b"/", None, _MS_RECURSIVE | _MS_PRIVATE, None)


def mount(kind: str, target: Path, options: str) -> None:
    _call(_libc.mount, kind.encode(), bytes(target), kind.encode(), 0, options.encode())


def detach(target: Path) -> None:
    """Unmount now; what is open stays usable."""
    _call(_libc.umount2, bytes(target), _UNMOUNT_DETACH)


def clone_tree(source: Path, *, recursive: bool = True) -> int:
    """A descriptor of an unattached copy of what is mounted at `source`."""
    flags = _OPEN_TREE_CLONE | os.O_CLOEXEC | (_AT_RECURSIVE if recursive else 0)
    return _call(_libc.syscall, _OPEN_TREE, _AT_FDCWD, bytes(source), flags)


def restrict(tree: int, attributes: int) -> None:
    """READ_ONLY, NO_SETUID, NO_DEVICES on an unattached copy and all below it."""
    _set_attributes(tree, attributes, 0)


def map_owners(tree: int, user_namespace: int) -> None:
    """Show the owners of files as `user_namespace` maps them. Needs Linux 5.12."""
    _set_attributes(tree, _ID_MAPPED, user_namespace)


def _set_attributes(tree: int, attributes: int, user_namespace: int) -> None:
    values = struct.pack("QQQQ", attributes, 0, 0, user_namespace)
    flags = _AT_EMPTY_PATH | _AT_RECURSIVE
    _call(_libc.syscall, _MOUNT_SETATTR, tree, b"", flags, values, len(values))


def attach(tree: int, folder: int) -> None:
    """Mount an unattached copy on what `folder` has open."""
    flags = _FROM_EMPTY_PATH | _TO_EMPTY_PATH
    _call(_libc.syscall, _MOVE_MOUNT, tree, b"", folder, b"", flags)


def open_below(root: int, path: Path) -> int:
    """`path` below the open folder `root`, where no symbolic link is followed."""
    how = struct.pack("QQQ", os.O_PATH | os.O_CLOEXEC, 0, _NO_SYMLINKS | _BENEATH)
    return _call(_libc.syscall, _OPENAT2, root, bytes(path), how, len(how))
