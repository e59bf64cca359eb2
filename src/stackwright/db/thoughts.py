"""What the agent wrote down about a project. The newest note counts; a few older ones are kept to look at."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Transaction
from stackwright.db.models import Project, ProjectThought

NOTE = "note"
KEPT_NOTES = 20


class ThoughtRepository:
    """The caller has seen that the project is the user's; statements that read ask again."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find_note(self, user_id: UserId, project_id: ProjectId) -> str:
        """The newest; empty when there is none."""
        query = (
            select(ProjectThought.content)
            .join(Project, Project.id == ProjectThought.project_id)
            .where(Project.id == project_id, Project.user_id == user_id)
            .where(ProjectThought.kind == NOTE)
            .order_by(ProjectThought.id.desc())
            .limit(1)
        )
        return await self._transaction.scalar(query) or ""

    async def add_note(self, user_id: UserId, project_id: ProjectId, text: str) -> None:
        """Does nothing when the project is gone: then nobody will read it."""
        owned = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        if await self._transaction.scalar(owned.with_for_update(read=True, key_share=True)) is None:
            return
        note = insert(ProjectThought).values(
            id=new_id(), project_id=project_id, kind=NOTE, content=text
        )
        await self._transaction.execute(note)
        notes = (ProjectThought.project_id == project_id, ProjectThought.kind == NOTE)
        newest = select(ProjectThought.id).where(*notes).order_by(ProjectThought.id.desc())
        old = ProjectThought.id.not_in(newest.limit(KEPT_NOTES))
        await self._transaction.execute(delete(ProjectThought).where(*notes, old))
