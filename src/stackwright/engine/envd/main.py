"""Start of the agent inside a sandbox: harden the process, then serve or run one build step."""

import asyncio
import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, NamedTuple

from stackwright.core.tasks import spawn
from stackwright.engine.envd import users
from stackwright.engine.envd.disk_limit import DiskLimit
from stackwright.engine.envd.files import open_at_once
from stackwright.engine.envd.filesystem_service import FilesystemService
from stackwright.engine.envd.port_forward import serve_port, start_proxy
from stackwright.engine.envd.process_service import ProcessService
from stackwright.engine.envd.processes import Processes
from stackwright.engine.envd.server import EnvdServer
from stackwright.engine.http1 import HttpError
from stackwright.engine.pipes import BLOCK_BYTES

EGRESS_SOCKET = "/run/engine/egress.sock"
START_LOG = ".start.log"
BACKLOG = 256
THREADS = 4
NAME = b"envd"
"""The agent's process name, as in E2B: with `python`, a `pkill python` inside would end it."""
_PR_SET_DUMPABLE, _PR_SET_NAME = 4, 15
_libc = ctypes.CDLL(None)


class Boot(NamedTuple):
    """What the engine tells the agent: one line of JSON on standard input."""

    token: str
    envs: dict[str, str]
    agent_fd: int
    ports_fd: int
    limits: dict[str, int]
    start: str | None = None
    step: str | None = None

    @classmethod
    def parsed(cls, line: str) -> "Boot":
        fields: dict[str, Any] = json.loads(line)
        return cls(**fields)


def main() -> None:
    boot = Boot.parsed(sys.stdin.readline())
    os.umask(0o022)
    _set_process_name()
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(
            number, _ignore_signal
        )  # not SIG_IGN, which the programs it starts would inherit
    for name, value in boot.limits.items():
        _lower_limit(getattr(resource, f"RLIMIT_{name}"), value)
    sys.exit(asyncio.run(_run(boot)))


async def _run(boot: Boot) -> int:
    _start_threads()
    disk = DiskLimit()
    service = ProcessService(Processes(disk), boot.envs)
    async with await start_proxy(EGRESS_SOCKET):
        if boot.step is not None:
            return await _run_script(boot.step, service, output=None)
        agent = EnvdServer(
            token=boot.token,
            envs=boot.envs,
            processes=service,
            filesystem=FilesystemService(),
            disk=disk,
        )
        sockets = [socket.socket(fileno=fd) for fd in (boot.agent_fd, boot.ports_fd)]
        serving = await asyncio.start_unix_server(
            agent.serve, sock=sockets[0], limit=BLOCK_BYTES, backlog=BACKLOG
        )
        ports = await asyncio.start_unix_server(serve_port, sock=sockets[1], backlog=BACKLOG)
        if boot.start is not None:
            home = users.get_user(users.DEFAULT_USER).pw_dir
            log_path = os.path.join(home, START_LOG)
            spawn(_run_script(boot.start, service, output=log_path), name="template start")
        _say_ready()
        async with serving, ports:
            await asyncio.gather(serving.serve_forever(), ports.serve_forever())
        return 0


def _start_threads() -> None:
    """All of them at once: at the limit of processes no thread can be started any more, and the agent
    must still list and delete files."""
    pool = ThreadPoolExecutor(THREADS, "agent")
    together = threading.Barrier(THREADS + 1)
    for _ in range(THREADS):
        pool.submit(together.wait)
    together.wait()
    asyncio.get_running_loop().set_default_executor(pool)


async def _run_script(script: str, service: ProcessService, *, output: str | None) -> int:
    user = users.get_user(users.DEFAULT_USER)
    with contextlib.ExitStack() as stack:
        target = None if output is None else stack.enter_context(_log(output))
        process = await asyncio.create_subprocess_exec(
            *("/bin/bash", "-leo", "pipefail", "-c", script),
            cwd=user.pw_dir,
            env=service.environment(user),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=target,
            stderr=None if target is None else asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    return await process.wait()


def _log(path: str) -> IO[bytes]:
    """The log file, or /dev/null if something else is at its path."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        return open_at_once(path, "ab", flags, (stat.S_IFREG,))
    except (OSError, HttpError):
        return open(os.devnull, "ab")


def _set_process_name() -> None:
    """Replaces the interpreter's name and its command line."""
    _libc.prctl(_PR_SET_NAME, NAME, 0, 0, 0)
    with open("/proc/self/stat", "rb") as file:
        start, end = map(int, file.read().rpartition(b")")[2].split()[45:47])
    if end - start <= len(NAME):
        return
    # the kernel shows a command line that does not end with a zero up to its first one
    ctypes.memmove(start, NAME.ljust(end - start - 1, b"\0") + b"\n", end - start)


def _ignore_signal(number: int, frame: object) -> None:
    """`kill -TERM -1` inside must not end the agent; in E2B it belongs to another user."""


def _lower_limit(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
