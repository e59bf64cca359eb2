"""The processes clients started in this sandbox: their output, input and ending."""

import asyncio
import base64
import contextlib
import fcntl
import os
import signal
import struct
import subprocess
import termios
from typing import IO, Any, NamedTuple

from stackwright.core.tasks import spawn
from stackwright.engine.envd.disk_limit import DiskLimit
from stackwright.engine.envd.errors import RpcError

QUEUE_EVENTS = 64
REMEMBERED_ENDINGS = 256
READ_BYTES = 32768
IDLE_AFTER_EXIT_S = 0.2
REAP_TIMEOUT_S = 1.0
_TAKE_TERMINAL = 'exec "$@" <>"$0" >&0 2>&0'
"""A terminal becomes the controlling one of the session leader that opens it."""


class Launch(NamedTuple):
    """What to start. `size` (rows, columns) asks for a terminal. After `timeout_s` its process
    group is killed, whether or not anybody still listens."""

    config: dict[str, Any]
    argv: list[str]
    cwd: str
    env: dict[str, str]
    tag: str | None = None
    size: tuple[int, int] | None = None
    with_stdin: bool = True
    timeout_s: float | None = None


class Subscriber:
    """One stream of a process's events. A full queue makes the process wait, not lose output."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE_EVENTS)
        self._left = False

    async def put(self, event: dict[str, Any]) -> None:
        if not self._left:
            await self.events.put(event)

    def leave(self) -> None:
        self._left = True
        while not self.events.empty():
            self.events.get_nowait()


class Process:
    """A started process, alive until `ending` is set."""

    def __init__(self, launch: Launch, pid: int, *, terminal_fd: int | None) -> None:
        self.launch = launch
        self.pid = pid
        self.input: asyncio.StreamWriter | None = None
        self.terminal_fd = terminal_fd
        self.ending: dict[str, Any] | None = None
        self.subscribers: list[Subscriber] = []
        self.published = 0
        self.deadline: asyncio.TimerHandle | None = None
        self.is_timed_out = False
        self.reaped = asyncio.Event()

    @property
    def error_stream(self) -> str:
        return "stderr" if self.terminal_fd is None else "pty"

    def subscribe(self) -> Subscriber:
        subscriber = Subscriber()
        self.subscribers.append(subscriber)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        subscriber.leave()
        if subscriber in self.subscribers:
            self.subscribers.remove(subscriber)

    async def publish(self, event: dict[str, Any]) -> None:
        self.published += 1
        for subscriber in list(self.subscribers):
            await subscriber.put(event)

    async def write(self, data: bytes) -> None:
        if self.input is None:
            raise RpcError("failed_precondition", "stdin not enabled or closed")
        try:
            self.input.write(data)
            await self.input.drain()
        except OSError as error:
            raise RpcError("internal", "broken pipe") from error

    def close_input(self) -> None:
        if self.input is not None and self.terminal_fd is None:
            self.input.close()
            self.input = None

    def resize(self, rows: int, columns: int) -> None:
        if self.terminal_fd is None:
            raise RpcError("failed_precondition", "tty not assigned to process")
        _set_size(self.terminal_fd, rows, columns)

    def signal(self, number: int) -> None:
        """Signal its process group, which it leads."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def time_out(self) -> None:
        """Its time is over: kill its process group."""
        self.is_timed_out = True
        self.signal(signal.SIGKILL)

    async def kill(self) -> None:
        """Kill its process group and wait a moment until the process is reaped."""
        self.signal(signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REAP_TIMEOUT_S):
                await self.reaped.wait()


