"""Which calls of one message wait for each other."""

from typing import Any

import pytest

from stackwright.agent.stream_gate import SoundCall
from stackwright.agent.tool_runner import _conflict  # pyright: ignore[reportPrivateUsage]
from stackwright.tools.registry import all_tools

TOOLS = {tool.name: tool for tool in all_tools(search_provider=None)}
PLAN = ("update_plan", {"steps": [{"title": "Build"}]})
COMMAND = ("run_command", {"command": "sleep 60"})
READ = ("read_file", {"path": "a.py"})
WRITE = ("write_file", {"path": "a.py", "content": ""})
OTHER = ("write_file", {"path": "b.py", "content": ""})
NOTES = ("remember", {"notes": ""})
START = ("run_service", {"name": "backend"})
LOGIN = ("http_request", {"path": "/login", "session": "ann"})
PAGE = ("http_request", {"path": "/", "service": "frontend"})
WISHES = ("set_wishes", {"wishes": [{"text": "a", "kind": "look", "quotes": ["a"]}]})

Named = tuple[str, dict[str, Any]]


def call(named: Named) -> SoundCall:
    name, raw = named
    tool = TOOLS[name]
    return SoundCall(f"toolu_{name}", tool, tool.arguments.model_validate(raw), raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (COMMAND, READ),
        (COMMAND, WRITE),
        (WRITE, WRITE),
        (START, LOGIN),
        (LOGIN, LOGIN),
        (PLAN, PLAN),
        (WISHES, READ),
        (WISHES, COMMAND),
    ],
)
def test_what_touches_the_same_is_done_in_order(one: Named, other: Named) -> None:
    assert _conflict(call(one), call(other))
    assert _conflict(call(other), call(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WRITE, OTHER),
        (READ, READ),
        (READ, WRITE),
        (START, PAGE),
        (LOGIN, WRITE),
        (PLAN, COMMAND),
        (NOTES, COMMAND),
        (PLAN, READ),
        (PLAN, NOTES),
    ],
)
def test_what_does_not_runs_together_and_the_plan_waits_for_no_command(
    one: Named, other: Named
) -> None:
    assert not _conflict(call(one), call(other))
    assert not _conflict(call(other), call(one))


def test_the_plan_needs_no_sandbox() -> None:
    assert not TOOLS["update_plan"].needs_sandbox
