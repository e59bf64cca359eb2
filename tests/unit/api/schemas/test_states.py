from datetime import UTC, datetime

from stackwright.api.schemas.states import state_out
from stackwright.core.ids import ProjectId, UserId
from stackwright.core.settings import load_settings
from stackwright.core.wishes import WishList
from stackwright.db.projects import ProjectRecord
from stackwright.runs.progress import AgentProgress
from stackwright.runs.service import ProjectState

AT = datetime(2026, 1, 1, tzinfo=UTC)
PROJECT = ProjectRecord(
    id=ProjectId("todo"),
    user_id=UserId("ann"),
    name="Todo",
    thread_id="t",
    preview_label="label",
    status="active",
    sandbox_state="none",
    active_sandbox_id=None,
    files_version=1,
    created_at=AT,
    updated_at=AT,
)


def test_a_new_project_has_a_whole_state() -> None:
    new = ProjectState(
        project=PROJECT,
        current_run=None,
        last_report=None,
        last_report_run_id=None,
        wishes=WishList(),
        runs_by_status={},
        messages=0,
        files=0,
    )
    told = state_out(new, AgentProgress(), load_settings().server)
    assert (told.project_id, told.name, told.current_run, told.last_report) == (
        "todo",
        "Todo",
        None,
        None,
    )
    assert told.service_pids == {}
    assert "label" in told.preview_url
