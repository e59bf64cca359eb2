from dataclasses import replace
from datetime import UTC, datetime

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.run_records import RunRecord
from stackwright.runs.submission import _is_steerable  # pyright: ignore[reportPrivateUsage]

RUN = RunRecord(
    id=RunId("r"),
    project_id=ProjectId("todo"),
    user_id=UserId("ann"),
    number=1,
    kind="chat",
    status="running",
    input="go",
    answer=None,
    interrupt=None,
    attempts=1,
    model_calls=0,
    spent_usd=0,
    spent_tokens=0,
    repair_usd=0,
    repair_tokens=0,
    cancel_cause=None,
    last_seq=2,
    usage=None,
    cost_usd=None,
    error=None,
    report=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    started_at=None,
    ended_at=None,
)


def test_only_a_run_that_works_and_is_not_stopped_is_steered() -> None:
    assert _is_steerable(RUN)
    assert not _is_steerable(replace(RUN, status="queued"))
    assert not _is_steerable(replace(RUN, cancel_cause="user"))
