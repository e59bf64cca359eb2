import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stackwright.api.sse import frame, read_event_id
from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId, RunId
from stackwright.runs.events.records import StoredEvent

EVENT = StoredEvent(
    RunId("run-1"),
    ProjectId("p"),
    7,
    "check_started",
    b'{"type":"check_started","name":"types"}',
    datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
)
DATA = (
    b'{"type":"check_started","name":"types","seq": 7, "run_id": "run-1", "project_id": "p", '
    b'"timestamp": "2026-01-02T03:04:05+00:00"}'
)


def test_a_frame_has_an_id_to_come_back_with_and_unnamed_data() -> None:
    assert frame(EVENT) == b"id: run-1:7\ndata: " + DATA + b"\n\n"


def test_a_frame_can_be_named_by_its_type() -> None:
    assert frame(EVENT, named=True) == b"id: run-1:7\nevent: check_started\ndata: " + DATA + b"\n\n"


def test_a_named_error_has_its_cause_as_type_and_an_unnamed_one_the_type_of_the_union() -> None:
    data = b'{"type":"error","message":"No.","error_type":"sandbox_limit","timestamp":"t"}'
    error = replace(EVENT, type="error", data=data)
    lines = frame(error, named=True).decode().splitlines()
    named = json.loads(lines[2].removeprefix("data: "))
    assert lines[1] == "event: error"
    assert (named["type"], named["error_type"]) == ("sandbox_limit", "sandbox_limit")
    plain = json.loads(frame(error).decode().splitlines()[1].removeprefix("data: "))
    assert (plain["type"], plain["error_type"]) == ("error", "sandbox_limit")


def test_an_event_id_is_read_back() -> None:
    assert read_event_id("0192:with:colons:41") == ("0192:with:colons", 41)


@pytest.mark.parametrize(
    "value", ["", "run", "run:", ":4", "run:-1", "run:x", "run:٣", "run:" + "9" * 13]
)
def test_what_is_no_event_id_is_refused(value: str) -> None:
    with pytest.raises(BadInput):
        read_event_id(value)
