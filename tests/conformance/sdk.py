"""The SDK's two faces behind one: tests await both, whichever the SDK itself offers.

The synchronous face runs in threads. What the faces spell differently (callbacks, streams) has
one helper here each.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from typing import Any

import e2b
from packaging.version import Version

SDK_VERSION = Version(version("e2b"))

_PLAIN = ("get_host", "download_url", "upload_url")
_WRAPPED = {
    *("Sandbox", "Filesystem", "Commands", "Pty", "Git", "CommandHandle", "WatchHandle"),
    *("SandboxPaginator", "SnapshotPaginator"),
}


class Threaded:
    """An object of the synchronous SDK whose methods can be awaited."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.target, name)
        if name in _PLAIN or not callable(value):
            return _wrapped(value)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return _wrapped(await asyncio.to_thread(value, *args, **kwargs))

        return call


def _wrapped(value: Any) -> Any:
    if isinstance(value, list):
        return [_wrapped(item) for item in value]
    return Threaded(value) if type(value).__name__ in _WRAPPED else value


class Sdk:
    """Creates and finds sandboxes at one engine, and ends those it created."""

    def __init__(self, options: dict[str, Any], *, is_async: bool) -> None:
        self.options = options
        self.is_async = is_async
        self._created: list[str] = []

    async def create(self, template: str = "base", **given: Any) -> Any:
        sandbox = await self.call("create", template, **{"timeout": 120, **given})
        self._created.append(sandbox.sandbox_id)
        return sandbox

    async def connect(self, sandbox_id: str, **given: Any) -> Any:
        return await self.call("connect", sandbox_id, **given)

    def pages(self, method: str = "list", **given: Any) -> Any:
        """A paginator: `has_next`, `next_token`, `await next_items()`."""
        face = e2b.AsyncSandbox if self.is_async else e2b.Sandbox
        return _wrapped(getattr(face, method)(**given, **self.options))

    async def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """A class method of the sandbox: `kill`, `get_info`, `pause` and others, by id."""
        options = {**self.options, **kwargs}
        if self.is_async:
            return await getattr(e2b.AsyncSandbox, method)(*args, **options)
        function = getattr(e2b.Sandbox, method)
        return _wrapped(await asyncio.to_thread(function, *args, **options))

    async def end_all(self) -> None:
        for sandbox_id in self._created:
            await self.call("kill", sandbox_id)


async def joined(stream: Any) -> bytes:
    """All bytes of a streamed read."""
    if hasattr(stream, "__aiter__"):
        return b"".join([block async for block in stream])
    return await asyncio.to_thread(b"".join, stream)


class Terminal:
    """A terminal whose output is collected in `output`."""

    def __init__(self, sandbox: Any) -> None:
        self.output = bytearray()
        self.sandbox = sandbox
        self.handle: Any = None

    @property
    def pid(self) -> int:
        return self.handle.pid

    async def create(self, *, rows: int = 24, cols: int = 80, **given: Any) -> "Terminal":
        size = e2b.PtySize(rows=rows, cols=cols)
        self.handle = await self.sandbox.pty.create(size, **self._listening(), **given)
        return self

    async def connect(self, pid: int) -> "Terminal":
        self.handle = await self.sandbox.pty.connect(pid, **self._listening())
        return self

    async def type(self, text: str) -> None:
        await self.sandbox.pty.send_stdin(self.pid, text.encode())

    async def ended(self) -> Any:
        """The result. The synchronous face only reads while it waits."""
        if isinstance(self.handle, Threaded):
            return await self.handle.wait(on_pty=self.output.extend)
        return await self.handle.wait()

    def _listening(self) -> dict[str, Any]:
        return {} if isinstance(self.sandbox, Threaded) else {"on_data": self.output.extend}


class Watching:
    """Changes of a folder, by callback or by asking."""

    def __init__(self, sandbox: Any) -> None:
        self.events: list[e2b.FilesystemEvent] = []
        self._sandbox = sandbox
        self._handle: Any = None

    async def start(self, path: str, **given: Any) -> "Watching":
        if not isinstance(self._sandbox, Threaded):
            given["on_event"] = self.events.append
        self._handle = await self._sandbox.files.watch_dir(path, **given)
        return self

    async def until(self, kind: e2b.FilesystemEventType, name: str) -> e2b.FilesystemEvent:
        """The first event of this kind and name. Raises TimeoutError after ten seconds."""
        async with asyncio.timeout(10):
            while True:
                if isinstance(self._handle, Threaded):
                    self.events += await self._handle.get_new_events()
                with suppress(StopIteration):
                    return next(e for e in self.events if (e.type, e.name) == (kind, name))
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        await self._handle.stop()


async def until(condition: Callable[[], Any], *, within_s: float = 15.0) -> None:
    """Wait for a condition (a function or a coroutine function) to hold."""
    async with asyncio.timeout(within_s):
        while True:
            held = condition()
            if await held if asyncio.iscoroutine(held) else held:
                return
            await asyncio.sleep(0.05)
