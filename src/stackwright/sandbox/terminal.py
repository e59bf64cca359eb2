"""A shell in a sandbox for a person: opened, typed into, ended. Full-screen programs are not its purpose."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, runtime_checkable

import e2b

from stackwright.sandbox.failures import translated

ROWS, COLUMNS = 24, 120
LONGEST_S = 3600.0
REQUEST_TIMEOUT_S = 10.0
PLAIN = {"PAGER": "cat", "GIT_PAGER": "cat", "SYSTEMD_PAGER": "", "LESS": "-FRX"}
"""Programs that would fill a screen print instead."""

OnData = Callable[[bytes], Awaitable[None]]


@runtime_checkable
class HasTerminal(Protocol):
    """A sandbox in which a person can have a shell."""

    async def open_terminal(self, on_data: OnData) -> "Terminal": ...

    async def type_in(self, pid: int, typed: bytes) -> None: ...


class Terminal:
    """`wait` returns when the shell has ended; `close` ends it."""

    def __init__(self, raw: e2b.AsyncSandbox, handle: Any) -> None:
        self._raw = raw
        self._handle = handle

    @property
    def pid(self) -> int:
        return self._handle.pid

    async def wait(self) -> None:
        with translated("terminal"):
            try:
                await self._handle.wait()
            except e2b.CommandExitException:
                return

    async def close(self) -> None:
        with translated("terminal"):
            await self._raw.pty.kill(self.pid, request_timeout=REQUEST_TIMEOUT_S)


async def open_in(raw: e2b.AsyncSandbox, on_data: OnData, folder: str | None) -> Terminal:
    handle = await raw.pty.create(
        e2b.PtySize(rows=ROWS, cols=COLUMNS),
        on_data,
        cwd=folder,
        envs=PLAIN,
        timeout=LONGEST_S,
        request_timeout=REQUEST_TIMEOUT_S,
    )
    return Terminal(raw, handle)
