"""A sandbox without isolation for tests: a temporary folder and real processes on this machine.

Paths below `/home/user` lie in the folder; inside commands they are rewritten to it.
"""

import asyncio
import builtins
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import aiohttp

from stackwright.core.ids import SandboxId, new_id
from stackwright.core.settings import minimal_environment
from stackwright.core.tasks import spawn
from stackwright.sandbox.answers import plain_answer
from stackwright.sandbox.base import (
    WORKSPACE_ROOT,
    CommandResult,
    FileInfo,
    HttpAnswer,
    OutputSink,
    PortAddress,
    ProcessInfo,
    Sandbox,
    SandboxFileMissing,
    SandboxGone,
)

HOME = "/home/user"


class MemorySandbox:
    """`folder` is emptied and removed by `end`, which also kills every process."""

    def __init__(self, folder: Path) -> None:
        self._id = SandboxId(new_id())
        self._home = folder / self._id
        self._processes: dict[int, tuple[asyncio.subprocess.Process, ProcessInfo]] = {}
        self._is_alive = True
        self._inside(WORKSPACE_ROOT).mkdir(parents=True)

    @property
    def id(self) -> SandboxId:
        return self._id

    async def read(self, path: str, *, max_bytes: int = 50_000_000) -> bytes:
        self._check()
        try:
            content = await asyncio.to_thread(self._inside(path).read_bytes)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise SandboxFileMissing(path) from None
        return content[:max_bytes]

    async def write(self, files: Mapping[str, bytes]) -> None:
        self._check()
        await asyncio.to_thread(self._write, files)

    async def remove(self, paths: Sequence[str]) -> None:
        self._check()
        await asyncio.to_thread(self._remove, paths)

    async def list(self, path: str, *, depth: int = 1) -> builtins.list[FileInfo]:
        self._check()
        return await asyncio.to_thread(self._list, path, depth)

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
        process = await self._spawn(command, cwd, envs, asyncio.subprocess.PIPE)
        timed_out = False
        collected: dict[str, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        try:
            async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as group:
                for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
                    assert pipe is not None
                    group.create_task(_collect(pipe, collected[name], name, on_output))
                await process.wait()
        except TimeoutError:
            timed_out = True
        finally:
            _kill_group(process.pid)
            await process.wait()
        out, err = (_text(collected[name], max_output_bytes) for name in ("stdout", "stderr"))
        return CommandResult(process.returncode or 0, out, err, timed_out)

    async def start(
        self,
        command: str,
        *,
        cwd: str = WORKSPACE_ROOT,
        envs: Mapping[str, str] | None = None,
        tag: str | None = None,
    ) -> int:
        process = await self._spawn(command, cwd, envs, asyncio.subprocess.DEVNULL)
        self._processes[process.pid] = (process, ProcessInfo(process.pid, command, tag))
        spawn(self._forget_after(process), name=f"memory-sandbox-{process.pid}")
        return process.pid

    async def kill(self, pid: int) -> None:
        self._check()
        if pid in self._processes:
            process, _ = self._processes[pid]
            _kill_group(pid)
            await process.wait()

    async def processes(self) -> Sequence[ProcessInfo]:
        self._check()
        return [info for _, info in self._processes.values()]

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
        self._check()
        timeout = aiohttp.ClientTimeout(total=timeout_s)
        url = self.address(port).url + path
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session,
                session.request(
                    method, url, headers=headers, data=body, allow_redirects=False
                ) as answer,
            ):
                content = b""
                while len(content) < max_bytes and (more := await answer.content.readany()):
                    content += more
                return await plain_answer(
                    answer.status, answer.headers.items(), content, max_bytes=max_bytes
                )
        except (aiohttp.ClientConnectionError, TimeoutError):
            return HttpAnswer(502, {}, b"the port is closed")

    def address(self, port: int) -> PortAddress:
        return PortAddress(f"http://127.0.0.1:{port}")

    async def is_alive(self) -> bool:
        return self._is_alive

    def doubt(self) -> None:
        """Does nothing: no manager gives this sandbox out again."""

    async def keep_alive(self) -> None:
        self._check()

    async def end(self) -> None:
        """Kill every process and delete the files; from then on everything raises SandboxGone."""
        self._is_alive = False
        for process, _ in list(self._processes.values()):
            _kill_group(process.pid)
            await process.wait()
        await asyncio.to_thread(shutil.rmtree, self._home, ignore_errors=True)

    def _check(self) -> None:
        if not self._is_alive:
            raise SandboxGone(f"Sandbox {self._id} is not there any more.")

    def _inside(self, path: str) -> Path:
        assert path.startswith("/"), "paths of a sandbox are absolute"
        return self._home / path.lstrip("/")

    def _write(self, files: Mapping[str, bytes]) -> None:
        for path, content in files.items():
            target = self._inside(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def _remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._inside(path).unlink(missing_ok=True)

    def _list(self, path: str, depth: int) -> builtins.list[FileInfo]:
        root = self._inside(path)
        if not root.is_dir():
            raise SandboxFileMissing(path)
        found: builtins.list[FileInfo] = []
        for entry in sorted(root.rglob("*")):
            below = entry.relative_to(root)
            if len(below.parts) <= depth:
                size = 0 if entry.is_dir() else entry.lstat().st_size
                found.append(FileInfo(f"{path.rstrip('/')}/{below}", entry.is_dir(), size))
        return found

    async def _spawn(
        self, command: str, cwd: str, envs: Mapping[str, str] | None, output: int
    ) -> asyncio.subprocess.Process:
        self._check()
        folder = self._inside(cwd)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        home = str(self._inside(HOME))
        return await asyncio.create_subprocess_exec(
            "/bin/bash",
            "-c",
            command.replace(HOME, home),
            cwd=folder,
            env={**minimal_environment(), "HOME": home, **(envs or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    async def _forget_after(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self._processes.pop(process.pid, None)


async def _collect(
    pipe: asyncio.StreamReader, into: bytearray, name: str, on_output: OutputSink | None
) -> None:
    stream: Literal["stdout", "stderr"] = "stdout" if name == "stdout" else "stderr"
    while piece := await pipe.read(65536):
        into += piece
        if on_output is not None:
            on_output(stream, piece.decode(errors="replace"))


def _text(collected: bytearray, max_bytes: int) -> str:
    return bytes(collected[-max_bytes:]).decode(errors="replace")


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


if TYPE_CHECKING:

    def _proof(sandbox: MemorySandbox) -> Sandbox:
        return sandbox
