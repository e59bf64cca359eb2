"""What the last proofs of projects and versions said, and their first picture."""

from collections.abc import Collection
from dataclasses import dataclass

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Fetch, Rows

# What programs said is in the report, and PostgreSQL reads no JSON that has a NUL or half a character.
_FACTS = r"""told.report #>> '{status}', told.report #>> '{screenshots,0,sha256}',
    coalesce(told.report #>> '{sentence}', ''),
    coalesce(jsonb_array_length(told.report -> 'wishes'), 0),
    jsonb_array_length(jsonb_path_query_array(told.report, '$.wishes[*] ? (@.state == "proven")'))
FROM proven JOIN runs r ON r.id = proven.id CROSS JOIN LATERAL (
    SELECT CASE WHEN r.report::text ~ '\\u(0000|d[89a-f])' THEN regexp_replace(r.report::text,
        '\\u0000|\\ud[89ab]..(?!\\ud[c-f])|(?<!\\ud[89ab]..)\\ud[c-f]..', '\\ufffd', 'g')
        ELSE r.report::text END::jsonb AS report
) AS told"""

_OF_PROJECTS = f"""
WITH proven AS (
    SELECT DISTINCT ON (project_id) project_id, id FROM runs
    WHERE user_id = %(user_id)s AND project_id = ANY(%(ids)s::text[]) AND report IS NOT NULL
    ORDER BY project_id, number DESC
)
SELECT proven.project_id, proven.id, {_FACTS}
"""  # noqa: S608 (no value is put in)

_WORKING = """
SELECT DISTINCT project_id FROM runs
WHERE user_id = %(user_id)s AND project_id = ANY(%(ids)s::text[])
    AND status IN ('queued', 'running', 'waiting_input')
"""

_OF_RUNS = f"""
WITH proven AS (
    SELECT id FROM runs
    WHERE user_id = %(user_id)s AND id = ANY(%(ids)s::text[]) AND report IS NOT NULL
)
SELECT proven.id, proven.id, {_FACTS}
"""  # noqa: S608 (no value is put in)


@dataclass(frozen=True, slots=True)
class LastProof:
    """`picture` is the digest of a screenshot of `run_id`; `proven` of its `wishes` were seen working."""

    run_id: RunId
    status: str
    picture: str | None
    sentence: str = ""
    wishes: int = 0
    proven: int = 0


class LastProofRepository:
    """Finds nothing of another user's runs."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def of_projects(
        self, user_id: UserId, projects: Collection[ProjectId]
    ) -> dict[str, LastProof]:
        values = {"user_id": user_id, "ids": list(projects)}
        return _proofs(await self._fetch(_OF_PROJECTS, values))

    async def working(self, user_id: UserId, projects: Collection[ProjectId]) -> frozenset[str]:
        """The projects among these that have a run under way, in line, or waiting for the person."""
        values = {"user_id": user_id, "ids": list(projects)}
        return frozenset(project for (project,) in await self._fetch(_WORKING, values))

    async def of_runs(self, user_id: UserId, runs: Collection[RunId]) -> dict[str, LastProof]:
        values = {"user_id": user_id, "ids": list(runs)}
        return _proofs(await self._fetch(_OF_RUNS, values))


def _proofs(rows: Rows) -> dict[str, LastProof]:
    return {
        key: LastProof(RunId(run_id), status, *facts)
        for key, run_id, status, *facts in rows
        if status is not None
    }
