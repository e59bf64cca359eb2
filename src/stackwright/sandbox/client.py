"""One sandbox through the official e2b SDK: E2B, self-hosted E2B and the local engine alike.

The SDK's types and errors stop here. Options are passed explicitly, never by the environment.
"""

import asyncio
from collections.abc import Awaitable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import e2b

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import SandboxId
from stackwright.core.killpoints import reached
from stackwright.core.tasks import spawn
from stackwright.sandbox.base import (
    WORKSPACE_ROOT,
    CommandResult,
    EngineRefused,
    FileInfo,
    HttpAnswer,
    OutputSink,
    PortAddress,
    ProcessInfo,
    Sandbox,
    SandboxFileMissing,
    SandboxGone,
)
from stackwright.sandbox.endpoint import CONTROL_TIMEOUT_S, REQUEST_TIMEOUT_S, Endpoint
from stackwright.sandbox.failures import FAILURES, asked, translated
from stackwright.sandbox.health import answers
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.output import BoundedText
from stackwright.sandbox.removal import FEW, batches, remove_at_once
from stackwright.sandbox.sdk_versions import WITHOUT_RETAINED_OUTPUT
from stackwright.sandbox.terminal import OnData, Terminal, open_in

HEALTH_TIMEOUT_S = 5.0
FILES_PORT = 49983
"""Where a sandbox's own agent serves its files."""
ONLY_LINKS_WITHIN = {"X-Links-Below": WORKSPACE_ROOT}
"""Understood by the local engine; others write through every link."""


