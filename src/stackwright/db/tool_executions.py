"""The ledger's rows: a tool call's intent before it runs, its result after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from stackwright.db.engine import Transaction
from stackwright.db.models import ToolExecution
from stackwright.db.run_records import Lease
from stackwright.db.runs import RunRepository


@dataclass(frozen=True, slots=True)
class ToolExecutionRecord:
    is_new: bool
    is_finished: bool
    result: str | None
    failed: bool


class ToolExecutionRepository:
    """Every method raises LeaseLost when the run is another worker's by now."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._runs = RunRepository(transaction)

    async def begin(
        self, lease: Lease, tool_call_id: str, tool_name: str, intent: Mapping[str, Any]
    ) -> ToolExecutionRecord:
        """Record the intent, or return what is known of the call already."""
        await self._runs.guard(lease)
        new = insert(ToolExecution).values(
            run_id=lease.run_id,
            tool_call_id=tool_call_id,
            tool_name=tool_name,
            intent=dict(intent),
        )
        added = await self._transaction.execute(
            new.on_conflict_do_nothing().returning(ToolExecution.tool_call_id)
        )
        if added.first() is not None:
            return ToolExecutionRecord(is_new=True, is_finished=False, result=None, failed=False)
        return await self._known(lease, tool_call_id)

    async def finish(self, lease: Lease, tool_call_id: str, result: str, *, failed: bool) -> None:
        """Record the result; the first one stays."""
        await self._runs.guard(lease)
        await self._transaction.execute(
            update(ToolExecution)
            .where(
                ToolExecution.run_id == lease.run_id,
                ToolExecution.tool_call_id == tool_call_id,
                ToolExecution.finished_at.is_(None),
            )
            .values(result=result, failed=failed, finished_at=func.now())
        )

    async def _known(self, lease: Lease, tool_call_id: str) -> ToolExecutionRecord:
        query = select(ToolExecution.result, ToolExecution.failed, ToolExecution.finished_at).where(
            ToolExecution.run_id == lease.run_id, ToolExecution.tool_call_id == tool_call_id
        )
        row = (await self._transaction.execute(query)).one()
        return ToolExecutionRecord(
            is_new=False,
            is_finished=row.finished_at is not None,
            result=row.result,
            failed=row.failed,
        )
