"""Every sandbox of this engine: created, connected, paused, ended; and kept on disk throughout."""

import asyncio
import contextlib
import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.engine.config import Limits
from stackwright.engine.errors import BootError, Conflict, NotFound, TooManySandboxes
from stackwright.engine.network.rules import NetworkRules
from stackwright.engine.process_tree.tree import AGENT_PORT, Connection, ProcessTree
from stackwright.engine.record import Record, now
from stackwright.engine.sandboxes.leftovers import kill_orphan, left_below
from stackwright.engine.sandboxes.sandbox import Sandbox
from stackwright.engine.sandboxes.trash import Trash
from stackwright.engine.sandboxes.warm_pool import WarmPool, WarmSandbox
from stackwright.engine.templates.snapshots import Snapshot, Snapshots

REAPER_PERIOD_S = 0.5
CLOCK_STEP_S = 0.001
"""Resolution of the times that clients see."""
STOP_TIMEOUT_S = 5.0

log = logging.getLogger(__name__)


class Sandboxes:
    """The registry. `folder` holds one folder per sandbox; `trash` is emptied at leisure."""

    def __init__(
        self,
        *,
        data_dir: Path,
        snapshots: Snapshots,
        warm_pool: WarmPool,
        limits: Limits,
    ) -> None:
        self._snapshots = snapshots
        self._warm_pool = warm_pool
        self._limits = limits
        self._folder = data_dir / "sandboxes"
        self._trash = Trash(data_dir / "trash")
        self._all: dict[str, Sandbox] = {}
        self._starting: list[Record] = []
        self._coming = 0
        self._newest_at = 0.0
        # A client that pages through the list misses none if the newest is added last.
        self._registering = asyncio.Lock()

    def all(self) -> list[Sandbox]:
        return list(self._all.values())

    def records(self) -> list[Record]:
        """Records of all sandboxes, including those being started."""
        return [*self._starting, *(sandbox.record for sandbox in self._all.values())]

    def get(self, sandbox_id: str) -> Sandbox:
        sandbox = self._all.get(sandbox_id)
        if sandbox is None:
            raise NotFound(f'Sandbox "{sandbox_id}" not found')
        return sandbox

    async def restore(self) -> None:
        """Read what an earlier engine left: orphans are killed, sandboxes become paused."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(self._warm_pool.restore)
        for folder, record in await asyncio.to_thread(left_below, self._folder):
            if record is None:
                await self._trash.discard(folder)
                continue
            kill_orphan(record)
            record.state, record.pause_mode = "paused", "filesystem"
            sandbox = Sandbox(record, folder)
            await sandbox.save()
            self._all[record.id] = sandbox
        await asyncio.to_thread(self._snapshots.restore, self.records())
        self._trash.begin_emptying()

    async def create(self, record: Record) -> Sandbox:
        with self._reserve_slot():
            self._starting.append(record)
            try:
                booted = await self._warm_pool.acquire(record)
                try:
                    return await self._register(booted)
                except OSError as error:
                    await self._warm_pool.end(booted)
                    raise BootError(f"the sandbox cannot be kept: {error.strerror}") from error
                except asyncio.CancelledError:
                    await self._warm_pool.end(booted)
                    raise
            finally:
                self._starting.remove(record)

    async def connect(self, sandbox: Sandbox, timeout_s: int, *, keep_memory: bool = True) -> bool:
        """Make it run until at least `timeout_s` from now. True when it did not run before."""
        async with sandbox.lock:
            self._check_present(sandbox)
            record = sandbox.record
            if record.state == "running":
                if await _answers(sandbox.tree):
                    sandbox.expire_in_at_least(timeout_s)
                    return False
                keep_memory = False
            if sandbox.tree is not None and keep_memory:
                sandbox.tree.thaw()
            else:
                await self._stop(sandbox)
                record.state, record.pause_mode = "paused", "filesystem"
                with self._reserve_slot():
                    await self._boot(sandbox)
            record.state = "running"
            record.timeout_s = timeout_s
            record.begin(now())
            sandbox.deadline.set(timeout_s)
            await sandbox.save()
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
        await self._trash.discard(sandbox.folder)
        await self._snapshots.collect(self.records())

    async def take_snapshot(
        self, sandbox: Sandbox, *, name: str | None = None, listed: bool = True
    ) -> Snapshot:
        """Copy its files; its processes are frozen meanwhile."""
        async with sandbox.lock:
            self._check_present(sandbox)
            tree = sandbox.tree if sandbox.is_running else None
            try:
                if tree is not None and not await tree.freeze():
                    raise Conflict("the sandbox's programs do not stand still for a snapshot")
                return await self._snapshots.take(
                    sandbox.record, sandbox.folder / "upper", name=name, listed=listed
                )
            finally:
                if tree is not None:
                    tree.thaw()

    async def set_timeout(
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
                sandbox.expire_in_at_least(seconds)
            else:
                sandbox.expire_in(seconds)

    async def set_network(
        self, sandbox: Sandbox, network: dict[str, Any], allow_internet: bool | None
    ) -> None:
        """Raises BadRequest, and changes nothing, when the rules cannot be kept."""
        async with sandbox.lock:
            self._check_present(sandbox)
            rules = NetworkRules.parsed(network, allow_internet=allow_internet)
            sandbox.record.network, sandbox.record.allow_internet = network, allow_internet
            if sandbox.tree is not None:
                sandbox.tree.set_network_rules(rules)
            await sandbox.save()

    async def open_port(self, sandbox_id: str, port: int) -> Connection | None:
        """A connection to a running sandbox's port; None when nothing listens there.
        Raises NotFound when the sandbox does not run."""
        sandbox = self.get(sandbox_id)
        if sandbox.record.state == "paused" and sandbox.record.auto_resume:
            await self.connect(sandbox, sandbox.record.timeout_s)
        if not sandbox.is_running or sandbox.tree is None or not sandbox.tree.is_alive:
            raise NotFound(f'Sandbox "{sandbox_id}" is not running')
        connection = await sandbox.tree.connect(port)
        if connection is None and port == AGENT_PORT:
            raise NotFound(f'Sandbox "{sandbox_id}" is ending')
        return connection

    async def reap_forever(self) -> None:
        """End or pause the sandboxes that have expired."""
        while True:
            await asyncio.sleep(REAPER_PERIOD_S)
            for sandbox in self.all():
                record = sandbox.record
                if record.state != "running" or sandbox.lock.locked():
                    continue
                sandbox.follow_clock()
                if not sandbox.deadline.left_s:
                    spawn(self._expire(sandbox), name=f"expire {record.id}")

    async def stop_all(self) -> None:
        """Leave every sandbox as files on disk. One that is locked for longer ends with this process, as it
        would if the process were killed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await asyncio.gather(*map(self._suspend, self.all()))

    async def _suspend(self, sandbox: Sandbox) -> None:
        async with sandbox.lock:
            await self._stop(sandbox)
            sandbox.record.state, sandbox.record.pause_mode = "paused", "filesystem"
            await sandbox.save()

    async def _expire(self, sandbox: Sandbox) -> None:
        async with sandbox.lock:
            with contextlib.suppress(NotFound, Conflict):
                self._check_present(sandbox)
                if sandbox.record.state != "running" or sandbox.deadline.left_s:
                    return  # it was paused or prolonged in the meantime
                if sandbox.record.auto_pause:
                    await self._pause(sandbox, keep_memory=sandbox.record.auto_pause_memory)
                else:
                    await self._kill(sandbox)
                log.info("sandbox_expired", extra={"sandbox_id": sandbox.record.id})

    async def _register(self, booted: WarmSandbox) -> Sandbox:
        """Add it to the list. From the rename on it exists for a later engine too."""
        sandbox = Sandbox(booted.record, booted.folder)
        async with self._registering, sandbox.lock:
            self._newest_at = max(now(), self._newest_at + CLOCK_STEP_S)
            booted.record.begin(self._newest_at)
            sandbox.deadline.set(booted.record.timeout_s)
            self._set_tree(sandbox, booted.tree)
            await sandbox.save()
            sandbox.folder = booted.folder.rename(self._folder / booted.record.id)
            self._all[booted.record.id] = sandbox
            return sandbox

    @contextlib.contextmanager
    def _reserve_slot(self) -> Generator[None]:
        """Reserve one of `max_sandboxes`. Sandboxes without processes (files only) do not count."""
        taken = self._coming + sum(one.tree is not None for one in self._all.values())
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
        tree = await self._warm_pool.boot(sandbox.record, sandbox.folder)
        self._set_tree(sandbox, tree)

    def _set_tree(self, sandbox: Sandbox, tree: ProcessTree) -> None:
        sandbox.tree = tree
        spawn(self._watch_for_end(sandbox, tree), name=f"follow {sandbox.record.id}")

    async def _watch_for_end(self, sandbox: Sandbox, tree: ProcessTree) -> None:
        """When the process tree ends by itself, mark the sandbox as paused; the next connect boots it."""
        await tree.exited()
        async with sandbox.lock:
            if sandbox.tree is not tree or sandbox.record.id not in self._all:
                return
            log.warning("sandbox_died", extra={"sandbox_id": sandbox.record.id})
            sandbox.tree = None
            sandbox.record.state, sandbox.record.pause_mode = "paused", "filesystem"
            await sandbox.save()

    async def _pause(self, sandbox: Sandbox, *, keep_memory: bool) -> None:
        if sandbox.record.state == "paused":
            raise Conflict(f'Sandbox "{sandbox.record.id}" is already paused')
        sandbox.record.state = "paused"
        tree = sandbox.tree
        if keep_memory and tree is not None and await tree.freeze():
            sandbox.record.pause_mode = "memory"
            tree.drop_connections()
        else:
            sandbox.record.pause_mode = "filesystem"
            await self._stop(sandbox)
        await sandbox.save()

    async def _stop(self, sandbox: Sandbox) -> None:
        tree, sandbox.tree = sandbox.tree, None
        if tree is not None:
            await tree.stop()


async def _answers(tree: ProcessTree | None) -> bool:
    """False also when its processes ended and `_watch_for_end` has not run yet."""
    return tree is not None and tree.is_alive and await tree.is_answering()
