"""Snapshots: the files of a sandbox at one moment, kept as a read-only layer for new sandboxes.

A deleted snapshot, and that of a fork, stays on disk unlisted as long as a sandbox or another
snapshot is built on it.
"""

import asyncio
import json
import logging
import re
import secrets
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stackwright.core.tasks import spawn
from stackwright.engine.templates.builder import BuiltTemplate
from stackwright.engine.errors import ApiError, BadRequest, NotFound
from stackwright.engine.templates.layer_copy import copy_layer
from stackwright.engine.record import Record, now
from stackwright.engine.files import erase_leftover, store_json, write_json

NAMESPACE = "local"
DEFAULT_TAG = "default"
MAX_LAYERS = 60
"""Most layers below an upper folder: the options of a mount have to fit into one page."""
_UNFINISHED = ".unfinished-"
_REFERENCE = re.compile(r"(?:local/)?([A-Za-z0-9][A-Za-z0-9._-]{0,99})(?::([A-Za-z0-9._-]{1,60}))?")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """`layers` are those its own files lie on, as in a sandbox's record."""

    id: str
    name: str | None
    tag: str
    sandbox_id: str
    template: str
    layers: tuple[str, ...]
    template_env: dict[str, str]
    start: str | None
    created_at: float
    is_listed: bool = True

    @property
    def reference(self) -> str:
        return f"{NAMESPACE}/{self.name}:{self.tag}" if self.name else f"{self.id}:{self.tag}"

    @property
    def own_layer(self) -> str:
        return f"snapshots/{self.id}/upper"

    def view(self) -> dict[str, Any]:
        return {"snapshotID": self.reference, "names": [self.reference] if self.name else []}

    def as_template(self) -> BuiltTemplate:
        layers = (self.own_layer, *self.layers)
        return BuiltTemplate(self.template, layers, self.template_env, self.start)

    def is_called(self, name: str, tag: str | None) -> bool:
        return name in (self.id, self.name) and tag in (None, self.tag)


