"""Files that a person writes, renames and deletes by hand, beside the agent.

The durable copy changes in one transaction, guarded as the agent's own edits are; a live sandbox gets
the same bytes right after. The agent is told by its own guard that the file changed since it read it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from stackwright.core.errors import (
    BadInput,
    Conflict,
    FileNotInWorkspace,
    PlatformError,
    SandboxUnavailable,
)
from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Database, within
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.projects import ProjectRepository
from stackwright.db.run_events import RunEventRepository
from stackwright.projects.paths import (
    MAX_FILE_BYTES,
    PathTaken,
    check_apart,
    checked_kept_path,
    checked_path,
)
from stackwright.projects.sandbox_copy import absolute
from stackwright.runs.files_in_hand import WATCHED_TYPES, files_in_hand
from stackwright.sandbox.base import SandboxProvider
from stackwright.tools.base import ToolFailed, WorkspaceFile
from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.editing.text import is_binary, readable
from stackwright.tools.protected import refuse_protected, refuse_unlocked
from stackwright.tools.seen import digest

log = logging.getLogger(__name__)

LOOKED_AT_EVENTS = 400
"""Events read from the end of a run's log; a call that writes a file now is among them."""
MAX_MOVED = 2000
MAX_MOVED_BYTES = 50_000_000
MAX_TOLD_CHARS = 200_000
LAYING_LIMIT_S = 20.0


class EditNotMade(BadInput):
    """The text would break the file, or the file is not to be written by hand."""

    code = "edit_refused"


class FileStale(Conflict):
    """Somebody else changed the file after the person had read it."""

    code = "file_changed"

    def __init__(self, path: str, sha256: str | None, text: str | None) -> None:
        became = "was deleted" if sha256 is None else "changed"
        super().__init__(f"{path} {became} since you opened it. Nothing was written.")
        self.sha256 = sha256
        self.text = None if text is None or len(text) > MAX_TOLD_CHARS else text
        """What it says now, if that is short enough to be told at once."""


class FileInHand(Conflict):
    code = "file_in_hand"

    def __init__(self, path: str) -> None:
        super().__init__(f"The agent is writing {path} right now. Try again when it has finished.")


class FileTooLarge(PlatformError):
    status = 413
    code = "file_too_large"

    def __init__(self) -> None:
        super().__init__(f"A file may have {MAX_FILE_BYTES // 1_000_000} MB, no more.")


@dataclass(frozen=True, slots=True)
class HandEdit:
    """What was written, renamed to or deleted. `is_live`: an app runs that has to follow."""

    paths: tuple[str, ...]
    is_live: bool
    file: WorkspaceFile | None = None


class HandEdits:
    """For another user's project every method raises ProjectNotFound."""

    def __init__(self, database: Database, sandboxes: SandboxProvider) -> None:
        self._database = database
        self._sandboxes = sandboxes

    async def write(
        self,
        user_id: UserId,
        project_id: ProjectId,
        path: str,
        content: bytes,
        *,
        expected: str | None,
    ) -> HandEdit:
        """`expected` is the digest of what the person changed; None: the file must be new.

        Raises InvalidPath, FileTooLarge, FileStale, FileInHand, EditNotMade."""
        checked_kept_path(path)
        if len(content) > MAX_FILE_BYTES:
            raise FileTooLarge
        async with self._locked(user_id, project_id) as files:
            await files.refuse_in_hand([path])
            before = (await files.read([path])).get(path)
            _refuse_stale(path, before, expected)
            content = await checked_text(path, before, content)
            version = await files.write({path: content})
        is_live = await self._lay(user_id, project_id, {path: content})
        file = WorkspaceFile(path, digest(content), len(content), version)
        return HandEdit((path,), is_live, file)

    async def delete(
        self, user_id: UserId, project_id: ProjectId, path: str, *, expected: str | None = None
    ) -> HandEdit:
        """A file, or a folder with everything in it. Raises FileNotInWorkspace, FileStale, FileInHand,
        EditNotMade."""
        checked_path(path)
        async with self._locked(user_id, project_id) as files:
            paths = below(await files.sizes(), path)
            await files.refuse_in_hand(paths)
            if expected is not None:
                _refuse_stale(path, (await files.read([path])).get(path), expected)
            for each in paths:
                _refuse_protected(each)
            await files.write(dict.fromkeys(paths))
        is_live = await self._lay(user_id, project_id, dict.fromkeys(paths))
        return HandEdit(tuple(paths), is_live)

    async def move(
        self, user_id: UserId, project_id: ProjectId, source: str, target: str
    ) -> HandEdit:
        """Rename a file, or a folder with everything in it; the new paths.

        Raises FileNotInWorkspace, PathTaken, InvalidPath, FileInHand, EditNotMade."""
        checked_path(source)
        checked_kept_path(target)
        async with self._locked(user_id, project_id) as files:
            known = await files.sizes()
            names = {path: target + path[len(source) :] for path in below(known, source)}
            refuse_large(source, sum(known[path] for path in names))
            await files.refuse_in_hand(names)
            for old, new in names.items():
                _refuse_protected(old)
                _refuse_protected(checked_kept_path(new))
                if new in known:
                    raise Conflict(f"{new} exists already; nothing was renamed.")
            before = await files.read(names)
            changes: dict[str, bytes | None] = dict.fromkeys(names)
            changes.update({names[path]: content for path, content in before.items()})
            await files.write(changes)
        is_live = await self._lay(user_id, project_id, changes)
        return HandEdit(tuple(sorted(names.values())), is_live)

    @asynccontextmanager
    async def _locked(
        self, user_id: UserId, project_id: ProjectId
    ) -> AsyncGenerator["_LockedFiles"]:
        """Other writers of the project's files wait until the block ends."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id, lock=True)
            fetch = within(transaction)
            yield _LockedFiles(
                FileContentRepository(fetch), RunEventRepository(fetch), user_id, project_id
            )

    async def _lay(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, bytes | None]
    ) -> bool:
        """Give a live sandbox the same bytes; whether there is one. If that fails, the next `lay_out` does it:
        the durable copy is newer than the sandbox's version."""
        removed = [absolute(path) for path, content in changes.items() if content is None]
        written = {absolute(p): content for p, content in changes.items() if content is not None}
        try:
            async with asyncio.timeout(LAYING_LIMIT_S):
                sandbox = await self._sandboxes.find(user_id, project_id)
                if sandbox is None:
                    return False
                if removed:
                    await sandbox.remove(removed)
                await sandbox.write(written)
        except (SandboxUnavailable, TimeoutError) as error:
            log.info("hand_edit_not_laid", extra={"project_id": project_id, "error": str(error)})
        return True


