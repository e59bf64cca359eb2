"""The ledger's rows: a tool call's intent before it runs, its result after."""

from dataclasses import dataclass

from stackwright.db.engine import Fetch
from stackwright.db.fencing import LEASE_HELD, lease_values
from stackwright.db.run_records import Lease, LeaseLost


@dataclass(frozen=True, slots=True)
class ToolExecutionRecord:
    is_new: bool
    is_finished: bool
    result: str | None
    failed: bool
    files_version: int
    """The workspace's version when the call began."""


# The row that was there before, or the new one. A repetition after a lost answer has the same
# `begun_by` and finds its own row new.
_BEGIN = f"""
WITH lease AS ({LEASE_HELD}), added AS (
    INSERT INTO tool_executions (run_id, tool_call_id, tool_name, intent)
    SELECT %(fenced_run)s, %(tool_call_id)s, %(tool_name)s, json_build_object(
        'begun_by', %(begun_by)s::text,
        'files', (SELECT p.files_version FROM projects p WHERE p.id = %(project_id)s)
    ) FROM lease
    ON CONFLICT DO NOTHING
    RETURNING tool_call_id
)
SELECT e.tool_call_id IS NULL, e.intent ->> 'begun_by', e.finished_at IS NOT NULL,
    e.result, e.failed, (e.intent ->> 'files')::integer
FROM lease LEFT JOIN tool_executions e
    ON e.run_id = %(fenced_run)s AND e.tool_call_id = %(tool_call_id)s
"""  # noqa: S608 (constants only)

# A call whose result a crash of the database lost counts as unknown, not as absent.
_FINISH = f"""
WITH lease AS ({LEASE_HELD}), finished AS (
    INSERT INTO tool_executions
        (run_id, tool_call_id, tool_name, intent, result, failed, finished_at)
    SELECT %(fenced_run)s, %(tool_call_id)s, %(tool_name)s, '{{}}', %(result)s, %(failed)s, now()
    FROM lease
    ON CONFLICT (run_id, tool_call_id) DO UPDATE
    SET result = excluded.result, failed = excluded.failed, finished_at = excluded.finished_at
    WHERE tool_executions.finished_at IS NULL
)
SELECT set_config('synchronous_commit', 'off', true) FROM lease
"""  # noqa: S608 (constants only)


class ToolExecutionRepository:
    """Every method is one statement and raises LeaseLost when the run is another worker's by now."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def begin(
        self, lease: Lease, tool_call_id: str, tool_name: str, *, begun_by: str
    ) -> ToolExecutionRecord:
        """Record the intent, or return what is known of the call already.

        `begun_by` names this attempt, so that it may be repeated when its answer was lost."""
        values = {
            **lease_values(lease),
            "tool_call_id": tool_call_id,
            "tool_name": tool_name,
            "begun_by": begun_by,
            "project_id": lease.project_id,
        }
        rows = await self._fetch(_BEGIN, values)
        if not rows:
            raise LeaseLost(lease.run_id)
        # The statement does not see the row that it adds itself.
        was_absent, known_by, is_finished, result, failed, files_version = rows[0]
        return ToolExecutionRecord(
            is_new=was_absent or known_by == begun_by,
            is_finished=is_finished,
            result=None if result is None else bytes(result).decode("utf-8", "surrogatepass"),
            failed=bool(failed),
            files_version=files_version or 0,
        )

    async def finish(
        self, lease: Lease, tool_call_id: str, tool_name: str, result: str, *, failed: bool
    ) -> None:
        """Record the result; the first one stays."""
        values = {
            **lease_values(lease),
            "tool_call_id": tool_call_id,
            "tool_name": tool_name,
            "result": result.encode("utf-8", "surrogatepass"),
            "failed": failed,
        }
        if not await self._fetch(_FINISH, values):
            raise LeaseLost(lease.run_id)
