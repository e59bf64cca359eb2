"""What people ask of their projects: list, look, rename, delete, read and download the files."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from stackwright.core.errors import InvalidId
from stackwright.core.ids import ProjectId, UserId, is_sane_id, new_id
from stackwright.core.wishes import WishList
from stackwright.db.engine import Database, within
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.files import FileRepository
from stackwright.db.last_proofs import LastProof, LastProofRepository
from stackwright.db.projects import ProjectRecord, ProjectRepository
from stackwright.db.purses import PurseRepository
from stackwright.db.users import UserRecord, UserRepository
from stackwright.db.wishes import WishRepository
from stackwright.projects.archive import zipped
from stackwright.projects.paths import checked_path
from stackwright.tools.base import WorkspaceFile

MAX_SEARCHED_WORDS = 8
UNDO_LIMIT = timedelta(minutes=10)
"""How long a deleted project can be brought back."""
LIMITS = frozenset({"max_usd", "max_tokens"})


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Newest first. `next` goes into the following call's `before`; None: this was the last page."""

    projects: Sequence[ProjectRecord]
    next: tuple[datetime, ProjectId] | None
    proofs: Mapping[str, LastProof] = field(default_factory=dict[str, LastProof])
    """What the last proof of each said, by project."""
    working: frozenset[str] = frozenset()
    """Projects that have a run which has not ended."""


