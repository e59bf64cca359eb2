"""Every sandbox of this engine: created, connected, paused, ended; and kept on disk throughout."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.engine.config import Limits
from stackwright.engine.errors import BootError, Conflict, NotFound, TooManySandboxes
from stackwright.engine.files import erase_leftover
from stackwright.engine.network.rules import NetworkRules
from stackwright.engine.network.traffic_budget import Allowance
from stackwright.engine.process_tree.host_processes import signal_all, start_time
from stackwright.engine.process_tree.tree import AGENT_PORT, Connection, Machine
from stackwright.engine.record import Record, now
from stackwright.engine.sandboxes.deadline import Lifetime
from stackwright.engine.sandboxes.warm_pool import Newborn, Nursery
from stackwright.engine.templates.snapshots import Snapshot, Snapshots

REAPER_PERIOD_S = 0.5
CLOCK_STEP_S = 0.001
"""What a client can tell two times apart by."""
CLOCK_SET_S = 1.0
"""A clock that is off by more than that was set; less is how a running clock is corrected."""
STOP_TIMEOUT_S = 5.0

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Sandbox:
    """A record and, while it runs or is frozen, its machine. Change it only under `lock`."""

    record: Record
    folder: Path
    machine: Machine | None = None
    lifetime: Lifetime = field(default_factory=Lifetime)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    allowance: Allowance = field(default_factory=Allowance)

    @property
    def is_running(self) -> bool:
        return self.record.state == "running" and self.machine is not None

    def live_for(self, seconds: float) -> None:
        """From now on; its record says so in the host's time."""
        self.lifetime.set(seconds)
        self.record.end_at = now() + seconds

    def live_at_least_for(self, seconds: float) -> None:
        """Changes nothing when it lives longer as it is."""
        if seconds > self.lifetime.left_s:
            self.live_for(seconds)

    def follow_clock(self) -> None:
        """Tell the same end in the host's time after somebody set that."""
        end_at = now() + self.lifetime.left_s
        if abs(end_at - self.record.end_at) > CLOCK_SET_S:
            self.record.end_at = end_at

    def save(self) -> None:
        record, machine = self.record, self.machine
        record.pid, record.first_pid = (machine.pid, machine.first_pid) if machine else (0, 0)
        record.pid_started = start_time(record.pid) if record.pid else ""
        record.first_started = start_time(record.first_pid) if record.first_pid else ""
        record.save(self.folder)