class E2BSandbox:
    """Implements the sandbox port. `http` is shared by all sandboxes of the process."""

    def __init__(
        self, raw: e2b.AsyncSandbox, endpoint: Endpoint, http: SandboxHttp, timeout_s: int
    ) -> None:
        self._raw = raw
        self._endpoint = endpoint
        self._http = http
        self._timeout_s = timeout_s
        self.is_suspect = False
        """Whether something failed: then it must be tried before it is used again."""

    @property
    def id(self) -> SandboxId:
        return SandboxId(self._raw.sandbox_id)

    async def read(self, path: str, *, max_bytes: int = 50_000_000) -> bytes:
        url, headers = self._raw.download_url(path), self.address(FILES_PORT).headers
        with self._suspecting():
            return await self._http.opened.download(url, headers, path, max_bytes=max_bytes)

    async def write(self, files: Mapping[str, bytes]) -> None:
        if files:
            # Not signed for one path: the names in the form say where each file goes.
            url = self._raw.upload_url("")
            headers = {**self.address(FILES_PORT).headers, **ONLY_LINKS_WITHIN}
            with self._suspecting():
                await self._http.opened.upload(url, headers, files)

    async def remove(self, paths: Sequence[str]) -> None:
        """What a command could not remove, the sandbox's agent does: it opens what is closed."""
        for some in batches(paths):
            if len(some) <= FEW or not await remove_at_once(self, some):
                await self._remove_each(some)

    async def _remove_each(self, paths: Sequence[str]) -> None:
        for path in paths:
            try:
                with self._guarded(path):
                    await self._raw.files.remove(path, request_timeout=REQUEST_TIMEOUT_S)
            except SandboxFileMissing:
                continue

    async def list(self, path: str, *, depth: int = 1) -> list[FileInfo]:
        with self._guarded(path):
            entries = await self._raw.files.list(
                path, depth=depth, request_timeout=REQUEST_TIMEOUT_S
            )
        return [FileInfo(e.path, e.type == e2b.FileType.DIR, e.size) for e in entries]

    async def run(
        self,
        command: str,
        *,
        cwd: str = WORKSPACE_ROOT,
        envs: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
        max_output_bytes: int = 1_000_000,
        on_output: OutputSink | None = None,
    ) -> CommandResult:
        out, err = BoundedText(max_output_bytes), BoundedText(max_output_bytes)

        def sink(kind: Literal["stdout", "stderr"], kept: BoundedText) -> Any:
            def take(text: str) -> None:
                kept.add(text)
                if on_output is not None:
                    on_output(kind, text)

            return take

        timed_out = False
        exit_code = 0
        with self._guarded(cwd):
            try:
                handle = await self._started(
                    command,
                    background=True,
                    cwd=cwd,
                    envs=dict(envs or {}),
                    timeout=timeout_s,
                    request_timeout=REQUEST_TIMEOUT_S,
                    on_stdout=sink("stdout", out),
                    on_stderr=sink("stderr", err),
                    **WITHOUT_RETAINED_OUTPUT,
                )
                reached("sandbox.command.started")
                await handle.wait()
            except e2b.CommandExitException as ended:
                exit_code = ended.exit_code
            except e2b.TimeoutException:
                # A sandbox that died meanwhile is a "timeout" too. At a real one, which on a busy
                # machine may come before the start, the engine has killed the process group.
                if not await answers(self):
                    raise
                timed_out, exit_code = True, -1
        return CommandResult(exit_code, out.text(), err.text(), timed_out)

    async def _started(self, command: str, **options: Any) -> "e2b.AsyncCommandHandle[Any]":
        """Like the SDK's `commands.run`, which must not be cancelled while the command starts: that
        leaves an error behind which nobody fetches. (In the oldest SDK the handle is not generic.)
        """
        commands: Any = self._raw.commands
        starting = spawn(_attempt(commands.run(command, **options)), name="start a command")
        try:
            started = await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_let_go)
            raise
        if isinstance(started, BaseException):
            raise started
        return started

    async def start(
        self,
        command: str,
        *,
        cwd: str = WORKSPACE_ROOT,
        envs: Mapping[str, str] | None = None,
        tag: str | None = None,
    ) -> int:
        del tag
        with self._guarded(cwd):
            handle = await self._raw.commands.run(
                command,
                background=True,
                cwd=cwd,
                envs=dict(envs or {}),
                timeout=0,
                request_timeout=REQUEST_TIMEOUT_S,
            )
            pid = handle.pid
            await handle.disconnect()
        return pid

    async def open_terminal(self, on_data: OnData) -> Terminal:
        with self._guarded("terminal"):
            try:
                return await open_in(self._raw, on_data, WORKSPACE_ROOT)
            except e2b.InvalidArgumentException:  # the files are not laid out yet
                return await open_in(self._raw, on_data, None)

    async def type_in(self, pid: int, typed: bytes) -> None:
        with self._guarded("terminal"):
            await self._raw.pty.send_stdin(pid, typed, request_timeout=REQUEST_TIMEOUT_S)

    async def kill(self, pid: int) -> None:
        with self._guarded(str(pid)):
            await self._raw.commands.kill(pid, request_timeout=REQUEST_TIMEOUT_S)

    async def processes(self) -> Sequence[ProcessInfo]:
        with self._guarded("processes"):
            found = await self._raw.commands.list(request_timeout=REQUEST_TIMEOUT_S)
        return [ProcessInfo(p.pid, " ".join([p.cmd, *p.args]), p.tag) for p in found]

    async def request(
        self,
        port: int,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float = 10.0,
        max_bytes: int = 2_000_000,
    ) -> HttpAnswer:
        address = self.address(port)
        with self._suspecting():
            return await self._http.opened.ask(
                method,
                address.url + path,
                {**(headers or {}), **address.headers},
                body,
                timeout_s=timeout_s,
                max_bytes=max_bytes,
            )

    def address(self, port: int) -> PortAddress:
        if self._endpoint.sandbox_url is None:
            return PortAddress(f"https://{self._raw.get_host(port)}")
        headers = {"E2b-Sandbox-Id": self.id, "E2b-Sandbox-Port": str(port)}
        return PortAddress(self._endpoint.sandbox_url.rstrip("/"), headers)

    async def is_alive(self) -> bool:
        try:
            # the SDK waits twice as long as it is told
            async with asyncio.timeout(HEALTH_TIMEOUT_S):
                return await self._raw.is_running(request_timeout=HEALTH_TIMEOUT_S)
        except FAILURES:
            return False

    def doubt(self) -> None:
        self.is_suspect = True

    async def keep_alive(self) -> None:
        with self._suspecting():
            async with asked("timeout", limit_s=CONTROL_TIMEOUT_S):
                await self._raw.set_timeout(self._timeout_s, request_timeout=REQUEST_TIMEOUT_S)

    @contextmanager
    def _guarded(self, what: str) -> Generator[None]:
        """Raise the SDK's errors as ours; a sandbox that fails becomes suspect.

        One that refuses our token is another one behind the same address: connect again."""
        with self._suspecting():
            try:
                with translated(what):
                    yield
            except EngineRefused as error:
                if isinstance(error.__cause__, e2b.AuthenticationException):
                    raise SandboxGone("The sandbox does not know us; it is looked up.") from error
                raise

    @contextmanager
    def _suspecting(self) -> Generator[None]:
        try:
            yield
        except SandboxUnavailable:
            self.is_suspect = True
            raise


async def _attempt(starting: Awaitable[Any]) -> Any:
    """The command, or the error that its start ended with."""
    try:
        return await starting
    except Exception as error:  # noqa: BLE001 (the caller that waits for it raises it)
        return error


def _let_go(starting: asyncio.Task[Any]) -> None:
    """Disconnect from a command whose caller left while it started."""
    if not starting.cancelled() and not isinstance(starting.result(), BaseException):
        spawn(starting.result().disconnect(), name="leave a command")


if TYPE_CHECKING:

    def _proof(sandbox: E2BSandbox) -> Sandbox:
        return sandbox
