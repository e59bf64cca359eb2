"""The ledger of tool calls in the database: intent before, result after."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stackwright.db.engine import Database
from stackwright.db.run_records import Lease
from stackwright.db.tool_executions import ToolExecutionRepository
from stackwright.tools.base import LedgerEntry, ToolLedger


class DbToolLedger:
    """Raises LeaseLost when the run is another worker's by now: the call must not run."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease

    async def begin(
        self, tool_call_id: str, tool_name: str, arguments: Mapping[str, Any]
    ) -> LedgerEntry:
        async with self._database.transaction() as transaction:
            known = await ToolExecutionRepository(transaction).begin(
                self._lease, tool_call_id, tool_name, arguments
            )
        if known.is_new:
            return LedgerEntry("new")
        if known.is_finished:
            return LedgerEntry("finished", known.result, known.failed)
        return LedgerEntry("unfinished")

    async def finish(self, tool_call_id: str, result: str, *, failed: bool) -> None:
        async with self._database.transaction() as transaction:
            await ToolExecutionRepository(transaction).finish(
                self._lease, tool_call_id, result, failed=failed
            )


if TYPE_CHECKING:

    def _proof(ledger: DbToolLedger) -> ToolLedger:
        return ledger
