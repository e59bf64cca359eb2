"""What model calls cost, read from the event logs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stackwright.core.events import UsagePurpose
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Fetch

NO_TOOL = "(words only)"
"""Stands for the tool of a call whose message called none."""
MAX_ROWS = 20_000

# A call's cost is shared evenly by the tools that its message called.
_COSTS = """
SELECT (e.created_at AT TIME ZONE 'UTC')::date AS day, t.tool,
    coalesce(e.data->>'purpose', 'build') AS purpose, e.data->>'model' AS model,
    sum(t.share) AS calls, coalesce(sum(t.share * (e.data->>'cost_usd')::float8), 0) AS usd,
    sum(t.share * (e.data->>'input_tokens')::bigint) AS read,
    sum(t.share * (e.data->>'output_tokens')::bigint) AS written,
    sum(t.share * coalesce((e.data->>'cache_read_tokens')::bigint, 0)) AS cache_read,
    sum(t.share * coalesce((e.data->>'cache_write_tokens')::bigint, 0)) AS cache_written,
    coalesce(sum(t.share) FILTER (WHERE e.data->>'cost_usd' IS NULL
        AND (e.data->>'output_tokens')::bigint > 0), 0) AS unpriced
FROM runs r JOIN run_events e ON e.run_id = r.id AND e.type = 'usage'
CROSS JOIN LATERAL (
    SELECT tool, 1.0::float8 / count(*) OVER () AS share
    FROM json_array_elements_text(
        CASE WHEN coalesce(json_array_length(e.data->'tools'), 0) > 0 THEN e.data->'tools'
            ELSE json_build_array(%(no_tool)s::text) END
    ) AS one(tool)
) AS t
WHERE r.user_id = %(user_id)s
    AND (%(project_id)s::text IS NULL OR r.project_id = %(project_id)s)
    AND (%(run_id)s::text IS NULL OR r.id = %(run_id)s)
    AND (%(since)s::date IS NULL OR e.created_at >= %(since)s::date)
GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, usd DESC, 2 LIMIT %(limit)s
"""

_TYPICAL = """
SELECT spent_usd, spent_tokens, model_calls FROM runs
WHERE user_id = %(user_id)s AND (%(project_id)s::text IS NULL OR project_id = %(project_id)s)
    AND ended_at IS NOT NULL AND spent_tokens > 0 AND status <> 'cancelled'
ORDER BY created_at DESC LIMIT %(limit)s
"""
_SIZE = """
SELECT coalesce(sum(f.size_bytes), 0)::bigint
FROM project_files f JOIN projects p ON p.id = f.project_id
WHERE p.id = %(project_id)s AND p.user_id = %(user_id)s AND f.sha256 IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class CostRow:
    """Model calls of one day, tool, purpose and model. `calls` is a fraction where several tools
    share a call."""

    day: date
    tool: str
    purpose: UsagePurpose
    model: str
    calls: float
    usd: float
    read: float
    written: float
    cache_read: float
    cache_written: float
    unpriced: float
    """Calls whose price nobody knows."""


@dataclass(frozen=True, slots=True)
class RunCost:
    """What a run cost that has ended."""

    usd: float
    tokens: int
    calls: int


class CostRepository:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def list_of(
        self,
        user_id: UserId,
        *,
        project_id: ProjectId | None = None,
        run_id: RunId | None = None,
        since: date | None = None,
    ) -> Sequence[CostRow]:
        """Newest day first; nothing for a stranger."""
        values = {
            "user_id": user_id,
            "project_id": project_id,
            "run_id": run_id,
            "since": since,
            "no_tool": NO_TOOL,
            "limit": MAX_ROWS,
        }
        rows = await self._fetch(_COSTS, values)
        return [CostRow(*row[:4], *(float(amount) for amount in row[4:])) for row in rows]

    async def list_ended(
        self, user_id: UserId, project_id: ProjectId | None, *, limit: int
    ) -> Sequence[RunCost]:
        """The newest runs that asked a model, of one project or of all."""
        values = {"user_id": user_id, "project_id": project_id, "limit": limit}
        return [RunCost(*row) for row in await self._fetch(_TYPICAL, values)]

    async def size_of(self, user_id: UserId, project_id: ProjectId) -> int:
        """Bytes of all files; 0 for a project that is not there."""
        values = {"user_id": user_id, "project_id": project_id}
        ((size,),) = await self._fetch(_SIZE, values)
        return int(size)
