import json
from datetime import UTC, datetime

from stackwright.core.events import AgentThinking, StateChanged, ToolArgsDelta, ToolOutput
from stackwright.core.ids import ProjectId, RunId
from stackwright.runs.events.records import StoredEvent, encode, merge_deltas
from stackwright.runs.events.summary import summarise


def test_neighbouring_pieces_of_one_stream_become_one_event() -> None:
    merged = merge_deltas(
        [
            AgentThinking(token="a"),
            AgentThinking(token="b"),
            AgentThinking(token="c", kind="thinking"),
            StateChanged(state="waiting"),
            ToolArgsDelta(tool_id="1", tool_name="write", delta="{"),
            ToolArgsDelta(tool_id="1", tool_name="write", delta="}"),
            ToolArgsDelta(tool_id="2", tool_name="write", delta="["),
            ToolOutput(tool_id="1", stream="stdout", text="x"),
            ToolOutput(tool_id="1", stream="stdout", text="y"),
        ]
    )
    assert merged == [
        AgentThinking(token="ab"),
        AgentThinking(token="c", kind="thinking"),
        StateChanged(state="waiting"),
        ToolArgsDelta(tool_id="1", tool_name="write", delta="{}"),
        ToolArgsDelta(tool_id="2", tool_name="write", delta="["),
        ToolOutput(tool_id="1", stream="stdout", text="xy"),
    ]


def test_lone_surrogates_and_nul_survive_encoding() -> None:
    for text in ("a\ud800b", "a\0b", "日本 🎉"):
        assert json.loads(encode(AgentThinking(token=text)).data)["token"] == text


def test_the_envelope_does_not_repeat_an_events_own_fields() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    run, project = RunId("r"), ProjectId("p")
    own = StoredEvent(
        run,
        project,
        3,
        "agent_start",
        b'{"type":"agent_start","timestamp":"t","project_id":"p"}',
        at,
    )
    assert json.loads(own.as_json()) == {
        "type": "agent_start",
        "timestamp": "t",
        "project_id": "p",
        "seq": 3,
        "run_id": "r",
    }
    plain = StoredEvent(run, project, 4, "state", b'{"type":"state","state":"x","detail":""}', at)
    assert json.loads(plain.as_json())["timestamp"] == at.isoformat()
    assert json.loads(plain.as_json())["project_id"] == "p"


def test_a_transcript_leaves_out_what_was_reset_and_what_was_only_thought() -> None:
    events = [
        ("agent_thinking", b'{"token":"Wrong"}'),
        ("message_reset", b"{}"),
        ("agent_thinking", b'{"token":"hm","kind":"thinking"}'),
        ("agent_thinking", b'{"token":"I write. "}'),
        ("tool_start", b'{"tool_id":"1","tool_name":"write_file","tool_args":{"path":"a.py"}}'),
        ("tool_complete", b'{"tool_id":"1","tool_name":"write_file","output_preview":"ok"}'),
        ("agent_thinking", b'{"token":"Done."}'),
    ]
    summary = summarise(events)
    assert summary.text == "I write.\n\nDone."
    assert summary.tool_calls == [
        {
            "tool_id": "1",
            "tool_name": "write_file",
            "path": "a.py",
            "outcome": "ok",
            "output_preview": "ok",
        }
    ]
