"""A cassette is played without network, key or sandbox, and a change of the loop is seen."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from stackwright.agent.cassettes import Cassette, of_agent, read_cassette
from stackwright.agent.replaying import replay
from stackwright.tools.registry import all_tools

TOOLS = all_tools(search_provider=None)
BUILDS = {
    path.stem: read_cassette(path.read_bytes())
    for path in (Path(__file__).parents[2] / "data" / "cassettes").glob("*.cassette")
}
"""Whole builds by the offline builder and by a scripted model, as tests/integration/tools/test_whole_builds.py makes them;
`chores-recorded` was recorded of a platform whose machine was too busy to prove it; `kanban-built` is a model's build of five
calls: many at once, pictures, a gate that failed once, verified."""


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


def as_bytes(events: Any) -> bytes:
    return orjson.dumps(list(events), option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize("name", sorted(BUILDS))
async def test_a_whole_build_is_replayed_to_the_byte(name: str) -> None:
    cassette = BUILDS[name]
    results = [b for m in cassette.messages for b in m["content"] if b["type"] == "tool_result"]
    assert len(results) >= 4
    played = await replay(cassette, TOOLS)
    assert played.difference == ""
    assert as_bytes(played.events) == as_bytes(of_agent(cassette.events))


@pytest.mark.parametrize("name", sorted(BUILDS))
async def test_a_build_whose_tool_answered_otherwise_is_seen(name: str) -> None:
    told = orjson.loads(BUILDS[name].model_dump_json())
    for message in told["messages"]:
        for block in message["content"]:
            if block["type"] == "tool_result":
                block["content"] = "something else"
    assert (await replay(Cassette.model_validate(told), TOOLS)).difference


def test_there_are_builds_to_replay() -> None:
    assert set(BUILDS) == {"chores-offline", "chores-recorded", "kanban-built", "kanban-scripted"}