class Sandboxes:
    """The registry. `folder` holds one folder per sandbox; `trash` is emptied at leisure."""

    def __init__(
        self,
        *,
        data_dir: Path,
        snapshots: Snapshots,
        nursery: Nursery,
        limits: Limits,
    ) -> None:
        self._snapshots = snapshots
        self._nursery = nursery
        self._limits = limits
        self._folder = data_dir / "sandboxes"
        self._trash = data_dir / "trash"
        self._all: dict[str, Sandbox] = {}
        self._starting: list[Record] = []
        self._coming = 0
        self._newest_at = 0.0
        self._emptying = asyncio.Lock()

    def all(self) -> list[Sandbox]:
        return list(self._all.values())

    def records(self) -> list[Record]:
        """Of every sandbox there is or will be in a moment."""
        return [*self._starting, *(sandbox.record for sandbox in self._all.values())]

    def get(self, sandbox_id: str) -> Sandbox:
        sandbox = self._all.get(sandbox_id)
        if sandbox is None:
            raise NotFound(f'Sandbox "{sandbox_id}" not found')
        return sandbox

    async def restore(self) -> None:
        """Read what an earlier engine left: orphans are killed, sandboxes become paused."""
        for folder in (self._folder, self._trash):
            folder.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(self._nursery.restore)
        for folder in sorted(self._folder.iterdir()):
            try:
                record = Record.load(folder)
            except (OSError, ValueError, TypeError):
                log.warning("sandbox_record_unreadable", extra={"folder": folder.name})
                folder.rename(self._trash / folder.name)
                continue
            _kill_orphan(record)
            record.state, record.pause_mode = "paused", "filesystem"
            sandbox = Sandbox(record, folder)
            sandbox.save()
            self._all[record.id] = sandbox
        await asyncio.to_thread(self._snapshots.restore, self.records())
        spawn(self._empty_trash(), name="empty trash")

    async def create(self, record: Record) -> Sandbox:
        with self._place():
            self._starting.append(record)
            try:
                newborn = await self._nursery.bear(record)
                try:
                    return self._adopt(newborn)
                except OSError as error:
                    await self._nursery.end(newborn)
                    raise BootError(f"the sandbox cannot be kept: {error.strerror}") from error
            finally:
                self._starting.remove(record)

    async def connect(self, sandbox: Sandbox, timeout_s: int, *, keep_memory: bool = True) -> bool:
        """Make it run until at least `timeout_s` from now. True when it did not run before."""
        async with sandbox.lock:
            self._check_present(sandbox)
            record = sandbox.record
            if record.state == "running":
                if await _answers(sandbox.machine):
                    sandbox.live_at_least_for(timeout_s)
                    return False
                keep_memory = False
            if sandbox.machine is not None and keep_memory:
                sandbox.machine.thaw()
            else:
                await self._stop(sandbox)
                record.state, record.pause_mode = "paused", "filesystem"
                with self._place():
                    await self._boot(sandbox)
            record.state = "running"
            record.timeout_s = timeout_s
            record.begin(now())
            sandbox.lifetime.set(timeout_s)
            sandbox.save()
            return True

    async def pause(self, sandbox: Sandbox, *, keep_memory: bool) -> None:
        async with sandbox.lock:
            self._check_present(sandbox)
            await self._pause(sandbox, keep_memory=keep_memory)

    async def kill(self, sandbox: Sandbox) -> None:
        async with sandbox.lock:
            self._check_present(sandbox)
            await self._kill(sandbox)

    async def _kill(self, sandbox: Sandbox) -> None:
        del self._all[sandbox.record.id]
        await self._stop(sandbox)
        self._discard(sandbox)
        await self._snapshots.collect(self.records())

    async def take_snapshot(
        self, sandbox: Sandbox, *, name: str | None = None, listed: bool = True
    ) -> Snapshot:
        """Copy its files as they are between two instants: it stands still meanwhile."""
        async with sandbox.lock:
            self._check_present(sandbox)
            machine = sandbox.machine if sandbox.is_running else None
            try:
                if machine is not None and not await machine.freeze():
                    raise Conflict("the sandbox's programs do not stand still for a snapshot")
                return await self._snapshots.take(
                    sandbox.record, sandbox.folder / "upper", name=name, listed=listed
                )
            finally:
                if machine is not None:
                    machine.thaw()

    async def set_lifetime(
        self, sandbox: Sandbox, seconds: float, *, only_longer: bool = False
    ) -> None:
        """Raises NotFound also for a paused one: that gets its time when it is resumed.

        The record on disk keeps the former end, which no later engine asks for: what it finds is
        paused. Each keep-alive would otherwise wait for the disk, and everybody with it."""
        async with sandbox.lock:
            self._check_present(sandbox)
            if not sandbox.is_running:
                raise NotFound(f'Sandbox "{sandbox.record.id}" is not running')
            if only_longer:
                sandbox.live_at_least_for(seconds)
            else:
                sandbox.live_for(seconds)

    async def set_network(
        self, sandbox: Sandbox, network: dict[str, Any], allow_internet: bool | None
    ) -> None:
        """Raises BadRequest, and changes nothing, when the rules cannot be kept."""
        async with sandbox.lock:
            self._check_present(sandbox)
            rules = NetworkRules.parsed(network, allow_internet=allow_internet)
            sandbox.record.network, sandbox.record.allow_internet = network, allow_internet
            if sandbox.machine is not None:
                sandbox.machine.set_network_rules(rules)
            sandbox.save()

    async def open_port(self, sandbox_id: str, port: int) -> Connection | None:
        """A connection to a running sandbox's port; None when nothing listens there.
        Raises NotFound when the sandbox does not run."""
        sandbox = self.get(sandbox_id)
        if sandbox.record.state == "paused" and sandbox.record.auto_resume:
            await self.connect(sandbox, sandbox.record.timeout_s)
        if not sandbox.is_running or sandbox.machine is None or not sandbox.machine.is_alive:
            raise NotFound(f'Sandbox "{sandbox_id}" is not running')
        connection = await sandbox.machine.connect(port)
        if connection is None and port == AGENT_PORT:
            raise NotFound(f'Sandbox "{sandbox_id}" is ending')
        return connection

    async def reap_forever(self) -> None:
        """End or pause what has outlived its time."""
        while True:
            await asyncio.sleep(REAPER_PERIOD_S)
            for sandbox in self.all():
                record = sandbox.record
                if record.state != "running" or sandbox.lock.locked():
                    continue
                sandbox.follow_clock()
                if not sandbox.lifetime.left_s:
                    spawn(self._expire(sandbox), name=f"expire {record.id}")

    async def stop_all(self) -> None:
        """Leave every sandbox as files on disk. One that is busy for longer ends with this process, as it
        would when the process is killed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await asyncio.gather(*map(self._leave, self.all()))

    async def _leave(self, sandbox: Sandbox) -> None:
        async with sandbox.lock:
            await self._stop(sandbox)
            sandbox.record.state, sandbox.record.pause_mode = "paused", "filesystem"
            sandbox.save()

    async def _expire(self, sandbox: Sandbox) -> None:
        async with sandbox.lock:
            with contextlib.suppress(NotFound, Conflict):
                self._check_present(sandbox)
                if sandbox.record.state != "running" or sandbox.lifetime.left_s:
                    return  # somebody was quicker, and paused or prolonged it
                if sandbox.record.auto_pause:
                    await self._pause(sandbox, keep_memory=sandbox.record.auto_pause_memory)
                else:
                    await self._kill(sandbox)
                log.info("sandbox_expired", extra={"sandbox_id": sandbox.record.id})

    def _adopt(self, newborn: Newborn) -> Sandbox:
        """Into the list, at its newest end: who has seen a sandbox there has seen all older ones.
        The rename is the moment it exists for a later engine."""
        self._newest_at = max(now(), self._newest_at + CLOCK_STEP_S)
        newborn.record.begin(self._newest_at)
        sandbox = Sandbox(newborn.record, newborn.folder)
        sandbox.lifetime.set(newborn.record.timeout_s)
        self._began(sandbox, newborn.machine)
        sandbox.folder = newborn.folder.rename(self._folder / newborn.record.id)
        self._all[newborn.record.id] = sandbox
        return sandbox

    @contextlib.contextmanager
    def _place(self) -> Generator[None]:
        """For one more that has processes; those that are files only take no place."""
        taken = self._coming + sum(one.machine is not None for one in self._all.values())
        if taken >= self._limits.max_sandboxes:
            raise TooManySandboxes(
                f"all {self._limits.max_sandboxes} sandboxes of this engine are in use"
            )
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1

    def _check_present(self, sandbox: Sandbox) -> None:
        self.get(sandbox.record.id)

    async def _boot(self, sandbox: Sandbox) -> None:
        machine = await self._nursery.boot(sandbox.record, sandbox.folder)
        self._began(sandbox, machine)

    def _began(self, sandbox: Sandbox, machine: Machine) -> None:
        sandbox.machine = machine
        sandbox.save()
        spawn(self._follow(sandbox, machine), name=f"follow {sandbox.record.id}")

    async def _follow(self, sandbox: Sandbox, machine: Machine) -> None:
        """A process tree that ends by itself leaves a sandbox that the next connect boots."""
        await machine.exited()
        async with sandbox.lock:
            if sandbox.machine is not machine or sandbox.record.id not in self._all:
                return
            log.warning("sandbox_died", extra={"sandbox_id": sandbox.record.id})
            sandbox.machine = None
            sandbox.record.state, sandbox.record.pause_mode = "paused", "filesystem"
            sandbox.save()

    async def _pause(self, sandbox: Sandbox, *, keep_memory: bool) -> None:
        if sandbox.record.state == "paused":
            raise Conflict(f'Sandbox "{sandbox.record.id}" is already paused')
        sandbox.record.state = "paused"
        machine = sandbox.machine
        if keep_memory and machine is not None and await machine.freeze():
            sandbox.record.pause_mode = "memory"
            machine.drop_connections()
        else:
            sandbox.record.pause_mode = "filesystem"
            await self._stop(sandbox)
        sandbox.save()

    async def _stop(self, sandbox: Sandbox) -> None:
        machine, sandbox.machine = sandbox.machine, None
        if machine is not None:
            await machine.stop()

    def _discard(self, sandbox: Sandbox) -> None:
        sandbox.folder.rename(self._trash / sandbox.folder.name)
        spawn(self._empty_trash(), name="empty trash")

    async def _empty_trash(self) -> None:
        def empty() -> None:
            for folder in self._trash.iterdir():
                erase_leftover(folder)

        async with self._emptying:
            await asyncio.to_thread(empty)


async def _answers(machine: Machine | None) -> bool:
    """False when its end is only not noticed yet."""
    return machine is not None and machine.is_alive and await machine.is_answering()


def _kill_orphan(record: Record) -> None:
    known = ((record.pid, record.pid_started), (record.first_pid, record.first_started))
    left = [pid for pid, started in known if pid and started and start_time(pid) == started]
    if left:
        log.warning("sandbox_orphan_killed", extra={"sandbox_id": record.id})
        signal_all(left, signal.SIGKILL)