class Snapshots:
    """All snapshots below `<data>/snapshots`."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "snapshots"
        self._all: dict[str, Snapshot] = {}
        self._held: Counter[str] = Counter()

    def restore(self, records: Iterable[Record]) -> None:
        """Read what is on disk; what an interrupted engine left unfinished or unused goes."""
        self._folder.mkdir(exist_ok=True)
        for folder in self._folder.iterdir():
            if folder.name.startswith(_UNFINISHED):
                erase_leftover(folder)
            elif (snapshot := _load(folder)) is not None:
                self._all[snapshot.id] = snapshot
        for snapshot in self.listed():
            for other in self._replaced_by(snapshot):
                self._all[other.id] = replace(other, is_listed=False)
                write_json(self._meta(other), asdict(self._all[other.id]))
        for snapshot in self._unused(records):
            del self._all[snapshot.id]
            self._erase(snapshot)

    def listed(self) -> list[Snapshot]:
        """Snapshots that clients see, newest first."""
        return [snapshot for snapshot in self._newest_first() if snapshot.is_listed]

    def find(self, reference: str) -> Snapshot | None:
        """The snapshot of that id or name, either with a tag or with the default tag."""
        try:
            name, tag = parse_reference(reference)
        except BadRequest:
            return None
        return next((s for s in self.listed() if s.is_called(name, tag or DEFAULT_TAG)), None)

    @contextmanager
    def held(self, snapshot: Snapshot) -> Generator[None, None, None]:
        """Keep its files meanwhile, although no sandbox lies on them yet."""
        self._held[snapshot.id] += 1
        try:
            yield
        finally:
            self._held[snapshot.id] -= 1

    async def take(
        self, record: Record, upper: Path, *, name: str | None, listed: bool
    ) -> Snapshot:
        """Copy the upper folder of a sandbox that stands still. Raises BadRequest, ApiError."""
        if len(record.layers) >= MAX_LAYERS:
            raise BadRequest(f"the sandbox already lies on {MAX_LAYERS} layers; start a fresh one")
        snapshot = _described(record, name, listed=listed)
        fresh = self._folder / f"{_UNFINISHED}{snapshot.id}"
        try:
            await asyncio.to_thread(fresh.mkdir)
            await copy_layer(upper, fresh / "upper")
            await store_json(fresh / "meta.json", asdict(snapshot))
            await asyncio.to_thread(fresh.rename, self._folder / snapshot.id)
        except OSError as error:
            await asyncio.to_thread(erase_leftover, fresh)
            raise ApiError(f"the snapshot cannot be kept: {error.strerror}") from error
        except asyncio.CancelledError:
            spawn(asyncio.to_thread(erase_leftover, fresh), name="erase unfinished snapshot")
            raise
        self._all[snapshot.id] = snapshot
        for other in self._replaced_by(snapshot):
            await self._unlist(other)
        return snapshot

    async def delete(self, reference: str) -> None:
        """Take a snapshot off the list; sandboxes built on it go on. Raises NotFound."""
        snapshot = self.find(reference)
        if snapshot is None:
            raise NotFound(f"snapshot '{reference}' not found")
        await self._unlist(snapshot)

    async def collect(self, records: Iterable[Record]) -> None:
        """Erase unlisted snapshots that neither `records` nor other snapshots lie on."""
        for snapshot in (unused := self._unused(records)):
            del self._all[snapshot.id]
        for snapshot in unused:
            await asyncio.to_thread(self._erase, snapshot)

    def _newest_first(self) -> list[Snapshot]:
        return sorted(self._all.values(), key=lambda s: s.created_at, reverse=True)

    def _unused(self, records: Iterable[Record]) -> list[Snapshot]:
        used = {layer for record in records for layer in record.layers}
        unused: list[Snapshot] = []
        # newest first: one that goes may free an older one below it
        for snapshot in self._newest_first():
            if snapshot.is_listed or snapshot.own_layer in used or self._held[snapshot.id]:
                used.update(snapshot.layers)
            else:
                unused.append(snapshot)
        return unused

    def _erase(self, snapshot: Snapshot) -> None:
        """First it gets a name that makes `restore` finish an interrupted erasure."""
        folder = self._folder / f"{_UNFINISHED}{snapshot.id}"
        (self._folder / snapshot.id).rename(folder)
        erase_leftover(folder)

    def _replaced_by(self, snapshot: Snapshot) -> list[Snapshot]:
        """Older ones of the same name: it means the newest snapshot that was given it."""
        if snapshot.name is None:
            return []
        same = (other for other in self.listed() if other.reference == snapshot.reference)
        return [other for other in same if other.created_at < snapshot.created_at]

    async def _unlist(self, snapshot: Snapshot) -> None:
        hidden = self._all[snapshot.id] = replace(snapshot, is_listed=False)
        with self.held(hidden):
            try:
                await store_json(self._meta(hidden), asdict(hidden))
            except OSError:
                self._all[snapshot.id] = snapshot
                raise

    def _meta(self, snapshot: Snapshot) -> Path:
        return self._folder / snapshot.id / "meta.json"


def parse_reference(reference: str) -> tuple[str, str | None]:
    """Split a reference into name or id, and tag. Raises BadRequest."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise BadRequest(f"{reference[:200]!r} is no name of a snapshot")
    return found[1], found[2]


def _described(record: Record, reference: str | None, *, listed: bool) -> Snapshot:
    name, tag = parse_reference(reference) if reference else (None, None)
    return Snapshot(
        id=f"s{secrets.token_hex(10)[:19]}",
        name=name,
        tag=tag or DEFAULT_TAG,
        sandbox_id=record.id,
        template=record.template,
        layers=tuple(record.layers),
        template_env=record.template_env,
        start=record.start,
        created_at=now(),
        is_listed=listed,
    )


def _load(folder: Path) -> Snapshot | None:
    try:
        values: dict[str, Any] = json.loads((folder / "meta.json").read_text())
        values["layers"] = tuple(values["layers"])
        return Snapshot(**values)
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("snapshot_unreadable", extra={"folder": folder.name})
        return None
