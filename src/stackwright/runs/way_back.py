"""What a run changed, and the way back to what worked before it."""

import asyncio
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from stackwright.core.events import VersionCreated
from stackwright.core.postgres import patiently
from stackwright.db.run_records import Lease
from stackwright.projects.restore_points import RestorePoints
from stackwright.tools.base import Emit, WorkspaceFiles
from stackwright.tools.budget import cut_end

MAX_CHANGES_CHARS = 40_000
MAX_FILE_BYTES = 200_000
"""Of longer files, and of those that are no text, only the names are told."""
_MADE_BY_TOOLS = ("bun.lock", "package-lock.json", "uv.lock", "openapi.json")


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
        was, now = await patiently(
            lambda: self._points.compared(
                lease.user_id, lease.project_id, before.version, lambda _: True
            )
        )
        return await asyncio.to_thread(diff, was, now)

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
        """Give all files the contents that they had in a version."""
        lease = self._lease
        contents = await patiently(
            lambda: self._points.contents(lease.user_id, lease.project_id, version)
        )
        present = {file.path for file in await self._run.files.list()}
        removed: dict[str, bytes | None] = dict.fromkeys(present - contents.keys())
        await self._run.files.apply({**removed, **contents})

    async def _verified(self) -> int | None:
        lease = self._lease
        found = await patiently(
            lambda: self._points.find_verified(lease.user_id, lease.project_id, lease.run_id)
        )
        return None if found is None else found.version


def diff(was: Mapping[str, bytes], now: Mapping[str, bytes]) -> str:
    """Two sets of files compared, in unified form and bounded."""
    parts: list[str] = []
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


def _what(before: bytes | None, after: bytes | None) -> str:
    return "added" if before is None else "deleted" if after is None else "changed"
