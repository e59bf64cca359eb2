"""A cassette is played without network, key or sandbox, and a change of the loop is seen."""

from typing import Any

from stackwright.agent.cassettes import Cassette
from stackwright.agent.replaying import replay
from stackwright.tools.registry import all_tools

TOOLS = all_tools(search_provider=None)


def made(**changes: Any) -> Cassette:
    call: dict[str, Any] = {"type": "tool_use", "id": "t1", "name": "list_files", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "a.py"}
    usage = {"type": "usage", "model": "m", "input_tokens": 5, "output_tokens": 2, "cache_read_tokens": 0, "cache_write_tokens": 0, "purpose": "build"}  # fmt: skip
    given: dict[str, Any] = {
        "kind": "chat", "status": "answered", "message": "What is there?",
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "What is there?"}]},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
            {"role": "assistant", "content": [{"type": "text", "text": "One file."}]},
        ],
        "events": [
            {"type": "user_message", "message_id": "m1", "text": "What is there?", "attachments": []},
            {"type": "phase_changed", "phase": "planning"},
            {"type": "tool_args_delta", "tool_id": "t1", "tool_name": "list_files", "delta": "{}"},
            {**usage, "tools": ["list_files"]},
            {"type": "tool_start", "tool_id": "t1", "tool_name": "list_files", "tool_args": {}},
            {"type": "file_changed", "path": "from-around.py"},
            {"type": "tool_complete", "tool_id": "t1", "tool_name": "list_files", "output_preview": "a.py", "outcome": "ok"},
            {"type": "agent_thinking", "token": "One file.", "node": "model", "kind": "text"},
            {**usage, "tools": []},
        ],
    }  # fmt: skip
    return Cassette.model_validate({**given, **changes})


async def test_the_loop_does_what_it_did() -> None:
    played = await replay(made(), TOOLS)
    assert played.difference == ""
    assert [e["type"] for e in played.events].count("usage") == 2


async def test_another_event_is_named() -> None:
    events = [dict(event) for event in made().events]
    events[6]["outcome"] = "failed"
    played = await replay(made(events=events), TOOLS)
    assert played.difference.startswith("Event 5 of the loop was")


async def test_a_recording_that_ends_early_is_seen() -> None:
    assert (await replay(made(events=made().events[:6]), TOOLS)).difference
    assert (await replay(made(messages=made().messages[:2]), TOOLS)).difference
