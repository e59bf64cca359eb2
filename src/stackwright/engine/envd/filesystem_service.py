"""`filesystem.Filesystem` of E2B's wire API. All paths are those of the sandbox."""

import asyncio
import contextlib
import errno
import os
from collections import deque
from collections.abc import Iterator
from typing import Any

from stackwright.engine.envd import users
from stackwright.engine.envd.connect import StreamWriter
from stackwright.engine.envd.deletion import erase
from stackwright.engine.envd.entry_info import describe, readable
from stackwright.engine.envd.errors import RpcError, from_os_error
from stackwright.engine.envd.event_streams import relay
from stackwright.engine.envd.watch import Watch
from stackwright.engine.http1 import Headers, Request

MAX_WATCHERS = 64
MAX_WAITING_EVENTS = 10_000


class FilesystemService:
    """Unary methods by name in `unary`; `watch` streams until the client leaves or its time is over."""

    def __init__(self) -> None:
        self._watchers: dict[str, tuple[Watch, deque[dict[str, Any]]]] = {}
        self.unary = {
            "Stat": self._stat,
            "ListDir": self._list,
            "MakeDir": self._make_dir,
            "Move": self._move,
            "Remove": self._remove,
            "CreateWatcher": self._create_watcher,
            "GetWatcherEvents": self._watcher_events,
            "RemoveWatcher": self._remove_watcher,
        }

    async def watch(self, request: Request, message: dict[str, Any], out: StreamWriter) -> None:
        events: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MAX_WAITING_EVENTS)

        def report(event: dict[str, Any]) -> None:
            if not events.full():
                events.put_nowait({"filesystem": event})

        watch = _open_watch(message, _path(message, request.headers), report)
        try:
            await relay(events, request, out, start={}, wrap=lambda event: event)
        finally:
            watch.close()

    async def _stat(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        return {"entry": describe(_path(message, headers))}

    async def _list(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        path = _path(message, headers)
        try:
            os.stat(path)
        except OSError as error:
            raise _stat_failure(path, error) from error
        real = os.path.realpath(path)
        if not os.path.isdir(real):
            raise RpcError("invalid_argument", f"path is not a directory: {real}")
        depth = max(1, int(message.get("depth") or 1))
        return {"entries": await asyncio.to_thread(lambda: list(_walk(real, path, depth)))}

    async def _make_dir(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        path = _path(message, headers)
        if os.path.isdir(path):
            raise RpcError("already_exists", f"directory already exists: {path}")
        if os.path.lexists(path):
            raise RpcError("invalid_argument", f"path exists but is not a directory: {path}")
        users.make_parents(path)
        return {"entry": describe(path)}

    async def _move(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        user = users.caller(headers)
        source = users.resolve(message.get("source") or "", user)
        destination = users.resolve(message.get("destination") or "", user)
        if not os.path.lexists(source):
            raise RpcError("not_found", f"source file not found: {source}")
        users.make_parents(os.path.dirname(destination))
        try:
            await asyncio.to_thread(_rename, source, destination)
        except OSError as error:
            raise RpcError("internal", f"error renaming: {error}") from error
        return {"entry": describe(destination)}

    async def _remove(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        path = _path(message, headers)
        try:
            await asyncio.to_thread(erase, path)
        except OSError as error:
            raise from_os_error(error) from error
        return {}

    async def _create_watcher(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        if len(self._watchers) >= MAX_WATCHERS:
            raise RpcError("resource_exhausted", f"more than {MAX_WATCHERS} watchers")
        events: deque[dict[str, Any]] = deque(maxlen=MAX_WAITING_EVENTS)
        watch = _open_watch(message, _path(message, headers), events.append)
        watcher_id = f"w{os.urandom(8).hex()}"
        self._watchers[watcher_id] = watch, events
        return {"watcherId": watcher_id}

    async def _watcher_events(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del headers
        watch, events = self._watcher(message)
        watch.read()
        told = list(events)
        events.clear()
        return {"events": told}

    async def _remove_watcher(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del headers
        watch, _ = self._watcher(message)
        del self._watchers[message["watcherId"]]
        watch.close()
        return {}

    def _watcher(self, message: dict[str, Any]) -> tuple[Watch, deque[dict[str, Any]]]:
        try:
            return self._watchers[message.get("watcherId", "")]
        except KeyError:
            unknown = message.get("watcherId")
            raise RpcError("not_found", f"watcher with id {unknown} not found") from None


def _path(message: dict[str, Any], headers: Headers) -> str:
    return users.resolve(message.get("path") or "", users.caller(headers))


def _open_watch(message: dict[str, Any], path: str, report: Any) -> Watch:
    if not os.path.exists(path):
        raise RpcError("not_found", f"path {path} not found")
    if not os.path.isdir(path):
        raise RpcError("invalid_argument", f"path {path} not a directory")
    return Watch(
        path,
        recursive=bool(message.get("recursive")),
        with_entry=bool(message.get("includeEntry")),
        report=report,
    )


def _stat_failure(path: str, error: OSError) -> RpcError:
    if error.errno == errno.ELOOP:
        return RpcError("failed_precondition", f'cyclic symlink or chain >255 links at "{path}"')
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return RpcError("not_found", f"path not found: {path}")
    return from_os_error(error)


def _walk(folder: str, shown_as: str, depth: int) -> Iterator[dict[str, Any]]:
    """Each folder before what is in it, in the order of names. Folders below that are closed to us,
    or removed meanwhile, hide nothing but what is in them."""
    pending = [(folder, shown_as, iter(sorted(os.listdir(folder))))]
    while pending:
        inside, shown_inside, names = pending[-1]
        name = next(names, None)
        if name is None:
            pending.pop()
            continue
        path, shown = os.path.join(inside, name), os.path.join(shown_inside, name)
        try:
            entry = describe(path)
        except RpcError:
            continue  # removed meanwhile
        except PermissionError:
            if inside == folder:
                raise
            continue
        yield entry | {"path": readable(shown)}
        is_folder = entry["type"] == "FILE_TYPE_DIRECTORY" and not os.path.islink(path)
        if len(pending) < depth and is_folder:
            with contextlib.suppress(OSError):
                pending.append((path, shown, iter(sorted(os.listdir(path)))))


def _rename(source: str, destination: str) -> None:
    try:
        os.rename(source, destination)
    except OSError as error:
        # overlayfs does not rename a folder that comes from a template layer
        if error.errno != errno.EXDEV:
            raise
        _make_way(source, destination)
        import shutil  # noqa: PLC0415 (only for this)

        shutil.move(source, destination)


def _make_way(source: str, destination: str) -> None:
    """As renaming would: a folder takes the place of an empty one and of nothing else. Moved to a
    folder, what is copied would come to lie in it."""
    if not os.path.isdir(destination):
        return
    if os.path.islink(source) or not os.path.isdir(source):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), destination)
    os.rmdir(destination)
