"""Hidden projects that hold the files of an old version of another project, to run them."""

from sqlalchemy import ColumnElement, func, insert, select, update

from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Transaction
from stackwright.db.models import Project
from stackwright.db.projects import new_label


class VersionPreviewRepository:
    """Finds nothing of another user's project. Whoever opens one holds the lock of its project."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def reopen(
        self, user_id: UserId, project_id: ProjectId, version: int
    ) -> ProjectId | None:
        """The preview that is still there, also one closed some minutes ago. None: there is none."""
        same = _of(user_id, project_id, version)
        values = {"deleted_at": None, "updated_at": func.now()}
        query = update(Project).where(*same).values(**values).returning(Project.id)
        found = await self._transaction.scalar(query)
        return None if found is None else ProjectId(found)

    async def add(
        self, user_id: UserId, project_id: ProjectId, version: int, *, name: str
    ) -> ProjectId:
        """A preview without files."""
        made = ProjectId(new_id())
        values = {
            "id": made,
            "user_id": user_id,
            "name": name,
            "thread_id": new_id(),
            "preview_label": new_label(),
            "preview_of": project_id,
            "preview_version": version,
        }
        await self._transaction.execute(insert(Project).values(**values))
        return made

    async def find(self, user_id: UserId, project_id: ProjectId, version: int) -> ProjectId | None:
        """The preview, if it is open."""
        same = _of(user_id, project_id, version)
        query = select(Project.id).where(*same, Project.deleted_at.is_(None))
        found = await self._transaction.scalar(query)
        return None if found is None else ProjectId(found)


def _of(user_id: UserId, project_id: ProjectId, version: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Project.user_id == user_id,
        Project.preview_of == project_id,
        Project.preview_version == version,
    )
