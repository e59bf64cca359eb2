"""Arguments of every wrong shape, for every tool: refused with a short sentence, never with a fault of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stackwright.agent.models.base import ModelTurn, RawToolCall, TokenUsage
from stackwright.agent.stream_gate import judge
from stackwright.tools.base import Tool
from stackwright.tools.registry import all_tools

TOOLS = {tool.name: tool for tool in all_tools(search_provider=None)}
MAX_SENTENCE_CHARS = 3000
WRONG_VALUES: list[Any] = [
    *(None, True, -1, 10**30, 1.5, "", "\0", "x" * 100_000, "\ud800"),
    *([], [None], [[[]]], {}, {"": None}, {"type": "text"}, [{"path": ["a"]}] * 300),
]


def shapes(tool: Tool[Any]) -> Iterator[dict[str, Any]]:
    """Nothing, everything wrong, each field wrong by itself, and fields that nobody asked for."""
    fields = list(tool.schema()["input_schema"]["properties"])
    yield {}
    yield {"no_such_field": 1}
    yield {field.upper(): "x" for field in fields}
    for value in WRONG_VALUES:
        yield dict.fromkeys(fields, value)
        for field in fields:
            yield {field: value}


def refusal(name: str, arguments: dict[str, Any]) -> str:
    """What the model hears; empty for a call that may run."""
    call = RawToolCall("t0", name, json.dumps(arguments))
    turn = ModelTurn(({"type": "tool_use", "id": "t0"},), (call,), "tool_use", TokenUsage(), "m")
    return judge(turn, TOOLS).refused.get("t0", "")


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_wrong_arguments_are_a_sentence(name: str) -> None:
    tried = 0
    for arguments in shapes(TOOLS[name]):
        said = refusal(name, arguments)
        assert len(said) <= MAX_SENTENCE_CHARS
        assert said == "" or said.startswith("This call was not executed: ")
        assert "Traceback" not in said
        tried += said != ""
    assert tried > 0
