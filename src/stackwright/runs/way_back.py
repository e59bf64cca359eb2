"""What a run changed, and the way back to what worked before it."""

import asyncio
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from stackwright.core.events import VersionCreated
from stackwright.core.postgres import patiently
from stackwright.db.run_records import Lease
from stackwright.projects.portions import portions
from stackwright.projects.restore_points import RestorePoints
from stackwright.tools.base import Emit, WorkspaceFiles
from stackwright.tools.budget import cut_end

MAX_CHANGES_CHARS = 40_000
MAX_FILE_BYTES = 200_000
"""Limit for files whose lines are told; of longer ones, and of those that are no text, only the names are."""
MAX_SHOWN_BYTES = 5_000_000
"""Limit for all files whose lines are told together."""
MAX_STEP_BYTES = 50_000_000
"""Limit for the files that are brought back in one step."""
_MADE_BY_TOOLS = ("bun.lock", "package-lock.json", "uv.lock", "openapi.json")


What = Literal["added", "deleted", "changed"]


@dataclass(frozen=True, slots=True)
class _Changed:
    """A file that differs between a version and now. Of two sizes it has the larger one."""

    path: str
    what: What
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WayBack:
    """The files are those of `version` again; what they were is kept as version `attempt`."""

    version: int
    attempt: int


class ChangedRun(Protocol):
    """The run whose files are meant; `runs.context` has it."""

    @property
    def files(self) -> WorkspaceFiles: ...

    @property
    def emit(self) -> Emit: ...


class RunHistory:
    def __init__(self, points: RestorePoints, lease: Lease, title: str, run: ChangedRun) -> None:
        """`title` is for the version that keeps an attempt."""
        self._points = points
        self._lease = lease
        self._title = title
        self._run = run

    async def changes(self) -> str:
        """What this run changed, as a diff; of the first run's files only the names."""
        lease = self._lease
        before = await patiently(
            lambda: self._points.find_before(lease.user_id, lease.project_id, lease.run_id)
        )
        if before is None:
            names = sorted(file.path for file in await self._run.files.list())
            return cut_end(
                "This run made the app. Its files:\n" + "\n".join(names), MAX_CHANGES_CHARS
            )
        changed = await self._changed_since(before.version)
        shown = _shown(changed)
        was, now = await patiently(
            lambda: self._points.compared(
                lease.user_id, lease.project_id, before.version, shown.__contains__
            )
        )
        named: dict[str, What] = {one.path: one.what for one in changed if one.path not in shown}
        return await asyncio.to_thread(diff, was, now, named)

    async def has_way_back(self) -> bool:
        return await self._verified() is not None

    async def go_back(self) -> WayBack | None:
        """Keep the files as a version and bring the last verified version back. None: there is none."""
        verified = await self._verified()
        if verified is None:
            return None
        lease = self._lease
        attempt = await patiently(
            lambda: self._points.create(
                lease.user_id,
                lease.project_id,
                lease.run_id,
                title=f"An attempt that did not work: {self._title}",
                status="unverified",
            )
        )
        self._run.emit(VersionCreated(version=attempt.version, title=attempt.title))
        await self.bring_back(verified)
        return WayBack(verified, attempt.version)

    async def bring_back(self, version: int) -> None:
        """Give all files the contents that they had in a version: in one step, unless they are very large."""
        lease = self._lease
        await self._run.files.capture()  # else what a command changed last would stay
        changed = await self._changed_since(version)
        changes: dict[str, bytes | None] = {
            one.path: None for one in changed if one.what == "added"
        }
        sizes = {one.path: one.size_bytes for one in changed if one.what != "added"}
        for paths in portions(sizes, max_bytes=MAX_STEP_BYTES):
            contents = await patiently(
                partial(self._points.read_files, lease.user_id, lease.project_id, version, paths)
            )
            await self._run.files.apply({**changes, **contents})
            changes = {}
        if changes:
            await self._run.files.apply(changes)

    async def _changed_since(self, version: int) -> list[_Changed]:
        """Files that differ between the version and now, in order of path."""
        user_id, project_id = self._lease.user_id, self._lease.project_id
        was = await patiently(lambda: self._points.manifest(user_id, project_id, version))
        now = {file.path: file for file in await self._run.files.list()}
        differ = sorted(
            path
            for path in {*was, *now}
            if path not in was or path not in now or was[path] != now[path].sha256
        )
        sizes = await patiently(lambda: self._points.sizes(user_id, project_id, version, differ))
        return [
            _Changed(
                path,
                _what(was.get(path), now.get(path)),
                max(sizes.get(path, 0), now[path].size_bytes if path in now else 0),
            )
            for path in differ
        ]

    async def _verified(self) -> int | None:
        lease = self._lease
        found = await patiently(
            lambda: self._points.find_verified(lease.user_id, lease.project_id, lease.run_id)
        )
        return None if found is None else found.version


def _shown(changed: Iterable[_Changed]) -> set[str]:
    """The files whose lines may be told: the first ones that are small enough."""
    small = {one.path: one.size_bytes for one in changed if one.size_bytes <= MAX_FILE_BYTES}
    for first in portions(small, max_bytes=MAX_SHOWN_BYTES):
        return set(first)
    return set()


def diff(
    was: Mapping[str, bytes], now: Mapping[str, bytes], named: Mapping[str, What] | None = None
) -> str:
    """Two sets of files compared, in unified form and bounded. Of `named` ones only that is told."""
    parts = [f"{path} was {what}." for path, what in (named or {}).items()]
    for path in sorted({*was, *now}):
        before, after = was.get(path), now.get(path)
        if before == after:
            continue
        old, new = _text(path, before), _text(path, after)
        if old is None or new is None:
            parts.append(f"{path} was {_what(before, after)}.")
            continue
        lines = difflib.unified_diff(
            old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm="", n=2
        )
        parts.append("\n".join(lines))
    told = "\n".join(parts) or "This run changed no file."
    return cut_end(told, MAX_CHANGES_CHARS, rest="Read the files for the rest.")


def _text(path: str, content: bytes | None) -> str | None:
    if content is None:
        return ""
    if len(content) > MAX_FILE_BYTES or b"\0" in content or path.endswith(_MADE_BY_TOOLS):
        return None
    return content.decode(errors="replace")


def _what(before: object, after: object) -> What:
    return "added" if before is None else "deleted" if after is None else "changed"
