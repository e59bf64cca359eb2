"""What the last proofs of projects and versions said, and their first picture."""

from collections.abc import Collection
from dataclasses import dataclass

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Fetch, Rows

_FACTS = """r.id, r.report #>> '{status}', r.report #>> '{screenshots,0,sha256}',
    coalesce(r.report #>> '{sentence}', ''),
    coalesce(jsonb_array_length(r.report::jsonb -> 'wishes'), 0),
    jsonb_array_length(jsonb_path_query_array(r.report::jsonb, '$.wishes[*] ? (@.state == "proven")'))"""

_OF_PROJECTS = f"""
SELECT DISTINCT ON (r.project_id) r.project_id, {_FACTS}
FROM runs r
WHERE r.user_id = %(user_id)s AND r.project_id = ANY(%(ids)s::text[]) AND r.report IS NOT NULL
ORDER BY r.project_id, r.number DESC
"""  # noqa: S608 (no value is put in)

_WORKING = """
SELECT DISTINCT project_id FROM runs
WHERE user_id = %(user_id)s AND project_id = ANY(%(ids)s::text[])
    AND status IN ('queued', 'running', 'waiting_input')
"""

_OF_RUNS = f"""
SELECT r.id, {_FACTS}
FROM runs r
WHERE r.user_id = %(user_id)s AND r.id = ANY(%(ids)s::text[]) AND r.report IS NOT NULL
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
        """Those of the projects that have a run under way, in line, or waiting for the person."""
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
