import pytest

from stackwright.core.ids import ProjectId, UserId, new_id
from stackwright.db.engine import Database, within
from stackwright.db.last_proofs import LastProof, LastProofRepository
from stackwright.db.notifications import RunNotifications
from stackwright.db.run_records import RunSummary, RunTotals
from stackwright.db.run_turns import RunTurnRepository
from stackwright.runs.service import RunService

pytestmark = pytest.mark.integration


async def test_a_report_with_a_nul_or_half_a_character_is_listed_like_any_other(
    database: Database, signals: RunNotifications
) -> None:
    owner, project = UserId(new_id()), ProjectId(new_id())
    service = RunService(database, signals)
    accepted = await service.accept(user_id=owner, project_id=project, message="go")
    claimed = await service.claim(accepted.run_id, worker="w")
    assert claimed is not None
    report = {
        "status": "partly",
        "sentence": "Seen: a\0b, \ud800, \udc00 and 😀.",
        "screenshots": [{"sha256": "f" * 64}],
        "wishes": [{"state": "proven"}, {"state": "failed", "reason": "\\u0000 \\ud800 \0"}],
    }
    totals = RunTotals(report=report)
    async with database.transaction() as transaction:
        turns = RunTurnRepository(within(transaction))
        await turns.end(claimed.lease, RunSummary("x", []), totals, status="partly")
    rows = LastProofRepository(database.fetch)
    expected = LastProof(
        accepted.run_id, "partly", "f" * 64, "Seen: a\ufffdb, \ufffd, \ufffd and 😀.", 2, 1
    )
    assert await rows.of_projects(owner, [project]) == {project: expected}
    assert await rows.of_runs(owner, [accepted.run_id]) == {accepted.run_id: expected}
