from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwright.agent.models.base import ModelTurn, RawToolCall, TokenUsage
from stackwright.agent.stream_gate import judge
from stackwright.testing.agent_world import AgentWorld

TOOLS: dict[str, Any] = {tool.name: tool for tool in AgentWorld(model=None).tools()}  # type: ignore[arg-type]
SOUND = '{"path": "a.py", "content": "x"}'


def turn(arguments: Sequence[str], stop_reason: str = "tool_use", name: str = "write_file"):
    calls = tuple(RawToolCall(f"t{i}", name, text) for i, text in enumerate(arguments))
    content = tuple({"type": "tool_use", "id": c.tool_id, "name": name, "input": {}} for c in calls)
    return ModelTurn(content, calls, stop_reason, TokenUsage(), "m")


def test_a_complete_sound_call_may_run() -> None:
    verdict = judge(turn([SOUND]), TOOLS)
    assert [call.raw for call in verdict.sound] == [{"path": "a.py", "content": "x"}]
    assert not verdict.refused


@pytest.mark.parametrize("stop_reason", ["max_tokens", "end_turn", "refusal", "stop_sequence"])
def test_no_call_of_a_message_that_did_not_end_for_tools_may_run(stop_reason: str) -> None:
    verdict = judge(turn([SOUND, SOUND], stop_reason), TOOLS)
    assert not verdict.sound
    assert set(verdict.refused) == {"t0", "t1"}
    assert verdict.was_cut


@pytest.mark.parametrize(
    "text",
    [
        '{"path": "a.py", "content": "x"',
        '["a"]',
        "5",
        "null",
        '{"path": "a.py", "content": NaN}',
        '{"path": "a.py", "path": "b.py", "content": "x"}',
        SOUND + SOUND,
        '{"path": "a.py", "content": "a\nb"}',
        "[" * 100_000,
        '{"path": "a.py", "content": ' + "[" * 400 + "]" * 400 + "}",
    ],
)
def test_what_is_no_strict_json_object_is_refused_and_asked_for_again(text: str) -> None:
    verdict = judge(turn([text]), TOOLS)
    assert not verdict.sound
    assert verdict.was_cut


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{}", "path"),
        ('{"path": 5, "content": null}', "path"),
        ('{"path": "a.py", "content": "x", "mode": "0777"}', "mode"),
    ],
)
def test_arguments_outside_the_schema_are_refused_with_the_field_named(
    text: str, hint: str
) -> None:
    verdict = judge(turn([text]), TOOLS)
    assert not verdict.sound
    assert hint in verdict.refused["t0"]
    assert not verdict.was_cut


def test_an_unknown_tool_is_answered_with_the_known_ones() -> None:
    verdict = judge(turn([SOUND], name="wirte_file"), TOOLS)
    assert "write_file" in verdict.refused["t0"]


def test_one_bad_call_leaves_its_sound_neighbour() -> None:
    verdict = judge(turn([SOUND, "{}"]), TOOLS)
    assert [call.tool_id for call in verdict.sound] == ["t0"]
    assert set(verdict.refused) == {"t1"}


@given(st.integers(min_value=1, max_value=len(SOUND) - 1))
def test_no_beginning_of_a_call_is_ever_sound(length: int) -> None:
    assert not judge(turn([SOUND[:length]]), TOOLS).sound


def test_refused_arguments_are_kept_for_the_model_to_mend() -> None:
    verdict = judge(
        turn(['{"path": "a.py"}', '{"path": "a\\u0000.py"}', '{"a": 100000000000000000000000}']),
        TOOLS,
    )
    assert verdict.misfits == {"t0": {"path": "a.py"}}
