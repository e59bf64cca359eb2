"""What the agent tells about one file system entry."""

import grp
import os
import pwd
import stat
import time
from typing import Any

from stackwright.engine.envd.errors import RpcError

METADATA_PREFIX = "user.e2b."


def describe(path: str) -> dict[str, Any]:
    """The entry in the wire's shape. Raises `not_found`; a dangling link describes itself."""
    try:
        link = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise RpcError("not_found", f"file not found: {path}") from None
    entry: dict[str, Any] = {}
    shown = link
    if stat.S_ISLNK(link.st_mode):
        shown, target = _target(path, link)
        entry["symlinkTarget"] = readable(target)
    if metadata := read_metadata(path):
        entry["metadata"] = metadata
    seconds, nanoseconds = divmod(link.st_mtime_ns, 10**9)
    modified = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return entry | {
        "name": readable(os.path.basename(path)),
        "path": readable(path),
        "type": _kind(shown.st_mode),
        "size": str(shown.st_size),
        "mode": stat.S_IMODE(shown.st_mode),
        "permissions": _permissions(link.st_mode),
        "owner": _owner(link.st_uid),
        "group": _group(link.st_gid),
        "modifiedTime": f"{modified}.{nanoseconds:09d}Z",
    }


def readable(name: str) -> str:
    """As it may be told: bytes that are no UTF-8 would make the whole answer unreadable for clients."""
    return os.fsencode(name).decode(errors="replace")


def read_metadata(path: str) -> dict[str, str]:
    try:
        names = os.listxattr(path, follow_symlinks=False)
        return {
            name.removeprefix(METADATA_PREFIX): os.getxattr(
                path, name, follow_symlinks=False
            ).decode(errors="replace")
            for name in names
            if name.startswith(METADATA_PREFIX)
        }
    except OSError:
        return {}


def write_metadata(path: str, metadata: dict[str, str]) -> None:
    """Replace the entry's metadata."""
    for name in os.listxattr(path):
        if name.startswith(METADATA_PREFIX):
            os.removexattr(path, name)
    for name, value in metadata.items():
        os.setxattr(path, METADATA_PREFIX + name, value.encode())


def _target(path: str, link: os.stat_result) -> tuple[os.stat_result, str]:
    try:
        return os.stat(path), os.path.realpath(path)
    except OSError:
        return link, path


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "FILE_TYPE_DIRECTORY"
    return "FILE_TYPE_FILE" if stat.S_ISREG(mode) else "FILE_TYPE_UNSPECIFIED"


def _permissions(mode: int) -> str:
    text = stat.filemode(mode)
    return "L" + text[1:] if stat.S_ISLNK(mode) else text


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
