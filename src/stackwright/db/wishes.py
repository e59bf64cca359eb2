"""A project's wishes, and what is known of its witnesses."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import ProjectNotFound
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.wishes import WishList, WitnessBelief
from stackwright.db.engine import Transaction
from stackwright.db.models import Project, ProjectWishes, WitnessBeliefRow

MAX_BELIEFS = 2000


class WishRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, user_id: UserId, project_id: ProjectId) -> WishList:
        """An empty list for a project without wishes, and for a stranger."""
        query = (
            select(ProjectWishes.wishes)
            .join(Project, Project.id == ProjectWishes.project_id)
            .where(Project.id == project_id, Project.user_id == user_id)
        )
        stored = await self._transaction.scalar(query)
        return WishList() if stored is None else WishList.model_validate(stored)

    async def lock(self, user_id: UserId, project_id: ProjectId) -> WishList:
        """Find the list, and lock out other writers until the transaction ends. Raises ProjectNotFound."""
        await self._lock_project(user_id, project_id)
        return await self.find(user_id, project_id)

    async def save(self, user_id: UserId, project_id: ProjectId, wishes: WishList) -> None:
        """The caller has locked them. Raises ProjectNotFound."""
        await self._lock_project(user_id, project_id)
        stored = wishes.model_dump(mode="json")
        await self._transaction.execute(
            insert(ProjectWishes)
            .values(project_id=project_id, wishes=stored)
            .on_conflict_do_update(index_elements=["project_id"], set_={"wishes": stored})
        )

    async def beliefs(self, user_id: UserId, project_id: ProjectId) -> dict[str, WitnessBelief]:
        """What is believed of witnesses, by their hash."""
        query = (
            select(WitnessBeliefRow.sha256, WitnessBeliefRow.is_believed, WitnessBeliefRow.reason)
            .join(Project, Project.id == WitnessBeliefRow.project_id)
            .where(Project.id == project_id, Project.user_id == user_id)
            .limit(MAX_BELIEFS)
        )
        rows = await self._transaction.execute(query)
        return {
            sha256: WitnessBelief(sha256=sha256, is_believed=is_believed, reason=reason)
            for sha256, is_believed, reason in rows
        }

    async def believe(self, user_id: UserId, project_id: ProjectId, belief: WitnessBelief) -> None:
        """Raises ProjectNotFound."""
        await self._lock_project(user_id, project_id)
        values = belief.model_dump()
        await self._transaction.execute(
            insert(WitnessBeliefRow)
            .values(project_id=project_id, **values)
            .on_conflict_do_update(index_elements=["project_id", "sha256"], set_=values)
        )

    async def forget_beliefs(self, user_id: UserId, project_id: ProjectId) -> None:
        """Every witness is tried anew under faults. Raises ProjectNotFound."""
        await self._lock_project(user_id, project_id)
        await self._transaction.execute(
            delete(WitnessBeliefRow).where(WitnessBeliefRow.project_id == project_id)
        )

    async def _lock_project(self, user_id: UserId, project_id: ProjectId) -> None:
        owned = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        if await self._transaction.scalar(owned.with_for_update(key_share=True)) is None:
            raise ProjectNotFound(project_id)
