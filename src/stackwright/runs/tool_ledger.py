"""The ledger of tool calls in the database: intent before, result after."""

from typing import TYPE_CHECKING

from stackwright.core.ids import new_id
from stackwright.core.postgres import patiently
from stackwright.db.engine import Database
from stackwright.db.run_records import Lease
from stackwright.db.tool_executions import ToolExecutionRepository
from stackwright.tools.base import LedgerEntry, ToolLedger


class DbToolLedger:
    """Raises LeaseLost when another worker has the run: then the call must not run.

    While the database is away, it waits."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._rows = ToolExecutionRepository(database.fetch)
        self._lease = lease

    async def begin(self, tool_call_id: str, tool_name: str) -> LedgerEntry:
        begun_by = new_id()
        known = await patiently(
            lambda: self._rows.begin(self._lease, tool_call_id, tool_name, begun_by=begun_by)
        )
        if known.is_new:
            return LedgerEntry("new")
        if known.is_finished:
            return LedgerEntry("finished", known.result, known.failed)
        return LedgerEntry("unfinished", files_version=known.files_version)

    async def finish(self, tool_call_id: str, tool_name: str, result: str, *, failed: bool) -> None:
        await patiently(
            lambda: self._rows.finish(self._lease, tool_call_id, tool_name, result, failed=failed)
        )


if TYPE_CHECKING:

    def _proof(ledger: DbToolLedger) -> ToolLedger:
        return ledger
