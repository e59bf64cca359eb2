"""The newest plan of a project: proposed by a run, corrected and approved by the person."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import ProjectId, UserId
from stackwright.core.plans import StoredPlan
from stackwright.db.engine import Transaction
from stackwright.db.models import Project, ProjectPlan
from stackwright.db.projects import ProjectRepository


class PlanRepository:
    """The caller has locked the project; each statement asks for its owner again."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, user_id: UserId, project_id: ProjectId) -> dict[str, Any] | None:
        """As `save` stored it."""
        query = (
            select(ProjectPlan.plan)
            .join(Project, Project.id == ProjectPlan.project_id)
            .where(Project.id == project_id, Project.user_id == user_id)
        )
        return await self._transaction.scalar(query)

    async def save(self, user_id: UserId, project_id: ProjectId, plan: StoredPlan) -> None:
        """Raises ProjectNotFound."""
        await ProjectRepository(self._transaction).get_owned(project_id, user_id)
        stored = plan.model_dump(mode="json")
        await self._transaction.execute(
            insert(ProjectPlan)
            .values(project_id=project_id, plan=stored)
            .on_conflict_do_update(index_elements=["project_id"], set_={"plan": stored})
        )