@dataclass(frozen=True, slots=True)
class _LockedFiles:
    """The durable files of one project inside a transaction."""

    _contents: FileContentRepository
    _events: RunEventRepository
    _user_id: UserId
    _project_id: ProjectId

    async def refuse_in_hand(self, paths: Iterable[str]) -> None:
        """Raises FileInHand for a file that the agent is writing."""
        newest = await self._events.read_newest(
            self._user_id, self._project_id, types=WATCHED_TYPES, limit=LOOKED_AT_EVENTS
        )
        held = files_in_hand((event.type, event.data) for event in newest)
        for path in paths:
            if path in held:
                raise FileInHand(path)

    async def sizes(self) -> dict[str, int]:
        """Bytes of each file that is there."""
        _, known = await self._contents.look(self._user_id, self._project_id)
        return {path: file.size_bytes for path, file in known.items() if file.sha256 is not None}

    async def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        return await self._contents.read_many(self._user_id, self._project_id, paths)

    async def write(self, changes: Mapping[str, bytes | None]) -> int:
        """The workspace's version from then on. Raises PathTaken."""
        check_apart(path for path, content in changes.items() if content is not None)
        taken = await self._contents.find_in_the_way(self._user_id, self._project_id, changes)
        if taken is not None:
            raise PathTaken(*taken)
        written = await self._contents.write(self._user_id, self._project_id, changes)
        return written.version


def below(known: Collection[str], path: str) -> list[str]:
    """The file itself, or every file of the folder. Raises FileNotInWorkspace, BadInput."""
    if path in known:
        return [path]
    found = sorted(one for one in known if one.startswith(f"{path}/"))
    if not found:
        raise FileNotInWorkspace(path)
    if len(found) > MAX_MOVED:
        raise BadInput(f"{path} has more than {MAX_MOVED:,} files; take a smaller folder.")
    return found


def refuse_large(path: str, size_bytes: int) -> None:
    """Raises BadInput: what is renamed goes through memory."""
    if size_bytes > MAX_MOVED_BYTES:
        raise BadInput(
            f"{path} holds more than {MAX_MOVED_BYTES // 1_000_000} MB; rename smaller folders of it."
        )


async def checked_text(path: str, before: bytes | None, content: bytes) -> bytes:
    """The bytes to write, judged as the agent's own are. Raises EditNotMade."""
    _refuse_protected(path)
    try:
        if not is_binary(content):
            content = await asyncio.to_thread(_written, path, before, content)
        refuse_unlocked(path, before, content)
    except (EditRefused, ToolFailed) as error:
        raise EditNotMade(str(error)) from error
    return content


def _written(path: str, before: bytes | None, content: bytes) -> bytes:
    # Loaded late: parsers take memory that a platform without edits does not need.
    from stackwright.tools.editing.engine import written  # noqa: PLC0415

    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content  # an upload in another encoding
    return written(path, before, text)


def _refuse_protected(path: str) -> None:
    try:
        refuse_protected(path)
    except ToolFailed as error:
        raise EditNotMade(str(error)) from error


def _refuse_stale(path: str, before: bytes | None, expected: str | None) -> None:
    """Raises FileStale with what the file says now."""
    now = None if before is None else digest(before)
    if now == expected:
        return
    if expected is None:
        raise Conflict(f"{path} exists already; open it to change it.")
    raise FileStale(path, now, None if before is None or is_binary(before) else readable(before))
