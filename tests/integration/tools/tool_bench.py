"""A run's tools over a sandbox of real processes, with the workspace in memory."""

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from stackwright.core.errors import FileNotInWorkspace, InvalidPath
from stackwright.core.events import Event, PlanStep, Screenshot, VerificationReport
from stackwright.core.ids import ProjectId, RunId
from stackwright.sandbox.base import (
    WORKSPACE_ROOT,
    Sandbox,
    SandboxFileMissing,
    ServiceFailed,
    ServiceStatus,
)
from stackwright.testing.memory_sandbox import MemorySandbox
from stackwright.tools.base import ToolContext, WorkspaceFile
from stackwright.tools.registry import all_tools

TOOLS = {tool.name: tool for tool in all_tools(search_provider=None)}


@dataclass
class BenchFiles:
    """The durable copy is a dict; `applied` holds the batches in order."""

    sandbox: MemorySandbox
    contents: dict[str, bytes] = field(default_factory=dict)
    applied: list[dict[str, bytes | None]] = field(default_factory=list)

    async def read(self, path: str) -> bytes:
        if ".." in path.split("/"):
            raise InvalidPath(path)
        if path not in self.contents:
            raise FileNotInWorkspace(path)
        return self.contents[path]

    async def apply(self, changes: Mapping[str, bytes | None]) -> Sequence[str]:
        changed = [path for path, new in changes.items() if self.contents.get(path) != new]
        self.applied.append(dict(changes))
        for path, new in changes.items():
            if new is None:
                self.contents.pop(path, None)
            else:
                self.contents[path] = new
        await self.sandbox.write(
            {f"{WORKSPACE_ROOT}/{path}": new for path, new in changes.items() if new is not None}
        )
        await self.sandbox.remove(
            [f"{WORKSPACE_ROOT}/{path}" for path, new in changes.items() if new is None]
        )
        return changed

    async def list(self) -> Sequence[WorkspaceFile]:
        return [
            WorkspaceFile(path, hashlib.sha256(content).hexdigest(), len(content))
            for path, content in sorted(self.contents.items())
        ]

    async def capture(self) -> Sequence[str]:
        found = {
            info.path.removeprefix(f"{WORKSPACE_ROOT}/"): await self.sandbox.read(info.path)
            for info in await self.sandbox.list(WORKSPACE_ROOT, depth=9)
            if not info.is_dir
        }
        changed = [
            path
            for path in {**self.contents, **found}
            if self.contents.get(path) != found.get(path)
        ]
        self.contents = found
        return changed


@dataclass
class BenchServices:
    """Each service is a process of the sandbox; it counts as running while the process lives."""

    sandbox: MemorySandbox
    started: dict[str, ServiceStatus] = field(default_factory=dict)

    async def start(
        self, name: str, *, command: str | None = None, port: int | None = None
    ) -> ServiceStatus:
        if command is None:
            raise ServiceFailed(f"There is no service {name!r}.")
        pid = await self.sandbox.start(f"exec >/home/user/{name}.log 2>&1; {command}")
        self.started[name] = ServiceStatus(name, "running", port, pid)
        return self.started[name]

    async def stop(self, name: str) -> None:
        pid = self.started[name].pid
        assert pid is not None
        await self.sandbox.kill(pid)

    async def ensure_all(self) -> Sequence[ServiceStatus]:
        return await self.status()

    async def status(self) -> Sequence[ServiceStatus]:
        alive = {process.pid for process in await self.sandbox.processes()}
        return [
            service if service.pid in alive else replace(service, state="stopped", pid=None)
            for service in self.started.values()
        ]

    async def logs(self, name: str, *, lines: int = 100) -> str:
        try:
            text = (await self.sandbox.read(f"/home/user/{name}.log")).decode()
        except SandboxFileMissing:
            return ""
        return "\n".join(text.splitlines()[-lines:])


@dataclass
class BenchVerifier:
    """Answers with the report it was given."""

    report: VerificationReport

    async def verify(self, *, full: bool) -> VerificationReport:
        del full
        return self.report

    async def look(self, route: str) -> Screenshot:
        return Screenshot(route=route, sha256="0" * 64, url="/s.png", width=1280, height=800)


class Bench:
    """Calls tools by name with raw arguments, as the agent does after the stream gate."""

    def __init__(self, sandbox: MemorySandbox) -> None:
        self.machine = sandbox
        self.files = BenchFiles(sandbox)
        self.events: list[Event] = []
        self.plan: list[PlanStep] = []
        self.seen: dict[str, str] = {}
        self.verifier = BenchVerifier(VerificationReport(status="verified", checks=()))
        self.services = BenchServices(sandbox)

    async def sandbox(self) -> Sandbox:
        return self.machine

    async def call(self, name: str, /, **arguments: Any) -> str:
        tool = TOOLS[name]
        context = ToolContext(
            project_id=ProjectId("p1"),
            run_id=RunId("r1"),
            tool_call_id="toolu_1",
            emit=self.events.append,
            sandbox=self.sandbox,
            files=self.files,
            services=self.services,
            verifier=self.verifier,
            plan=self.plan,
            seen=self.seen,
        )
        return await tool.run(tool.arguments.model_validate(arguments), context)

    async def call_until(self, wanted: str, name: str, /, **arguments: Any) -> str:
        """Call a tool again and again until its answer holds `wanted`."""
        deadline = time.monotonic() + 10
        while wanted not in (answer := await self.call(name, **arguments)):
            assert time.monotonic() < deadline, answer
            await asyncio.sleep(0.01)
        return answer
