"""The app's services inside its sandbox: started, adopted, restarted when their code changed.

Each runs detached with its log and pid file under `STATE_DIR`, so that a restarted platform finds
it again. A pid file is newer than the code the service runs: that is how stale ones are seen.
"""

import asyncio
import logging
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stackwright.core.events import Event, PreviewReady, ServiceLog
from stackwright.sandbox.base import (
    Sandbox,
    ServiceFailed,
    ServiceStatus,
)
from stackwright.sandbox.detached import (
    STARTED_AT,
    launch_script,
    log_file,
    pid_file,
    stop_script,
)
from stackwright.sandbox.jobs import SandboxJobs
from stackwright.sandbox.template import Ready, ServiceSpec

READY_LIMIT_S = 60.0
POLL_S = 0.05
LOG_TAIL_CHARS = 4000
PREVIEW_SERVICE = "frontend"
LOGGED_LINES = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Observed:
    """A service with a `pid` that is not alive ended by itself: stopping one forgets its pid."""

    is_alive: bool
    is_stale: bool
    pid: int | None


class SandboxServices:
    """Implements the service port for one sandbox. Calls for one service are ordered."""

    def __init__(
        self,
        sandbox: Sandbox,
        specs: Sequence[ServiceSpec],
        *,
        emit: Callable[[Event], None],
        preview_url: Callable[[int], str],
    ) -> None:
        self._sandbox = sandbox
        self._specs = {spec.name: spec for spec in specs}
        self._jobs = SandboxJobs(sandbox)
        self._emit = emit
        self._preview_url = preview_url
        self._locks: dict[str, asyncio.Lock] = {}
        self._announced: str | None = None
        self._pids: dict[str, int] = {}
        self._told_crashes: dict[str, int] = {}

    async def start(
        self, name: str, *, command: str | None = None, port: int | None = None
    ) -> ServiceStatus:
        if command is not None and port is None:
            self._specs.pop(name, None)
            async with self._locks.setdefault(name, asyncio.Lock()):
                return await self._jobs.start(name, command)
        former = self._specs.get(name)
        spec = self._spec(name, command, port)
        async with self._locks.setdefault(name, asyncio.Lock()):
            seen = await self._observe(spec)
            if not seen.is_alive or seen.is_stale or former not in (None, spec):
                await self._launch(spec)
            await self._await_ready(spec)
        if name == PREVIEW_SERVICE:
            self._announce(spec.port)
        return ServiceStatus(name, "running", spec.port, (await self._observe(spec)).pid)

    @property
    def pids(self) -> Mapping[str, int]:
        """Process ids of the services that ran when last seen, by name."""
        return dict(self._pids)

    async def stop(self, name: str) -> None:
        await self._check_known(name)
        async with self._locks.setdefault(name, asyncio.Lock()):
            await self._sandbox.run(stop_script(name), cwd="/home/user", timeout_s=15)
            self._pids.pop(name, None)

    async def ensure_all(self) -> Sequence[ServiceStatus]:
        async def ensure(spec: ServiceSpec) -> ServiceStatus:
            try:
                return await self.start(spec.name)
            except ServiceFailed as error:
                return ServiceStatus(spec.name, "crashed", spec.port, None, str(error))

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ensure(s)) for s in self._specs.values()]
        return [task.result() for task in tasks]

    async def status(self) -> Sequence[ServiceStatus]:
        statuses: list[ServiceStatus] = []
        for spec in self._specs.values():
            seen = await self._observe(spec)
            if not seen.is_alive:
                state = "stopped" if seen.pid is None else "crashed"
                statuses.append(ServiceStatus(spec.name, state, spec.port, None))
            else:
                state = "running" if await self._answers(spec) else "starting"
                detail = "runs older code; start it again" if seen.is_stale else ""
                statuses.append(ServiceStatus(spec.name, state, spec.port, seen.pid, detail))
        return [*statuses, *await self._jobs.status()]

    async def logs(self, name: str, *, lines: int = 100) -> str:
        await self._check_known(name)
        result = await self._sandbox.run(
            f"tail -n {int(lines)} {log_file(name)} 2>/dev/null || true",
            cwd="/home/user",
            timeout_s=10,
        )
        return result.stdout

    def _known(self, name: str) -> ServiceSpec:
        if name not in self._specs:
            known = ", ".join(self._specs) or "none"
            raise ServiceFailed(f"There is no service {name!r}. Services: {known}.")
        return self._specs[name]

    async def _check_known(self, name: str) -> None:
        """Raises ServiceFailed for a name that is neither a service nor a job."""
        if name not in self._specs:
            jobs = [job.name for job in await self._jobs.status()]
            if name not in jobs:
                known = ", ".join([*self._specs, *jobs]) or "none"
                raise ServiceFailed(f"There is no service {name!r}. Services: {known}.")

    def _spec(self, name: str, command: str | None, port: int | None) -> ServiceSpec:
        if command is None:
            return self._known(name)
        assert port is not None, "without one it is a job"
        spec = ServiceSpec(name=name, command=command, port=port, ready=Ready(tcp=True))
        self._specs[name] = spec
        return spec

    async def _observe(self, spec: ServiceSpec) -> _Observed:
        finds = " ".join(
            f"-o -path {shlex.quote(f'./{pattern}'.replace('**/', '*'))}"
            for pattern in spec.restart_on
        )
        stale = (
            f"find . -name node_modules -prune -o -name .next -prune -o -cnewer {pid_file(spec.name)} "
            f"\\( -false {finds} \\) -print -quit"
            if finds
            else "true"
        )
        result = await self._sandbox.run(
            f"{STARTED_AT} read -r pid at 2>/dev/null <{pid_file(spec.name)} || exit 3; echo $pid; "
            f'[ "$at" = "$(started_at $pid)" ] || exit 4; {stale}',
            timeout_s=15,
        )
        words = result.stdout.split()
        pid = int(words[0]) if words and words[0].isdigit() else None
        is_alive = result.exit_code == 0
        if is_alive and pid is not None:
            self._pids[spec.name] = pid
        else:
            self._pids.pop(spec.name, None)
            if pid is not None:
                await self._tell_crash(spec, pid)
        return _Observed(is_alive=is_alive, is_stale=len(words) > 1, pid=pid)

    async def _tell_crash(self, spec: ServiceSpec, pid: int) -> None:
        """Log a service that ended by itself: once, with its last lines."""
        if self._told_crashes.get(spec.name) == pid:
            return
        self._told_crashes[spec.name] = pid
        end = (await self.logs(spec.name, lines=LOGGED_LINES))[-LOG_TAIL_CHARS:]
        log.warning("service_crashed", extra={"service": spec.name, "said": end})

    async def _launch(self, spec: ServiceSpec) -> None:
        program = f"exec bash -c {shlex.quote(spec.command)}"
        script = launch_script(spec.name, program, spec.cwd)
        result = await self._sandbox.run(script, cwd="/home/user", timeout_s=30)
        if result.exit_code != 0:
            raise ServiceFailed(f"{spec.name} could not be started: {result.stderr[-1000:]}")

    async def _await_ready(self, spec: ServiceSpec) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + READY_LIMIT_S
        checks = 0
        while loop.time() < deadline:
            if await self._answers(spec):
                return
            checks += 1
            if checks % 20 == 0 and not (await self._observe(spec)).is_alive:
                break
            await asyncio.sleep(POLL_S)
        end = (await self.logs(spec.name, lines=60))[-LOG_TAIL_CHARS:]
        if (await self._observe(spec)).is_alive:
            log.warning("service_does_not_answer", extra={"service": spec.name, "said": end})
        self._emit(ServiceLog(service=spec.name, text=end))
        raise ServiceFailed(
            f"{spec.name} does not answer on port {spec.port}. Its log ends:\n{end}"
        )

    async def _answers(self, spec: ServiceSpec) -> bool:
        if spec.ready.path is not None:
            answer = await self._sandbox.request(spec.port, "GET", spec.ready.path, timeout_s=30)
            return answer.status < 500
        probe = f"exec 3<>/dev/tcp/127.0.0.1/{spec.port}"
        return (await self._sandbox.run(probe, cwd="/", timeout_s=5)).exit_code == 0

    def _announce(self, port: int) -> None:
        url = self._preview_url(port)
        if url != self._announced:
            self._announced = url
            self._emit(PreviewReady(url=url, port=port))
