from datetime import UTC, datetime

from stackwright.api.schemas.versions import picture_of, version_out
from stackwright.core.ids import ProjectId, RunId
from stackwright.db.last_proofs import LastProof
from stackwright.db.restore_points import RestorePointRecord

VERSION = RestorePointRecord(
    project_id=ProjectId("todo"),
    version=3,
    run_id=RunId("r"),
    restored_from=None,
    title="Todo",
    status="verified",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def test_a_version_shows_the_first_picture_of_its_proof() -> None:
    told = version_out(VERSION, LastProof(RunId("r"), "verified", "abc"))
    assert told.picture == "/api/projects/todo/runs/r/screenshots/abc.png"


def test_without_a_picture_there_is_no_address() -> None:
    assert version_out(VERSION).picture is None
    assert picture_of(ProjectId("todo"), LastProof(RunId("r"), "partly", None)) is None
