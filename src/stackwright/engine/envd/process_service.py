"""`process.Process` of E2B's wire API over the process table."""

import base64
import binascii
import os
import pwd
import signal
from typing import Any

from stackwright.engine.envd import users
from stackwright.engine.envd.connect import StreamWriter, messages
from stackwright.engine.envd.errors import RpcError
from stackwright.engine.envd.event_streams import deadline_s, relay
from stackwright.engine.envd.processes import Launch, Process, Processes, Subscriber
from stackwright.engine.envd.validation import check
from stackwright.engine.http1 import Headers, Request

SIGNALS = {"SIGNAL_SIGTERM": 15, "SIGNAL_SIGKILL": 9, 15: 15, 9: 9}
MAX_SIZE = 0xFFFF


class ProcessService:
    """Unary methods by name in `unary`; the streaming ones write to a stream."""

    def __init__(self, processes: Processes, envs: dict[str, str]) -> None:
        self._processes = processes
        self._envs = envs
        self.unary = {
            "List": self._list,
            "Update": self._update,
            "SendInput": self._send_input,
            "SendSignal": self._send_signal,
            "CloseStdin": self._close_stdin,
        }

    async def start(self, request: Request, message: dict[str, Any], out: StreamWriter) -> None:
        launch = self._launch(message, users.caller(request.headers), deadline_s(request.headers))
        process, subscriber = await self._processes.start(launch)
        await relay_process(process, subscriber, request, out, has_deadline=True)

    async def connect(self, request: Request, message: dict[str, Any], out: StreamWriter) -> None:
        process = self._processes.find(message.get("process") or {}, ended_too=True)
        if process.ending is not None:
            await out.send({"event": {"start": {"pid": process.pid}}})
            await out.send({"event": process.ending})
            return
        await relay_process(process, process.subscribe(), request, out)

    async def stream_input(self, request: Request) -> None:
        """A client stream: `start` names the process, then `data` and `keepalive`."""
        process: Process | None = None
        async for message in messages(request.body):
            check(message, request.path)
            if "start" in message:
                start: dict[str, Any] = message["start"] or {}
                process = self._processes.find(start.get("process") or {})
            elif "data" in message:
                if process is None:
                    raise RpcError("invalid_argument", "the first message must be start")
                data: dict[str, Any] = message["data"] or {}
                await _type(process, data.get("input") or {})

    def _launch(
        self, message: dict[str, Any], user: pwd.struct_passwd, timeout_s: float | None
    ) -> Launch:
        config: dict[str, Any] = message.get("process") or {}
        cwd = users.resolve(config.get("cwd") or "", user)
        if not os.path.isdir(cwd):
            raise RpcError("invalid_argument", f"cwd '{cwd}' does not exist")
        return Launch(
            config=config,
            argv=[config.get("cmd") or "/bin/sh", *(config.get("args") or [])],
            cwd=cwd,
            env=self.environment(user) | (config.get("envs") or {}),
            tag=message.get("tag"),
            size=_size(message) if "pty" in message else None,
            with_stdin=message.get("stdin", True),
            timeout_s=timeout_s,
        )

    def environment(self, user: pwd.struct_passwd) -> dict[str, str]:
        who = {"HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name}
        return who | {"SHELL": "/bin/bash"} | self._envs

    async def _list(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del message, headers
        return {"processes": [_described(process) for process in self._processes.live()]}

    async def _update(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del headers
        self._processes.find(message.get("process") or {}).resize(*_size(message))
        return {}

    async def _send_input(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del headers
        process = self._processes.find(message.get("process") or {})
        await _type(process, message.get("input") or {})
        return {}

    async def _send_signal(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del headers
        number = SIGNALS.get(message.get("signal", ""))
        if number is None:
            raise RpcError("invalid_argument", f"unknown signal {message.get('signal')!r}")
        process = self._processes.find(message.get("process") or {})
        if number == signal.SIGKILL:
            await process.kill()
        else:
            process.signal(number)
        return {}

    async def _close_stdin(self, message: dict[str, Any], headers: Headers) -> dict[str, Any]:
        del headers
        self._processes.find(message.get("process") or {}).close_input()
        return {}


def _size(message: dict[str, Any]) -> tuple[int, int]:
    terminal: dict[str, Any] = message.get("pty") or {}
    size: dict[str, int] = terminal.get("size") or {}
    rows, columns = size.get("rows") or 24, size.get("cols") or 80
    if not (0 < rows <= MAX_SIZE and 0 < columns <= MAX_SIZE):
        raise RpcError("invalid_argument", f"no terminal has {rows} rows and {columns} columns")
    return rows, columns


def _described(process: Process) -> dict[str, Any]:
    described: dict[str, Any] = {"config": process.launch.config, "pid": process.pid}
    return described | ({"tag": process.launch.tag} if process.launch.tag else {})


async def _type(process: Process, data: dict[str, Any]) -> None:
    is_terminal = process.terminal_fd is not None
    wanted = "pty" if is_terminal else "stdin"
    if wanted not in data:
        problem = "tty not assigned to process" if "pty" in data else "the process has a terminal"
        raise RpcError("failed_precondition", problem)
    try:
        typed = base64.b64decode(data[wanted] or "")
    except (binascii.Error, ValueError) as error:
        raise RpcError("invalid_argument", f"{wanted} is not in base64") from error
    await process.write(typed)


async def relay_process(
    process: Process,
    subscriber: Subscriber,
    request: Request,
    out: StreamWriter,
    *,
    has_deadline: bool = False,
) -> None:
    """Send events until the end. A client that leaves changes nothing for the process.

    `has_deadline`: the process dies at the deadline of this stream, which may be before the stream's own clock has
    run out. Raises RpcError then, too."""

    def enveloped(event: dict[str, Any]) -> dict[str, Any]:
        if "end" in event and has_deadline and process.is_timed_out:
            raise RpcError("deadline_exceeded", "context deadline exceeded")
        return {"event": event}

    try:
        await relay(subscriber.events, request, out, start={"pid": process.pid}, wrap=enveloped)
    finally:
        process.unsubscribe(subscriber)