class Processes:
    """Starts processes and remembers how the last ones ended."""

    def __init__(self, disk: DiskLimit) -> None:
        self._disk = disk
        self._live: dict[int, Process] = {}
        self._ended: dict[int, Process] = {}

    def live(self) -> list[Process]:
        return list(self._live.values())

    def find(self, selector: dict[str, Any], *, ended_too: bool = False) -> Process:
        pools = [self._live, self._ended] if ended_too else [self._live]
        for process in (process for pool in pools for process in pool.values()):
            if selector.get("pid") == process.pid:
                return process
            if selector.get("tag") and selector["tag"] == process.launch.tag:
                return process
        wanted = " ".join(f"{name} {value}" for name, value in selector.items())
        raise RpcError("not_found", f"process with {wanted} not found")

    async def start(self, launch: Launch) -> tuple[Process, Subscriber]:
        """Start a process; the subscription gets its events from the first on."""
        argv = self._disk.limited(launch.argv)
        spawned = (_spawn_in_terminal if launch.size else _spawn_with_pipes)(launch, argv)
        process = Process(launch, spawned.popen.pid, terminal_fd=spawned.terminal_fd)
        if launch.timeout_s is not None:
            loop = asyncio.get_running_loop()
            process.deadline = loop.call_later(launch.timeout_s, process.time_out)
        subscriber = process.subscribe()
        self._live[process.pid] = process
        self._ended.pop(process.pid, None)
        if spawned.input is not None:
            process.input = await _writer(spawned.input)
        pumps = [
            spawn(_pump(process, source, kind), name=f"{kind} of {process.pid}")
            for kind, source in spawned.outputs.items()
        ]
        spawn(self._follow(process, spawned.popen, pumps), name=f"ending of {process.pid}")
        return process, subscriber

    async def _follow(
        self, process: Process, popen: subprocess.Popen[bytes], pumps: list[asyncio.Task[None]]
    ) -> None:
        await _exited(popen.pid)
        status = popen.wait()
        process.reaped.set()
        await _drained(process, pumps)
        if status and self._disk.is_full:
            await process.publish(_output(self._disk.note.encode(), process.error_stream))
        if process.deadline is not None:
            process.deadline.cancel()
        if process.input is not None:
            process.input.close()
            process.input = None
        process.terminal_fd = None
        process.ending = {"end": _ending(status)}
        self._live.pop(process.pid, None)
        self._ended[process.pid] = process
        while len(self._ended) > REMEMBERED_ENDINGS:
            self._ended.pop(next(iter(self._ended)))
        await process.publish(process.ending)


class _Spawned(NamedTuple):
    popen: subprocess.Popen[bytes]
    outputs: dict[str, IO[bytes]]
    input: IO[bytes] | None = None
    terminal_fd: int | None = None


def _spawn_with_pipes(launch: Launch, argv: list[str]) -> _Spawned:
    try:
        popen = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE if launch.with_stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=launch.cwd,
            env=launch.env,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise RpcError("invalid_argument", f"error starting process: {error}") from error
    assert popen.stdout is not None
    assert popen.stderr is not None
    return _Spawned(popen, {"stdout": popen.stdout, "stderr": popen.stderr}, popen.stdin)


def _spawn_in_terminal(launch: Launch, argv: list[str]) -> _Spawned:
    master, slave = os.openpty()
    _set_size(slave, *(launch.size or (24, 80)))
    try:
        popen = subprocess.Popen(
            ["/bin/sh", "-c", _TAKE_TERMINAL, os.ttyname(slave), *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=launch.cwd,
            env=launch.env,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        os.close(master)
        raise RpcError("invalid_argument", f"error starting pty: {error}") from error
    finally:
        os.close(slave)
    keyboard = os.fdopen(os.dup(master), "wb", buffering=0)
    screen = os.fdopen(master, "rb", buffering=0)
    return _Spawned(popen, {"pty": screen}, keyboard, master)


def _set_size(fd: int, rows: int, columns: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


async def _writer(pipe: IO[bytes]) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    protocol = asyncio.streams.FlowControlMixin(loop)
    transport, _ = await loop.connect_write_pipe(lambda: protocol, pipe)
    return asyncio.StreamWriter(transport, protocol, None, loop)


async def _pump(process: Process, source: IO[bytes], kind: str) -> None:
    reader = asyncio.StreamReader(limit=READ_BYTES)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), source
    )
    try:
        while block := await reader.read(READ_BYTES):
            await process.publish(_output(block, kind))
    except OSError:
        return  # a terminal ends with EIO
    finally:
        transport.close()


def _output(block: bytes, kind: str) -> dict[str, Any]:
    return {"data": {kind: base64.b64encode(block).decode()}}


async def _drained(process: Process, pumps: list[asyncio.Task[None]]) -> None:
    """Wait for the rest of the output, but not for grandchildren that keep the pipes open and
    stay silent; their later output is read and dropped so that they never block."""
    seen = -1
    while seen != process.published:
        seen = process.published
        _, waiting = await asyncio.wait(pumps, timeout=IDLE_AFTER_EXIT_S)
        if not waiting:
            return


async def _exited(pid: int) -> None:
    loop = asyncio.get_running_loop()
    fd = os.pidfd_open(pid)
    exited = asyncio.Event()
    loop.add_reader(fd, exited.set)
    try:
        await exited.wait()
    finally:
        loop.remove_reader(fd)
        os.close(fd)


def _ending(status: int) -> dict[str, Any]:
    if status < 0:
        text = f"signal: {(signal.strsignal(-status) or str(-status)).lower()}"
        return {"exitCode": -1, "exited": False, "status": text, "error": text}
    text = f"exit status {status}"
    ending: dict[str, Any] = {"exitCode": status, "exited": True, "status": text}
    return ending | ({"error": text} if status else {})
