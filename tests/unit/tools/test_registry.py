import json

from stackwright.tools.registry import all_tools

TOOLS = all_tools(search_provider=None)


def test_the_agent_has_the_tools_the_design_names_each_once() -> None:
    names = [tool.name for tool in TOOLS]

    assert len(names) == len(set(names))
    assert set(names) == {
        "add_dependency",
        "add_kit",
        "ask_user_tool",
        "browser",
        "batch_read_files",
        "batch_write_files",
        "change_wish",
        "check_app",
        "delete_file",
        "edit_file",
        "http_request",
        "list_changes",
        "list_files",
        "list_processes",
        "query_data",
        "read_file",
        "read_logs",
        "read_url",
        "remember",
        "run_command",
        "run_service",
        "save_attachment",
        "scaffold_app",
        "scaffold_resource",
        "run_witness",
        "screenshot",
        "search_code",
        "search_web",
        "set_wishes",
        "smart_edit_file",
        "stop_service",
        "update_plan",
        "write_file",
    }


def test_every_schema_is_a_closed_object_that_serialises() -> None:
    for tool in TOOLS:
        schema = tool.schema()
        assert schema["input_schema"]["type"] == "object"
        assert schema["input_schema"]["additionalProperties"] is False
        assert schema["description"]
        json.dumps(schema)


def test_tools_that_write_say_what_they_touch() -> None:
    touching = {tool.name for tool in TOOLS if tool.effect != "none"}
    writes = {
        "write_file": {"path": "a", "content": ""},
        "batch_write_files": {"files": [{"path": "a", "content": ""}]},
        "edit_file": {"path": "a", "old_text": "x", "new_text": "y"},
        "smart_edit_file": {"path": "a", "edits": [{"old_text": "x", "new_text": "y"}]},
        "delete_file": {"path": "a"},
    }

    for tool in TOOLS:
        if tool.name in writes:
            arguments = tool.arguments.model_validate(writes[tool.name])
            assert tool.touches(arguments) == frozenset({"a"})
    assert writes.keys() <= touching


def test_tools_for_debugging_come_only_when_asked_for() -> None:
    names = {tool.name for tool in all_tools(search_provider=None, with_debugging=True)}
    assert names - {tool.name for tool in TOOLS} == {"inspect_run"}
