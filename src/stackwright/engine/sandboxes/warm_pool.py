"""Boots sandboxes in `<data>/starting`; one rename to `<data>/sandboxes` makes them exist.

So a sandbox is listed completely or not at all, whenever the engine dies. For the templates used last,
some are booted ahead and wait here.
"""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stackwright.engine.errors import BootError
from stackwright.engine.files import erase_leftover
from stackwright.engine.isolation.launcher import Blueprint, BootFailed, Launcher
from stackwright.engine.limits import usage
from stackwright.engine.process_tree.tree import ProcessTree
from stackwright.engine.record import Record, new_sandbox_id

MAX_WARM_TEMPLATES = 2
MIN_FREE_MB = 1024
QUIET_S = 0.15
"""Time without a request for a sandbox before one is booted ahead."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WarmSandbox:
    """A booted sandbox that is not given to a client yet."""

    record: Record
    folder: Path
    tree: ProcessTree


class WarmPool:
    """Boots sandboxes, and keeps `warm` ready for each of the templates used last."""

    def __init__(self, *, data_dir: Path, skeleton: Path, launcher: Launcher, warm: int) -> None:
        self._data_dir = data_dir
        self._skeleton = skeleton
        self._launcher = launcher
        self._warm = warm
        self._folder = data_dir / "starting"
        self._patterns: dict[str, Record] = {}
        self._ready: dict[str, list[WarmSandbox]] = {}
        self._coming: dict[str, asyncio.Event] = {}
        self._acquiring = 0
        self._last_acquired_at = 0.0
        self._changed = asyncio.Event()
        self._is_closed = False

    def restore(self) -> None:
        """Erase what an interrupted engine was booting."""
        self._folder.mkdir(exist_ok=True)
        for folder in self._folder.iterdir():
            erase_leftover(folder)

    async def acquire(self, record: Record) -> WarmSandbox:
        """A booted sandbox for this record; a warm one has its own id and token.
        Raises BootError and leaves nothing behind."""
        self._acquiring += 1
        try:
            return await self._take_ready(record) or await self._boot_new(record)
        finally:
            self._acquiring -= 1
            self._last_acquired_at = time.monotonic()
            self._remember(record)

    async def boot(self, record: Record, folder: Path) -> ProcessTree:
        """Boot the sandbox whose files are in `folder`. Raises BootError."""
        blueprint = Blueprint(
            sandbox_id=record.id,
            folder=folder,
            layers=(*(self._data_dir / layer for layer in record.layers), self._skeleton),
            token=record.token,
            env=_environment(record),
            start=record.start,
            network=record.network_rules,
        )
        try:
            return await self._launcher.boot(blueprint)
        except BootFailed as error:
            # No error of the engine's: programs inside can leave files that do not boot again.
            log.warning("sandbox_boot_failed", extra={"sandbox_id": record.id, "why": str(error)})
            raise BootError(str(error)) from error
        except OSError as error:
            log.warning("sandbox_boot_failed", extra={"sandbox_id": record.id, "why": str(error)})
            raise BootError(f"its files cannot be used: {error.strerror}") from error

    async def end(self, booted: WarmSandbox) -> None:
        """Stop it and delete its files: no client will get it."""
        await booted.tree.stop()
        await asyncio.to_thread(erase_leftover, booted.folder)

    async def keep_warm(self) -> None:
        """Until `close`: boot ahead what is missing, while nobody waits for a sandbox."""
        while not self._is_closed:
            await self._changed.wait()
            self._changed.clear()
            for booted in list(self._unwanted()):
                await self.end(booted)
            while not self._is_closed and (pattern := self._missing()) is not None:
                quiet_for = time.monotonic() - self._last_acquired_at
                if self._acquiring or quiet_for < QUIET_S:
                    await asyncio.sleep(QUIET_S - min(quiet_for, QUIET_S / 2))
                else:
                    await self._boot_ahead(pattern)
        for booted in list(self._unwanted()):
            await self.end(booted)

    def close(self) -> None:
        """Make `keep_warm` end, and with it what waits."""
        self._is_closed = True
        self._patterns.clear()
        self._changed.set()

    async def _boot_new(self, record: Record) -> WarmSandbox:
        folder = self._folder / record.id
        folder.mkdir()
        try:
            tree = await self.boot(record, folder)
        except BaseException:
            await asyncio.to_thread(erase_leftover, folder)
            raise
        return WarmSandbox(record, folder, tree)

    async def _take_ready(self, record: Record) -> WarmSandbox | None:
        is_plain = not record.envs and not record.network and record.allow_internet is None
        if record.start is not None and not is_plain:
            return None  # the template's start command must see them
        while (booted := await self._next_ready(_key(record))) is not None:
            if not booted.tree.is_alive:
                await self.end(booted)
                continue
            own = replace(record, id=booted.record.id, token=booted.record.token)
            booted.tree.set_network_rules(own.network_rules)
            if own.envs and not await booted.tree.ask_agent("/init", {"envVars": own.envs}):
                await self.end(booted)
                continue
            return replace(booted, record=own)
        return None

    async def _next_ready(self, key: str) -> WarmSandbox | None:
        """A ready one, or one that is booting and not claimed by another caller."""
        if not self._ready.get(key) and (coming := self._coming.pop(key, None)) is not None:
            await coming.wait()
        waiting = self._ready.get(key)
        return waiting.pop() if waiting else None

    def _remember(self, record: Record) -> None:
        """Keep sandboxes of this template ready from now on."""
        is_of_template = all(layer.startswith("layers/") for layer in record.layers)
        if self._warm == 0 or self._is_closed or not is_of_template:
            return
        key = _key(record)
        self._patterns.pop(key, None)
        self._patterns[key] = record
        while len(self._patterns) > MAX_WARM_TEMPLATES:
            del self._patterns[next(iter(self._patterns))]
        self._changed.set()

    def _missing(self) -> Record | None:
        """A record of the template to boot next, the one used last first; None if all are ready."""
        if usage.free_memory_mb() < MIN_FREE_MB:
            return None
        for key, pattern in reversed(self._patterns.items()):
            if len(self._ready.get(key, ())) < self._warm:
                return pattern
        return None

    async def _boot_ahead(self, pattern: Record) -> None:
        record = replace(
            pattern,
            id=new_sandbox_id(),
            token=secrets.token_urlsafe(24),
            metadata={},
            envs={},
            network={},
            allow_internet=None,
        )
        key = _key(pattern)
        done = self._coming[key] = asyncio.Event()
        try:
            booted = await self._boot_new(record)
            self._ready.setdefault(key, []).append(booted)
        except (BootError, OSError) as error:
            log.warning("warm_sandbox_not_booted", extra={"why": str(error)})
            self._patterns.pop(key, None)
        finally:
            self._coming.pop(key, None)
            done.set()

    def _unwanted(self) -> Iterator[WarmSandbox]:
        for key in self._ready.keys() - self._patterns.keys():
            yield from self._ready.pop(key)


def _environment(record: Record) -> dict[str, str]:
    own = {"E2B_SANDBOX_ID": record.id, "E2B_TEMPLATE_ID": record.template}
    return record.template_env | own | record.envs


def _key(record: Record) -> str:
    """Equal for records that the same warm sandbox can serve."""
    same = [record.template, record.layers, record.template_env, record.start]
    return json.dumps(same, sort_keys=True)