class ProjectService:
    """Another user's project is told like one that does not exist: ProjectNotFound."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_user(self, user_id: UserId) -> UserRecord:
        """Raises UserNotFound."""
        async with self._database.transaction() as transaction:
            return await UserRepository(transaction).get(user_id)

    async def list_of(
        self,
        user_id: UserId,
        *,
        limit: int = 50,
        before: tuple[datetime, ProjectId] | None = None,
        search: str = "",
    ) -> ProjectPage:
        """Projects whose names have all words of `search`. Raises UserNotFound."""
        async with self._database.transaction() as transaction:
            await UserRepository(transaction).get(user_id)
            found = await ProjectRepository(transaction).list_of(
                user_id, limit=limit + 1, before=before, words=search.split()[:MAX_SEARCHED_WORDS]
            )
            page = found[:limit]
            rows, ids = LastProofRepository(within(transaction)), [project.id for project in page]
            proofs = await rows.of_projects(user_id, ids)
            working = await rows.working(user_id, ids)
        last = page[-1] if len(found) > limit else None
        following = None if last is None else (last.updated_at, last.id)
        return ProjectPage(page, following, proofs, working)

    async def get(self, user_id: UserId, project_id: ProjectId) -> ProjectRecord:
        async with self._database.transaction() as transaction:
            return await ProjectRepository(transaction).get_owned(project_id, user_id)

    async def create(self, user_id: UserId, project_id: ProjectId, *, name: str) -> ProjectRecord:
        """The project, made if unseen; its user too. Raises InvalidId."""
        if not is_sane_id(user_id):
            raise InvalidId("user", user_id)
        if not is_sane_id(project_id):
            raise InvalidId("project", project_id)
        async with self._database.transaction() as transaction:
            await UserRepository(transaction).ensure(user_id)
            return await ProjectRepository(transaction).ensure(project_id, user_id, name=name)

    async def change(
        self, user_id: UserId, project_id: ProjectId, changes: Mapping[str, Any]
    ) -> ProjectRecord:
        """Change name, model or limits, which are checked. A limit that is set anew is as it says, however
        often it was raised before."""
        async with self._database.transaction() as transaction:
            projects = ProjectRepository(transaction)
            await projects.change(project_id, user_id, **changes)
            if not LIMITS.isdisjoint(changes):
                purses = PurseRepository(within(transaction))
                await purses.forget_raised(user_id, f"project:{project_id}")
            return await projects.get_owned(project_id, user_id)

    async def delete(self, user_id: UserId, project_id: ProjectId) -> ProjectRecord:
        """Nobody finds the project any more; `undelete` brings it back within UNDO_LIMIT. Returns what
        it was: the caller must end its sandbox."""
        async with self._database.transaction() as transaction:
            projects = ProjectRepository(transaction)
            project = await projects.get_owned(project_id, user_id, lock=True)
            await projects.hide(project_id, user_id)
        return project

    async def undelete(self, user_id: UserId, project_id: ProjectId) -> ProjectRecord:
        """Raises ProjectNotFound when it is too late."""
        async with self._database.transaction() as transaction:
            projects = ProjectRepository(transaction)
            await projects.unhide(project_id, user_id)
            return await projects.get_owned(project_id, user_id)

    async def remove_deleted(self) -> Sequence[ProjectRecord]:
        """Remove what was deleted too long ago to be brought back. The caller must forget their threads."""
        async with self._database.transaction() as transaction:
            return await ProjectRepository(transaction).remove_hidden(older_than=UNDO_LIMIT)

    async def duplicate(
        self, user_id: UserId, project_id: ProjectId, *, name: str
    ) -> ProjectRecord:
        """A new project with the same files and wishes. It has no conversation and no versions, and its
        wishes are to be proven anew."""
        copy_id = ProjectId(new_id())
        async with self._database.transaction() as transaction:
            projects = ProjectRepository(transaction)
            source = await projects.get_owned(project_id, user_id)
            await projects.ensure(copy_id, user_id, name=name, model=source.model)
            limits = {"max_usd": source.max_usd, "max_tokens": source.max_tokens}
            await projects.change(copy_id, user_id, **limits)
            files = FileContentRepository(within(transaction))
            await files.copy(user_id, project_id, copy_id)
            wishes = WishRepository(transaction)
            known = await wishes.find(user_id, project_id)
            await wishes.lock(user_id, copy_id)
            await wishes.save(user_id, copy_id, unproven(known))
            return await projects.get_owned(copy_id, user_id)

    async def find_owner(self, project_id: ProjectId) -> UserId | None:
        async with self._database.transaction() as transaction:
            return await ProjectRepository(transaction).find_owner(project_id)

    async def find_by_preview_label(self, label: str) -> ProjectRecord | None:
        async with self._database.transaction() as transaction:
            return await ProjectRepository(transaction).find_by_preview_label(label)

    async def list_files(self, user_id: UserId, project_id: ProjectId) -> Sequence[WorkspaceFile]:
        """Files in order of path."""
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            files = await FileRepository(transaction).list_of(user_id, project_id)
        return [
            WorkspaceFile(file.path, file.sha256, file.size_bytes, file.version)
            for file in files.values()
            if file.sha256 is not None
        ]

    async def read_file(self, user_id: UserId, project_id: ProjectId, path: str) -> bytes:
        """Raises InvalidPath, FileNotInWorkspace."""
        checked_path(path)
        async with self._database.transaction() as transaction:
            await ProjectRepository(transaction).get_owned(project_id, user_id)
            contents = FileContentRepository(within(transaction))
            return await contents.read(user_id, project_id, path)

    async def download(self, user_id: UserId, project_id: ProjectId) -> AsyncGenerator[bytes, None]:
        """All files as a zip archive, in pieces. A file that changes meanwhile is as it is when its turn comes."""
        files = await self.list_files(user_id, project_id)
        contents = FileContentRepository(self._database.fetch)
        read = partial(contents.read_many, user_id, project_id)
        return zipped({file.path: file.size_bytes for file in files}, read)


def unproven(known: WishList) -> WishList:
    """The same wishes, reset as if nobody had built or seen them."""
    fresh = {"state": "open", "reason": "", "run_id": "", "is_pinned": False, "broken_by": ""}
    left_out = {"is_taken_over": False, "is_expectation_changed": False}
    wishes = [
        wish.model_copy(update={**left_out, **({} if wish.state == "not_built" else fresh)})
        for wish in known.wishes
    ]
    return known.model_copy(update={"wishes": tuple(wishes), "not_understood": ()})
