"""The sandbox port: what the platform asks of one disposable machine.

Implemented by `sandbox.client` over the official e2b SDK and by `testing.memory_sandbox`. Everything
that comes out of a sandbox is hostile input: implementations bound sizes, times and encodings.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from stackwright.core.errors import PlatformError, SandboxUnavailable
from stackwright.core.ids import ProjectId, SandboxId, UserId

WORKSPACE_ROOT = "/home/user/code"
"""Where the workspace lies in every sandbox; workspace paths are relative to it."""

OutputSink = Callable[[Literal["stdout", "stderr"], str], None]


class SandboxGone(SandboxUnavailable):
    """The sandbox died or was never there. The workspace is safe; get a new sandbox."""

    code = "sandbox_gone"


class EngineRefused(SandboxUnavailable):
    """The engine does not do this for us, however often we ask: a wrong key, an unknown template."""

    code = "sandbox_refused"


class EngineFailed(SandboxUnavailable):
    """The engine broke over what we asked. It may be the fault of the sandbox that it was about."""

    code = "sandbox_engine_failed"


class EngineFull(SandboxUnavailable):
    """The engine gives no more sandboxes now: its own limit, not ours."""

    status = 429
    code = "sandbox_limit"
    retry_after_s = 30


class SandboxFileMissing(Exception):
    """No such file in the sandbox. `path` is absolute."""

    def __init__(self, path: str) -> None:
        super().__init__(f"No file {path!r} in the sandbox.")
        self.path = path


class ServiceFailed(PlatformError):
    """A service of the app did not start or is unknown. The text ends with its log."""

    status = 409
    code = "service_failed"


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    name: str
    state: Literal["stopped", "starting", "running", "crashed"]
    port: int | None
    pid: int | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a foreground command ended. Output is cut to the caller's budget, the end is kept."""

    exit_code: int
    stdout: str
    stderr: str
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    pid: int
    command: str
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class FileInfo:
    path: str
    is_dir: bool
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PortAddress:
    """Where a port inside the sandbox is reached from the platform: base URL plus headers to send."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers` have small letters; of several Set-Cookie they have one. `body` is decompressed unless they still have a
    `content-encoding`: then it does not fit that, or nobody knows how."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    set_cookies: tuple[str, ...] = ()
    """Each Set-Cookie header."""


class Sandbox(Protocol):
    """One live machine. Every method raises `SandboxGone` when the machine is not there any more."""

    @property
    def id(self) -> SandboxId: ...

    async def read(self, path: str, *, max_bytes: int = 50_000_000) -> bytes:
        """The file's bytes; raises SandboxFileMissing."""
        ...

    async def write(self, files: Mapping[str, bytes]) -> None:
        """Write files by absolute path, making parent folders."""
        ...

    async def remove(self, paths: Sequence[str]) -> None:
        """Delete files by absolute path; a missing one is no error."""
        ...

    async def list(self, path: str, *, depth: int = 1) -> list[FileInfo]: ...

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
        """Run in the foreground. A timeout kills the process group and sets `timed_out`."""
        ...

    async def start(
        self,
        command: str,
        *,
        cwd: str = WORKSPACE_ROOT,
        envs: Mapping[str, str] | None = None,
        tag: str | None = None,
    ) -> int:
        """Start in the background and return the pid; the process outlives the connection."""
        ...

    async def kill(self, pid: int) -> None:
        """Kill a process started here, with its group; a missing one is no error."""
        ...

    async def processes(self) -> Sequence[ProcessInfo]: ...

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
        """HTTP to a port of the sandbox. A closed port answers 502, like the engines do."""
        ...

    def address(self, port: int) -> PortAddress: ...

    async def is_alive(self) -> bool: ...

    def doubt(self) -> None:
        """Something failed that a sound sandbox does: it is tried before it is given out again."""
        ...

    async def keep_alive(self) -> None:
        """Renew the lifetime; called while a run is in progress."""
        ...


class SandboxProvider(Protocol):
    """Gives each (user, project) its one sandbox; implemented by `sandbox.manager`."""

    async def get(self, user_id: UserId, project_id: ProjectId) -> Sandbox:
        """The project's sandbox, found, resumed or made. Raises SandboxLimitReached (429),
        SandboxUnavailable."""
        ...

    async def find(self, user_id: UserId, project_id: ProjectId) -> Sandbox | None:
        """The project's live sandbox, or None; never makes one."""
        ...

    def with_open_page(
        self, user_id: UserId, project_id: ProjectId
    ) -> AbstractContextManager[None]:
        """While the block runs, somebody has a page of the app open: its sandbox does not get idle."""
        ...

    async def put_away(self, user_id: UserId, project_id: ProjectId) -> None:
        """Have the project's sandbox sleep, if there is one; its disk stays."""
        ...

    async def end(self, user_id: UserId, project_id: ProjectId) -> None:
        """Kill the project's sandbox, if there is one, with all its data."""
        ...
