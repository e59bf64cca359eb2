import json
from typing import Any

from stackwright.runs.files_in_hand import files_in_hand


def event(kind: str, **data: Any) -> tuple[str, bytes]:
    return kind, json.dumps(data).encode()


def delta(call: str, text: str, tool: str = "write_file") -> tuple[str, bytes]:
    return event("tool_args_delta", tool_id=call, tool_name=tool, delta=text)


def started(call: str, arguments: object, tool: str = "write_file") -> tuple[str, bytes]:
    return event("tool_start", tool_id=call, tool_name=tool, tool_args=arguments)


def test_a_file_is_in_hand_from_its_name_in_the_stream_to_the_end_of_the_call() -> None:
    log = [delta("a", '{"pa'), delta("a", 'th": "backend/\\u0061.py", "content": "im')]
    assert files_in_hand(log) == {"backend/a.py"}
    log.append(started("a", {"path": "backend/a.py", "content": "import os"}))
    assert files_in_hand(log) == {"backend/a.py"}
    log.append(event("tool_complete", tool_id="a", tool_name="write_file"))
    assert files_in_hand(log) == set()


def test_all_files_of_a_batch_are_in_hand() -> None:
    call = started("a", {"files": [{"path": "x"}, {"path": "y"}]}, tool="batch_write_files")
    assert files_in_hand([call]) == {"x", "y"}


def test_what_was_refused_or_begun_anew_is_not() -> None:
    assert files_in_hand([delta("a", '{"path": "x"'), event("tool_refused", tool_id="a")]) == set()
    assert files_in_hand([delta("a", '{"path": "x"'), event("message_reset", reason="r")]) == set()


def test_reading_a_file_holds_nobody_up_and_odd_arguments_are_nothing() -> None:
    assert files_in_hand([started("a", {"path": "x"}, tool="read_file")]) == set()
    assert files_in_hand([started("a", ["path"]), started("b", {"path": 3, "files": 4})]) == set()
    assert files_in_hand([delta("a", '{"path": "\\uZZ"')]) == set()
