"""The project's files: recorded durably first, then laid into the sandbox, and kept in step.

Each durable row knows the version that wrote it, and the sandbox carries the version it was last
brought to. So for every difference it is known who changed: a row newer than the sandbox's version
goes into the sandbox, anything else was done by a command and is recorded.
"""

import asyncio
import logging
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.events import FileChanged, StateChanged
from stackwright.core.ids import ProjectId, SandboxId, UserId
from stackwright.core.postgres import Fence, patiently
from stackwright.db.engine import Database
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.files import FileChange, FileRecord
from stackwright.projects.clearing import clear_paths
from stackwright.projects.differences import line_counts
from stackwright.projects.paths import (
    LeadsOut,
    PathTaken,
    check_apart,
    checked_kept_path,
    checked_path,
    path_and_folders,
)
from stackwright.projects.portions import portions
from stackwright.projects.sandbox_copy import CopyDifference, absolute, compare, read_changes
from stackwright.projects.scan import MARKER, scan_workspace
from stackwright.sandbox.base import Sandbox, SandboxGone
from stackwright.tools.base import Emit, WorkspaceFile, WorkspaceFiles

log = logging.getLogger(__name__)

COUNTED_ON_LOOP_BYTES = 100_000
"""The lines of larger changes are counted in a thread."""
SCRIPTS_AT_ONCE = 100
MAX_BEFORE_BYTES = 20_000_000
"""Limit of the former contents that one run keeps in memory."""


class ProjectWorkspace:
    """Implements tools.base.WorkspaceFiles for one run (or one request). While the database is away,
    it waits."""

    def __init__(
        self,
        *,
        database: Database,
        user_id: UserId,
        project_id: ProjectId,
        sandbox: Callable[[], Awaitable[Sandbox]],
        emit: Emit,
        fence: Fence | None = None,
    ) -> None:
        """With a fence, nothing is written once the run is another worker's."""
        self._database = database
        self._user_id = user_id
        self._project_id = project_id
        self._sandbox = sandbox
        self._emit = emit
        self._fence = fence
        self._contents = FileContentRepository(database.fetch)
        self._turn = asyncio.Lock()
        self._marks: dict[SandboxId, int] = {}
        self._outward: frozenset[str] = frozenset()
        """Links out of the workspace, as of the last look: nothing is written through them."""
        self._told_not_kept = ""
        self._before: dict[str, bytes | None] = {}
        self._before_bytes = 0

    async def read(self, path: str) -> bytes:
        checked_path(path)
        return await patiently(lambda: self._contents.read(self._user_id, self._project_id, path))

    async def list(self) -> Sequence[WorkspaceFile]:
        _, files = await patiently(lambda: self._contents.look(self._user_id, self._project_id))
        return [
            WorkspaceFile(file.path, file.sha256, file.size_bytes, file.version)
            for file in files.values()
            if file.sha256 is not None
        ]

    async def apply(self, changes: Mapping[str, bytes | None]) -> Sequence[str]:
        for path in changes:
            checked_kept_path(path)
        check_apart(path for path, content in changes.items() if content is not None)
        for path in changes:
            for link in self._outward.intersection(path_and_folders(path)):
                raise LeadsOut(path, link)
        async with self._turn:
            await self._check_free(changes)
            version, changed = await self._record(changes)
        # Outside the turn: getting a sandbox may lay it out, which takes a turn itself.
        sandbox = await self._sandbox()
        async with self._turn:
            await self._write(sandbox, changes, self._mark_after(sandbox, version))
        return changed

    async def _check_free(self, changes: Mapping[str, bytes | None]) -> None:
        """Raises PathTaken: no sandbox could ever be given both files."""
        taken = await patiently(
            lambda: self._contents.find_in_the_way(self._user_id, self._project_id, changes)
        )
        if taken is not None:
            raise PathTaken(*taken)

    async def capture(self) -> Sequence[str]:
        return await self.lay_out(await self._sandbox())

    async def lay_out(self, sandbox: Sandbox) -> Sequence[str]:
        """Bring a sandbox and the durable copy in step; returns the paths that were recorded.

        A new sandbox becomes byte-equal with the durable copy; a project's first one gives it its
        files, untold and as version 1, be they none; one laid out before keeps what its commands
        changed since."""
        async with self._turn:
            return await self._synchronise(sandbox)

    async def _synchronise(self, sandbox: Sandbox) -> Sequence[str]:
        seen = await scan_workspace(sandbox)
        version, known = await patiently(
            lambda: self._contents.look(self._user_id, self._project_id)
        )
        self._outward = seen.outward
        self._tell_not_kept(seen.not_kept())
        is_first = version == 0
        marked = 0 if is_first else self._version_in(seen.mark)
        found = await asyncio.to_thread(compare, known, seen, marked)
        mark = version
        recorded: list[str] = []
        async for changes in read_changes(sandbox, found, is_first=is_first):
            version, paths = await self._record(changes, is_told=not is_first)
            recorded += paths
            mark = version if mark == version - 1 else mark
        await self._bring(sandbox, found, known)
        if found.to_remove or found.to_sandbox or mark != marked:
            await self._write(sandbox, {}, mark)
        self._marks[sandbox.id] = mark
        return recorded

    def _tell_not_kept(self, sentence: str) -> None:
        """Tell the sentence once, and again when it changes."""
        if sentence and sentence != self._told_not_kept:
            self._emit(StateChanged(state="not_kept", detail=sentence))
        self._told_not_kept = sentence

    async def _bring(
        self, sandbox: Sandbox, found: CopyDifference, known: Mapping[str, FileRecord]
    ) -> None:
        """Lay into the sandbox what is newer in the durable copy."""
        await self._write(sandbox, dict.fromkeys(found.to_remove), None)
        for paths in portions({path: known[path].size_bytes for path in found.to_sandbox}):
            read = partial(self._contents.read_many, self._user_id, self._project_id, paths)
            await self._write(sandbox, await patiently(read), None)

    def _mark_after(self, sandbox: Sandbox, version: int) -> int | None:
        """The mark for the sandbox after our writing of `version`. If somebody else wrote in between it is the
        former mark, so that the next look brings their changes too."""
        known = self._marks.get(sandbox.id)
        return version if known == version - 1 else known

    async def _record(
        self, changes: Mapping[str, bytes | None], *, is_told: bool = True
    ) -> tuple[int, Sequence[str]]:
        """Record the changes durably; if `is_told`, emit `file_changed` for what really changed."""
        written = await patiently(
            lambda: self._contents.write(
                self._user_id,
                self._project_id,
                changes,
                fence=self._fence,
                max_before_bytes=MAX_BEFORE_BYTES,
            )
        )
        if is_told:
            for change, event in await _told(written.changes, changes):
                self._keep_before(change)
                self._emit(event)
        return written.version, [change.path for change in written.changes]

    def before_run(self) -> Mapping[str, bytes | None]:
        return self._before

    def _keep_before(self, change: FileChange) -> None:
        content = change.content_before
        is_unread = change.before is not None and content is None
        size = len(content or b"")
        if change.path in self._before or is_unread or self._before_bytes + size > MAX_BEFORE_BYTES:
            return
        self._before[change.path] = content
        self._before_bytes += size

    async def _write(
        self, sandbox: Sandbox, changes: Mapping[str, bytes | None], mark: int | None
    ) -> None:
        """Removals first: a file may become a folder. The mark last: it says that all is there.
        Modes are not kept; what begins like a script can be run."""
        removed = [absolute(path) for path, content in changes.items() if content is None]
        if removed:
            await _insist(sandbox, removed, partial(sandbox.remove, removed))
        written = {
            absolute(path): content for path, content in changes.items() if content is not None
        }
        if mark is not None:
            written[MARKER] = f"{self._project_id} {mark}".encode()
        for paths in portions({path: len(content) for path, content in written.items()}):
            some = {path: written[path] for path in paths}
            await _insist(sandbox, paths, partial(sandbox.write, some))
        scripts = [path for path, content in written.items() if content.startswith(b"#!")]
        for at in range(0, len(scripts), SCRIPTS_AT_ONCE):
            names = shlex.join(scripts[at : at + SCRIPTS_AT_ONCE])
            await sandbox.run(f"chmod -f +x -- {names} || true", cwd="/")
        if mark is not None:
            self._marks[sandbox.id] = mark

    def _version_in(self, mark: str) -> int | None:
        """The version the sandbox was brought to; None: never, or by another project."""
        project_id, _, version = mark.strip().partition(" ")
        return int(version) if project_id == self._project_id and version.isdecimal() else None


