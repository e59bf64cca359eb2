"""The newest plan of a project: proposed by a run, corrected and approved by the person."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.ids import ProjectId, UserId
from stackwright.core.plans import StoredPlan
from stackwright.db.engine import Transaction
from stackwright.db.models import Project, ProjectPlan


class PlanRepository:
    """The caller has locked the project; statements that read ask for its owner again."""

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

    async def save(self, project_id: ProjectId, plan: StoredPlan) -> None:
        stored = plan.model_dump(mode="json")
        await self._transaction.execute(
            insert(ProjectPlan)
            .values(project_id=project_id, plan=stored)
            .on_conflict_do_update(index_elements=["project_id"], set_={"plan": stored})
        )
