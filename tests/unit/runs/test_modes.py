from stackwright.core.plans import PLAN_TITLE, Plan, PlannedWish
from stackwright.runs.modes import PROPOSE, ReadingEnd, notes_for, tools_for
from stackwright.tools.registry import all_tools

ALL = all_tools(search_provider=None)
CHANGING = {
    *("write_file", "batch_write_files", "edit_file", "smart_edit_file", "delete_file"),
    *("run_command", "run_service", "stop_service", "add_dependency", "scaffold_app"),
    *("scaffold_resource", "set_wishes", "change_wish", "check_app", "run_witness", "remember"),
    *("http_request", "browser", "list_changes", "update_plan"),
}
PLAN = Plan(title="Shop", wishes=(PlannedWish(text="Orders"),))


def test_runs_that_plan_or_answer_have_no_tool_that_changes_something() -> None:
    for kind in ("plan", "ask"):
        names = {tool.name for tool in tools_for(kind, ALL)}
        assert names & CHANGING == set()
        assert {"read_file", "search_code", "read_project", "ask_user_tool"} <= names
        assert ("propose_plan" in names) == (kind == "plan")


def test_other_runs_have_what_they_had() -> None:
    assert tools_for("chat", ALL) is ALL


def test_the_prompt_says_what_kind_of_run_it_is() -> None:
    assert "propose_plan" in notes_for("plan", "The app.", None)
    assert "answers" in notes_for("ask", "The app.", None)
    assert notes_for("chat", "The app.", None) == "The app."


def test_a_plan_is_told_whole_only_where_the_message_does_not_say_it() -> None:
    assert notes_for("chat", "The app.", PLAN) == "The app."
    read = PLAN.model_copy(update={"reading": {"spec": {}}})
    assert PLAN_TITLE in notes_for("chat", "The app.", read)


async def test_a_run_that_plans_is_asked_for_its_plan_once() -> None:
    end = ReadingEnd("plan", has_plan=lambda: False)
    asked = await end.feedback()
    assert asked is not None
    assert asked.text == PROPOSE
    assert await end.feedback() is None
    assert await ReadingEnd("plan", has_plan=lambda: True).feedback() is None
    assert await ReadingEnd("ask", has_plan=lambda: False).feedback() is None
