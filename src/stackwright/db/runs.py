"""Runs: one user message being worked on, from accepted to exactly one ending.

Readers come with a user id. Workers come with a `Lease`, which names the user and is checked in
each statement; only `lock_for_claim` trusts a bare run id, because it came from the queue.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import RunNotFound
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import Run
from stackwright.db.notifications import CONTROL_CHANNEL
from stackwright.db.run_records import Lease, LeaseLost, RunKind, RunRecord, RunStatus, RunStopped

LIVE = ("running", "waiting_input", "queued")

_COLUMNS = (
    Run.id,
    Run.project_id,
    Run.user_id,
    Run.number,
    Run.kind,
    Run.status,
    Run.input,
    Run.model,
    Run.answer,
    Run.interrupt,
    Run.attempts,
    Run.model_calls,
    Run.spent_usd,
    Run.spent_tokens,
    Run.repair_usd,
    Run.repair_tokens,
    Run.cancel_cause,
    Run.last_seq,
    Run.usage,
    Run.cost_usd,
    Run.error,
    Run.report,
    Run.created_at,
    Run.started_at,
    Run.ended_at,
)


class RunRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        message: str,
        kind: RunKind = "chat",
        model: str | None = None,
    ) -> None:
        """A queued run with the project's next number."""
        newest = select(func.max(Run.number)).where(Run.project_id == project_id).scalar_subquery()
        new = insert(Run).values(
            id=run_id,
            user_id=user_id,
            project_id=project_id,
            number=func.coalesce(newest, 0) + 1,
            input=message,
            kind=kind,
            model=model,
        )
        free = new.on_conflict_do_nothing(index_elements=[Run.project_id, Run.number])
        # A concurrent transaction may take the number first; the next statement sees that.
        while (await self._transaction.execute(free.returning(Run.id))).first() is None:
            pass

    async def get_owned(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, lock: bool = False
    ) -> RunRecord:
        """Raises RunNotFound."""
        query = select(*_COLUMNS).where(
            Run.id == run_id, Run.project_id == project_id, Run.user_id == user_id
        )
        row = (
            await self._transaction.execute(query.with_for_update() if lock else query)
        ).one_or_none()
        if row is None:
            raise RunNotFound(run_id)
        return _record(row)

    async def list_of(
        self, user_id: UserId, project_id: ProjectId, *, limit: int, before: int | None = None
    ) -> list[RunRecord]:
        """Newest first; `before` is the number of the last one seen."""
        query = select(*_COLUMNS).where(Run.project_id == project_id, Run.user_id == user_id)
        if before is not None:
            query = query.where(Run.number < before)
        rows = await self._transaction.execute(query.order_by(Run.number.desc()).limit(limit))
        return [_record(row) for row in rows]

    async def find_current(self, user_id: UserId, project_id: ProjectId) -> RunRecord | None:
        """The running run, else the one that waits for the person, else the first in the queue."""
        rank = case({"running": 0, "waiting_input": 1, "queued": 2}, value=Run.status)
        query = select(*_COLUMNS).where(
            Run.project_id == project_id, Run.user_id == user_id, Run.status.in_(LIVE)
        )
        row = (await self._transaction.execute(query.order_by(rank, Run.number).limit(1))).first()
        return None if row is None else _record(row)

    async def find_next(
        self, user_id: UserId, project_id: ProjectId, number: int
    ) -> RunRecord | None:
        """The first run after the one with this number, ended or not."""
        query = select(*_COLUMNS).where(
            Run.project_id == project_id, Run.user_id == user_id, Run.number > number
        )
        row = (await self._transaction.execute(query.order_by(Run.number).limit(1))).first()
        return None if row is None else _record(row)

    async def count_by_status(self, user_id: UserId, project_id: ProjectId) -> dict[str, int]:
        query = select(Run.status, func.count().label("runs")).where(
            Run.project_id == project_id, Run.user_id == user_id
        )
        rows = await self._transaction.execute(query.group_by(Run.status))
        return {row.status: row.runs for row in rows}

    async def find_last_report(self, user_id: UserId, project_id: ProjectId) -> RunRecord | None:
        """The newest run that has a verification report."""
        query = select(*_COLUMNS).where(
            Run.project_id == project_id,
            Run.user_id == user_id,
            Run.ended_at.is_not(None),
            Run.report.is_not(None),
        )
        row = (await self._transaction.execute(query.order_by(Run.number.desc()).limit(1))).first()
        return None if row is None else _record(row)

    async def list_unbegun(
        self, user_id: UserId, project_id: ProjectId, *, lock: bool = False
    ) -> list[RunRecord]:
        """Queued runs that no worker ever had, in the order in which they will be worked on."""
        query = (
            select(*_COLUMNS)
            .where(
                Run.project_id == project_id,
                Run.user_id == user_id,
                Run.status == "queued",
                Run.started_at.is_(None),
            )
            .order_by(Run.number)
        )
        rows = await self._transaction.execute(query.with_for_update() if lock else query)
        return [_record(row) for row in rows]

    async def edit_input(self, run: RunRecord, message: str, kind: RunKind) -> None:
        """The caller has locked the run and checked that it has no worker yet."""
        await self._transaction.execute(
            update(Run)
            .where(Run.id == run.id, Run.user_id == run.user_id)
            .values(input=message, kind=kind)
        )

    async def renumber(self, user_id: UserId, numbers: Mapping[RunId, int]) -> None:
        """Give runs new places in their project; the caller has locked them."""
        # In two steps, because two runs of a project never have the same number.
        for sign in (-1, 1):
            for run_id, number in numbers.items():
                await self._transaction.execute(
                    update(Run)
                    .where(Run.id == run_id, Run.user_id == user_id)
                    .values(number=sign * number)
                )

    async def answer(self, user_id: UserId, run_id: RunId, answer: dict[str, Any]) -> None:
        """Put a run that waited for the person back into the queue. The question stays: it says what the
        answer is to."""
        await self._transaction.execute(
            update(Run)
            .where(Run.id == run_id, Run.user_id == user_id, Run.status == "waiting_input")
            .values(answer=answer, status="queued")
        )

    async def close_waiting(self, user_id: UserId, run_id: RunId, *, cause: str) -> None:
        """Put a run that waits for the person back into the queue, for a worker to end it."""
        await self._transaction.execute(
            update(Run)
            .where(Run.id == run_id, Run.user_id == user_id, Run.status == "waiting_input")
            .values(cancel_cause=cause, status="queued")
        )

    async def request_cancel(self, user_id: UserId, run_id: RunId, *, cause: str) -> None:
        """Ask the worker of a run, or the next one, to end it. The first cause stays."""
        await self._transaction.execute(
            update(Run)
            .where(Run.id == run_id, Run.user_id == user_id)
            .values(cancel_cause=func.coalesce(Run.cancel_cause, cause))
            .returning(func.pg_notify(CONTROL_CHANNEL, Run.id))
        )

    async def end_unclaimed(
        self, user_id: UserId, run_id: RunId, *, status: RunStatus, **values: Any
    ) -> None:
        """End a run no worker holds; the caller has locked it and writes its terminal event."""
        await self._transaction.execute(
            update(Run)
            .where(Run.id == run_id, Run.user_id == user_id)
            .values(status=status, ended_at=func.now(), lease_token=None, **values)
        )

    async def lock_for_claim(self, run_id: RunId) -> RunRecord | None:
        query = select(*_COLUMNS).where(Run.id == run_id).with_for_update()
        row = (await self._transaction.execute(query)).one_or_none()
        return None if row is None else _record(row)

    async def list_waiting(self, user_id: UserId, project_id: ProjectId) -> list[RunRecord]:
        """Runs that wait for the person, locked."""
        query = select(*_COLUMNS).where(
            Run.project_id == project_id, Run.user_id == user_id, Run.status == "waiting_input"
        )
        rows = await self._transaction.execute(query.order_by(Run.number).with_for_update())
        return [_record(row) for row in rows]

    async def hand_over(self, lease: Lease) -> None:
        """Give the run back for another worker; this attempt does not count."""
        await self._update_leased(
            lease, Run.id, status="queued", attempts=Run.attempts - 1, lease_token=None
        )

    async def wait_for_input(self, lease: Lease, interrupt: dict[str, Any]) -> None:
        """Raises RunStopped when the person stopped the run in the meantime, and LeaseLost."""
        row = await self._update_leased(
            lease,
            Run.cancel_cause,
            status="waiting_input",
            interrupt=interrupt,
            answer=None,
            attempts=0,
            lease_token=None,
        )
        if row.cancel_cause is not None:
            raise RunStopped(lease.run_id)

    async def _update_leased(self, lease: Lease, wanted: Any, **values: Any) -> Row[Any]:
        changed = await self._transaction.execute(
            update(Run).where(*_held(lease)).values(**values).returning(wanted)
        )
        row = changed.one_or_none()
        if row is None:
            raise LeaseLost(lease.run_id)
        return row


def _held(lease: Lease) -> tuple[Any, ...]:
    return (
        Run.id == lease.run_id,
        Run.user_id == lease.user_id,
        Run.status == "running",
        Run.lease_token == lease.token,
    )


def _record(row: Any) -> RunRecord:
    return RunRecord(**row._mapping)
