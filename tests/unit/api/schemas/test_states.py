from fixtures.project_records import PROJECT
from stackwright.api.schemas.states import state_out
from stackwright.core.settings import load_settings
from stackwright.core.wishes import WishList
from stackwright.runs.progress import AgentProgress
from stackwright.runs.service import ProjectState


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