async def laid_out(
    sandbox: Sandbox, files: ProjectWorkspace, again: Callable[[], Awaitable[Sandbox]]
) -> Sandbox:
    """The sandbox with the project's files, or the one that `again` gives in its place if it fails."""
    try:
        await files.lay_out(sandbox)
    except SandboxUnavailable:
        another = await again()
        if another is sandbox:
            raise
        await files.lay_out(another)
        return another
    return sandbox


async def _insist(
    sandbox: Sandbox, paths: Sequence[str], attempt: Callable[[], Awaitable[None]]
) -> None:
    """Try again after clearing the way: a file that a command closed would stop every later run."""
    try:
        await attempt()
    except SandboxGone:
        raise
    except SandboxUnavailable:
        await clear_paths(sandbox, paths)
        await attempt()


async def _told(
    changes: Sequence[FileChange], written: Mapping[str, bytes | None]
) -> Sequence[tuple[FileChange, FileChanged]]:
    """Each change with its event."""

    def told() -> Sequence[tuple[FileChange, FileChanged]]:
        return [(change, _event(change, written[change.path] or b"")) for change in changes]

    size = sum(len(one.content_before or b"") + one.size_bytes for one in changes)
    return told() if size < COUNTED_ON_LOOP_BYTES else await asyncio.to_thread(told)


def _event(change: FileChange, after: bytes) -> FileChanged:
    added, removed = line_counts(change.content_before, after)
    return FileChanged(
        path=change.path,
        change=change.change,
        sha256=change.after,
        size_bytes=change.size_bytes,
        added=added,
        removed=removed,
    )


if TYPE_CHECKING:

    def _proof(workspace: ProjectWorkspace) -> WorkspaceFiles:
        return workspace
