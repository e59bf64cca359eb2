"""The conversation as people read it: what was asked, what was answered, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Text, func, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.attachments import Attachment
from stackwright.core.errors import ProjectNotFound
from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.engine import Transaction
from stackwright.db.models import Message, Project
from stackwright.db.run_records import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    id: str
    number: int
    run_id: RunId
    role: Literal["user", "assistant"]
    content: str
    tool_calls: tuple[dict[str, Any], ...]
    status: str | None
    """How the run of an assistant's message ended; None for a person's message."""
    attachments: tuple[Attachment, ...] = ()
    """What came with a person's message."""
    created_at: datetime


class MessageRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        role: Literal["user", "assistant"],
        content: str,
        tool_calls: list[dict[str, Any]] | None = None,
        status: str | None = None,
        message_id: str | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> str:
        """The new message's id. Raises ProjectNotFound for another user's project."""
        owned = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        if await self._transaction.scalar(owned) is None:
            raise ProjectNotFound(project_id)
        message_id = message_id or new_id()
        await self._transaction.execute(
            insert(Message).values(
                id=message_id,
                project_id=project_id,
                run_id=run_id,
                role=role,
                content=content,
                tool_calls=tool_calls or [],
                status=status,
                attachments=[one.model_dump() for one in attachments],
            )
        )
        return message_id

    async def move(
        self, user_id: UserId, project_id: ProjectId, message_id: str, run_id: RunId
    ) -> None:
        """Give a message to another run of its project."""
        owned = select(Project.id).where(Project.id == project_id, Project.user_id == user_id)
        await self._transaction.execute(
            update(Message)
            .where(Message.id == message_id, Message.project_id.in_(owned))
            .values(run_id=run_id)
        )

    async def list_said(self, user_id: UserId, project_id: ProjectId, run_id: RunId) -> list[str]:
        """What the person said in one run, in order: message, answers, steering."""
        query = (
            select(Message.content)
            .join(Project, Project.id == Message.project_id)
            .where(
                Project.id == project_id,
                Project.user_id == user_id,
                Message.run_id == run_id,
                Message.role == "user",
            )
        )
        return list(await self._transaction.scalars(query.order_by(Message.number)))

    async def list_attached(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId
    ) -> list[tuple[str, tuple[Attachment, ...]]]:
        """Text and attachments of each message of a run that has some, in order."""
        query = (
            select(Message.content, Message.attachments)
            .join(Project, Project.id == Message.project_id)
            .where(
                Project.id == project_id,
                Project.user_id == user_id,
                Message.run_id == run_id,
                cast_to(Message.attachments, Text) != "[]",
            )
        )
        rows = await self._transaction.execute(query.order_by(Message.number))
        return [(row.content, _attachments(row.attachments)) for row in rows]

    async def edit_asked(self, run: RunRecord, content: str) -> str:
        """Change the message of a run that has no worker yet. Returns the message's id."""
        changed = await self._transaction.execute(
            update(Message)
            .where(
                Message.run_id == run.id,
                Message.project_id == run.project_id,
                Message.role == "user",
            )
            .values(content=content)
            .returning(Message.id)
        )
        return changed.scalar_one()

    async def reorder_asked(self, runs: Sequence[RunRecord]) -> None:
        """Put the messages of runs that have no worker yet into this order, in the places that they take
        up together. The caller has the runs locked."""
        mine = Message.run_id.in_([run.id for run in runs]), Message.role == "user"
        known = await self._transaction.execute(select(Message.number, Message.run_id).where(*mine))
        numbers = sorted(row.number for row in known)
        # In two steps, because two messages never have the same number.
        await self._transaction.execute(update(Message).where(*mine).values(number=-Message.number))
        for number, run in zip(numbers, runs, strict=True):
            asked = Message.run_id == run.id, Message.project_id == run.project_id
            await self._transaction.execute(
                update(Message).where(*asked, Message.role == "user").values(number=number)
            )

    async def list_of(
        self, user_id: UserId, project_id: ProjectId, *, limit: int, before: int | None = None
    ) -> list[MessageRecord]:
        """The newest `limit` messages in reading order; `before` is the number of the first one seen."""
        query = (
            select(
                Message.id,
                Message.number,
                Message.run_id,
                Message.role,
                Message.content,
                Message.tool_calls,
                Message.status,
                Message.attachments,
                Message.created_at,
            )
            .join(Project, Project.id == Message.project_id)
            .where(Message.project_id == project_id, Project.user_id == user_id)
        )
        if before is not None:
            query = query.where(Message.number < before)
        rows = await self._transaction.execute(query.order_by(Message.number.desc()).limit(limit))
        return [_record(row) for row in reversed(rows.all())]

    async def count(self, user_id: UserId, project_id: ProjectId) -> int:
        query = (
            select(func.count())
            .select_from(Message)
            .join(Project, Project.id == Message.project_id)
            .where(Message.project_id == project_id, Project.user_id == user_id)
        )
        return (await self._transaction.scalar(query)) or 0


def _record(row: Any) -> MessageRecord:
    return MessageRecord(
        id=row.id,
        number=row.number,
        run_id=row.run_id,
        role=row.role,
        content=row.content,
        tool_calls=tuple(cast("list[dict[str, Any]]", row.tool_calls)),
        status=row.status,
        attachments=_attachments(row.attachments),
        created_at=row.created_at,
    )


def _attachments(stored: list[Any]) -> tuple[Attachment, ...]:
    return tuple(Attachment.model_validate(one) for one in stored)
