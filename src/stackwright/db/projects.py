"""Projects, always through their owner."""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import ProjectNotFound
from stackwright.core.ids import ProjectId, SandboxId, UserId, new_id
from stackwright.db.engine import Transaction
from stackwright.db.models import Project, Run

SandboxState = Literal["running", "paused", "killed", "none"]
_LABEL_BYTES = 16
KILLED_SOON = timedelta(days=365)
"""So long ago the sandbox of a removed project is said to have broken: the next cleaning ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord:
    id: ProjectId
    user_id: UserId
    name: str
    thread_id: str
    preview_label: str
    status: Literal["active", "paused", "ended"]
    sandbox_state: SandboxState
    active_sandbox_id: SandboxId | None
    files_version: int
    created_at: datetime
    updated_at: datetime
    model: str | None = None
    max_usd: float | None = None
    max_tokens: int | None = None


_COLUMNS = (
    Project.id,
    Project.user_id,
    Project.name,
    Project.thread_id,
    Project.preview_label,
    Project.status,
    Project.sandbox_state,
    Project.active_sandbox_id,
    Project.files_version,
    Project.created_at,
    Project.updated_at,
    Project.model,
    Project.max_usd,
    Project.max_tokens,
)


_KEPT = Project.deleted_at.is_(None)
_PREVIEWED_FOR = timedelta(days=1)
"""How long the preview of a version is kept that nobody closed."""


class ProjectRepository:
    """For another user's project every method raises ProjectNotFound, as for a missing one."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get_owned(
        self, project_id: ProjectId, user_id: UserId, *, lock: bool = False
    ) -> ProjectRecord:
        """`lock` keeps other writers of this project waiting until the transaction ends."""
        query = select(*_COLUMNS).where(Project.id == project_id, Project.user_id == user_id, _KEPT)
        found = await self._transaction.execute(
            query.with_for_update(key_share=True) if lock else query
        )
        row = found.one_or_none()
        if row is None:
            raise ProjectNotFound(project_id)
        return _record(row)

    async def ensure(
        self, project_id: ProjectId, user_id: UserId, *, name: str, model: str | None = None
    ) -> ProjectRecord:
        """The project, created if unseen and locked until the transaction ends. One that was hidden is
        removed for good: its id is used for a new one, which never gets the sandbox of the old."""
        removed = await self._transaction.execute(
            delete(Project)
            .where(
                Project.id == project_id,
                Project.user_id == user_id,
                Project.deleted_at.is_not(None),
            )
            .returning(Project.active_sandbox_id)
        )
        left = removed.scalar_one_or_none()
        new = insert(Project).values(
            id=project_id,
            user_id=user_id,
            name=name,
            model=model,
            thread_id=new_id(),
            preview_label=new_label(),
            broken_sandbox_id=left,
            sandbox_broke_at=None if left is None else func.now() - KILLED_SOON,
        )
        await self._transaction.execute(new.on_conflict_do_nothing(index_elements=[Project.id]))
        return await self.get_owned(project_id, user_id, lock=True)

    async def list_of(
        self,
        user_id: UserId,
        *,
        limit: int,
        before: tuple[datetime, ProjectId] | None = None,
        words: Sequence[str] = (),
    ) -> list[ProjectRecord]:
        """Newest first, those whose names have all the words; `before` is the (updated_at, id) of the
        last one seen."""
        query = select(*_COLUMNS).where(
            Project.user_id == user_id, _KEPT, Project.preview_of.is_(None)
        )
        for word in words:
            query = query.where(Project.name.icontains(word, autoescape=True))
        if before is not None:
            query = query.where(tuple_(Project.updated_at, Project.id) < before)
        order = (Project.updated_at.desc(), Project.id.desc())
        rows = await self._transaction.execute(query.order_by(*order).limit(limit))
        return [_record(row) for row in rows]

    async def change(self, project_id: ProjectId, user_id: UserId, **values: Any) -> None:
        """Change name, model or limits."""
        await self._change(project_id, user_id, **values)

    async def name_once(
        self, project_id: ProjectId, user_id: UserId, *, name: str, instead_of: Callable[[str], str]
    ) -> None:
        """Give the project a name if it still has the one that was made of its first message."""
        query = select(Run.input).where(Run.project_id == project_id, Run.user_id == user_id)
        first = await self._transaction.scalar(query.order_by(Run.number).limit(1))
        if first is None:
            return
        same = Project.id == project_id, Project.user_id == user_id
        unnamed = update(Project).where(*same, Project.name == instead_of(first))
        await self._transaction.execute(unnamed.values(name=name))

    async def touch(self, project_id: ProjectId, user_id: UserId) -> None:
        """Move the project to the top of its owner's list."""
        await self._change(project_id, user_id, updated_at=func.now())

    async def hide(self, project_id: ProjectId, user_id: UserId) -> None:
        """Hide the project from everything but `unhide`."""
        await self._change(project_id, user_id, deleted_at=func.now())

    async def unhide(self, project_id: ProjectId, user_id: UserId) -> None:
        """Raises ProjectNotFound when it was not hidden, or was removed meanwhile."""
        found = await self._transaction.execute(
            update(Project)
            .where(
                Project.id == project_id,
                Project.user_id == user_id,
                Project.deleted_at.is_not(None),
            )
            .values(deleted_at=None)
        )
        if found.rowcount == 0:
            raise ProjectNotFound(project_id)

    async def remove_hidden(self, *, older_than: timedelta) -> list[ProjectRecord]:
        """Remove what was hidden for so long, of all users, with everything that hangs on it; previews of
        versions, too, that nobody opened since yesterday."""
        is_hidden = Project.deleted_at < func.now() - older_than
        is_left = Project.preview_of.is_not(None) & (
            Project.updated_at < func.now() - _PREVIEWED_FOR
        )
        removed = await self._transaction.execute(
            delete(Project).where(or_(is_hidden, is_left)).returning(*_COLUMNS)
        )
        return [_record(row) for row in removed]

    async def find_owner(self, project_id: ProjectId) -> UserId | None:
        """For a platform without accounts, where a project is named by its id alone."""
        query = select(Project.user_id).where(Project.id == project_id, _KEPT)
        owner = await self._transaction.scalar(query)
        return None if owner is None else UserId(owner)

    async def find_by_preview_label(self, label: str) -> ProjectRecord | None:
        """Asks for no owner: the label is unguessable, and everybody with the address may see the preview."""
        query = select(*_COLUMNS).where(Project.preview_label == label, _KEPT)
        row = (await self._transaction.execute(query)).one_or_none()
        return None if row is None else _record(row)

    async def _change(self, project_id: ProjectId, user_id: UserId, **values: Any) -> None:
        changed = await self._transaction.execute(
            update(Project)
            .where(Project.id == project_id, Project.user_id == user_id)
            .values(**values)
        )
        if changed.rowcount == 0:
            raise ProjectNotFound(project_id)


def _record(row: Any) -> ProjectRecord:
    return ProjectRecord(**row._mapping)


def new_label() -> str:
    """An unguessable host name label for the previews of a project."""
    return base64.b32encode(secrets.token_bytes(_LABEL_BYTES)).decode().rstrip("=").lower()
