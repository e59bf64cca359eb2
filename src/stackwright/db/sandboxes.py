"""What the project rows say about sandboxes, and which installation this is.

For the sandbox manager, which works for all owners: what is about one project names its owner.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Text, and_, case, cast, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from stackwright.core.ids import ProjectId, SandboxId, UserId, new_id
from stackwright.db.engine import Transaction
from stackwright.db.models import Installation, Project, Run
from stackwright.db.projects import SandboxState

IN_LINE_FOR_S = 10
"""A process that dies while it waits keeps those behind it waiting no longer."""
RESERVED_FOR_S = 120
"""A process that dies while it makes a sandbox keeps its user waiting no longer."""

Owner = tuple[UserId, ProjectId]
_STAMP = cast(Project.sandbox_used_at, Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRecord:
    user_id: UserId
    project_id: ProjectId
    state: SandboxState
    sandbox_id: SandboxId | None
    idle_s: float | None
    stamp: str


class SandboxRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def installation(self) -> str:
        """The name of this installation, given once."""
        await self._transaction.execute(
            insert(Installation).values(id=new_id()).on_conflict_do_nothing()
        )
        found: str | None = await self._transaction.scalar(select(Installation.id))
        assert found is not None
        return found

    async def note(
        self,
        user_id: UserId,
        project_id: ProjectId,
        *,
        state: SandboxState,
        sandbox_id: SandboxId | None,
    ) -> None:
        """Nothing happens when the project is gone."""
        await self._change(
            user_id,
            project_id,
            sandbox_state=state,
            active_sandbox_id=sandbox_id,
            sandbox_used_at=func.clock_timestamp(),
            sandbox_starting_until=None,
        )

    async def reserve(self, user_id: UserId, project_id: ProjectId) -> None:
        until = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, RESERVED_FOR_S)
        await self._change(user_id, project_id, sandbox_starting_until=until)

    async def release(self, user_id: UserId, project_id: ProjectId) -> None:
        await self._change(user_id, project_id, sandbox_starting_until=None)

    async def reserved(self) -> list[Owner]:
        """Owners whose sandbox some process is making."""
        query = select(Project.user_id, Project.id).where(
            Project.sandbox_starting_until.is_not(None),
            Project.sandbox_starting_until > func.clock_timestamp(),
        )
        return [_owner(row) for row in await self._transaction.execute(query)]

    async def wait_in_line(
        self, user_id: UserId, project_id: ProjectId, *, whose: Literal["user", "server"]
    ) -> int:
        now = func.clock_timestamp()
        since = case((Project.sandbox_waits_until > now, Project.sandbox_waits_since), else_=now)
        await self._change(
            user_id,
            project_id,
            sandbox_waits_since=since,
            sandbox_waits_until=now + func.make_interval(0, 0, 0, 0, 0, 0, IN_LINE_FOR_S),
            sandbox_waits_for=whose,
        )
        same_line = Project.sandbox_waits_for == whose
        if whose == "user":
            same_line = and_(same_line, Project.user_id == user_id)
        return await self._count_before(user_id, project_id, same_line)

    async def leave_line(self, user_id: UserId, project_id: ProjectId) -> None:
        await self._change(
            user_id,
            project_id,
            sandbox_waits_since=None,
            sandbox_waits_until=None,
            sandbox_waits_for=None,
        )

    async def ahead(self, user_id: UserId, project_id: ProjectId) -> int:
        server_line = Project.sandbox_waits_for == "server"
        return await self._count_before(user_id, project_id, server_line)

    async def _count_before(self, user_id: UserId, project_id: ProjectId, line: Any) -> int:
        """Others in that line, as far as they came before the project, if it waits."""
        mine = aliased(Project)
        now = func.clock_timestamp()
        since = select(mine.sandbox_waits_since).where(
            mine.user_id == user_id, mine.id == project_id, mine.sandbox_waits_until > now
        )
        query = select(func.count()).where(
            line,
            Project.sandbox_waits_since.is_not(None),
            Project.sandbox_waits_until > now,
            Project.id != project_id,
            Project.sandbox_waits_since <= func.coalesce(since.scalar_subquery(), now),
        )
        return await self._transaction.scalar(query) or 0

    async def touch(self, owners: Collection[Owner]) -> None:
        await self._transaction.execute(
            update(Project)
            .where(tuple_(Project.user_id, Project.id).in_(owners))
            .values(sandbox_used_at=func.clock_timestamp())
        )

    async def with_sandbox(self) -> list[SandboxRecord]:
        """Rows of all projects that have a sandbox, running or paused."""
        query = _records().where(Project.sandbox_state.in_(("running", "paused")))
        return [_record(row) for row in await self._transaction.execute(query)]

    async def find(self, user_id: UserId, project_id: ProjectId) -> SandboxRecord | None:
        query = _records().where(Project.user_id == user_id, Project.id == project_id)
        row = (await self._transaction.execute(query)).one_or_none()
        return None if row is None else _record(row)

    async def correct(
        self, known: SandboxRecord, *, state: SandboxState, sandbox_id: SandboxId | None
    ) -> bool:
        """Change the row if it still says what is known of it."""
        changed = await self._transaction.execute(
            update(Project)
            .where(
                Project.user_id == known.user_id,
                Project.id == known.project_id,
                Project.sandbox_state == known.state,
                Project.active_sandbox_id.is_not_distinct_from(known.sandbox_id),
                func.coalesce(_STAMP, "") == known.stamp,
            )
            .values(sandbox_state=state, active_sandbox_id=sandbox_id)
        )
        return changed.rowcount == 1

    async def set_aside(
        self, user_id: UserId, project_id: ProjectId, *, sandbox_id: SandboxId
    ) -> SandboxId | None:
        """Returns the one that was aside before."""
        owned = select(Project.broken_sandbox_id).where(
            Project.user_id == user_id, Project.id == project_id
        )
        former: str | None = await self._transaction.scalar(owned.with_for_update())
        await self._change(
            user_id,
            project_id,
            broken_sandbox_id=sandbox_id,
            sandbox_broke_at=func.clock_timestamp(),
            is_sandbox_news=True,
        )
        return None if former in (None, sandbox_id) else SandboxId(former)

    async def aside(self) -> list[tuple[Owner, SandboxId, float]]:
        """Sandboxes that were set aside, with their age in seconds."""
        age_s = func.extract("epoch", func.clock_timestamp() - Project.sandbox_broke_at)
        query = select(Project.user_id, Project.id, Project.broken_sandbox_id, age_s).where(
            Project.broken_sandbox_id.is_not(None)
        )
        found = await self._transaction.execute(query)
        return [
            (_owner((user, project)), SandboxId(kept or ""), float(age))
            for user, project, kept, age in found
        ]

    async def forget_aside(
        self, user_id: UserId, project_id: ProjectId, *, sandbox_id: SandboxId
    ) -> None:
        await self._transaction.execute(
            update(Project)
            .where(
                Project.user_id == user_id,
                Project.id == project_id,
                Project.broken_sandbox_id == sandbox_id,
            )
            .values(broken_sandbox_id=None, sandbox_broke_at=None)
        )

    async def take_news(self, user_id: UserId, project_id: ProjectId) -> bool:
        taken = await self._transaction.execute(
            update(Project)
            .where(Project.user_id == user_id, Project.id == project_id, Project.is_sandbox_news)
            .values(is_sandbox_news=False)
        )
        return taken.rowcount == 1

    async def existing(self, owners: Collection[Owner]) -> list[Owner]:
        """The projects among these that exist, also deleted ones that can be brought back."""
        query = select(Project.user_id, Project.id).where(
            tuple_(Project.user_id, Project.id).in_(owners)
        )
        return [_owner(row) for row in await self._transaction.execute(query)]

    async def has_run(self, user_id: UserId, project_id: ProjectId) -> bool:
        """Whether a run of the project is in progress, in any process."""
        query = select(literal(1)).where(
            Run.project_id == project_id, Run.user_id == user_id, Run.status == "running"
        )
        return (await self._transaction.execute(query.limit(1))).first() is not None

    async def _change(self, user_id: UserId, project_id: ProjectId, **values: Any) -> None:
        await self._transaction.execute(
            update(Project)
            .where(Project.user_id == user_id, Project.id == project_id)
            .values(**values)
        )


def _records() -> Any:
    idle_s = func.extract("epoch", func.clock_timestamp() - Project.sandbox_used_at)
    return select(
        Project.user_id,
        Project.id.label("project_id"),
        Project.sandbox_state.label("state"),
        Project.active_sandbox_id.label("sandbox_id"),
        idle_s.label("idle_s"),
        func.coalesce(_STAMP, "").label("stamp"),
    )


def _record(row: Any) -> SandboxRecord:
    values = dict(row._mapping)
    idle_s = values.pop("idle_s")
    return SandboxRecord(**values, idle_s=None if idle_s is None else float(idle_s))


def _owner(row: Any) -> Owner:
    user_id, project_id = row
    return (UserId(user_id), ProjectId(project_id))
