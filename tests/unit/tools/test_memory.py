from typing import Any, cast

import pytest
from pydantic import ValidationError

from stackwright.tools.base import ToolContext
from stackwright.tools.memory import MAX_NOTES_CHARS, Remember, remember
from stackwright.tools.registry import all_tools


class Context:
    """The one port that the tool uses."""

    def __init__(self) -> None:
        self.notes: Any = self
        self.text: str | None = None

    async def write(self, text: str) -> None:
        self.text = text


async def test_notes_replace_the_ones_before() -> None:
    context = Context()
    for text in ("Blue.", " Green. "):
        assert await remember(Remember(notes=text), cast("ToolContext", context)) == "Noted."
    assert context.text == "Green."


async def test_an_empty_text_forgets_them() -> None:
    context = Context()
    assert "empty" in await remember(Remember(notes=" "), cast("ToolContext", context))
    assert context.text == ""


def test_notes_are_small() -> None:
    with pytest.raises(ValidationError):
        Remember(notes="x" * (MAX_NOTES_CHARS + 1))


def test_the_agent_has_the_tool_only_with_memory() -> None:
    names = {tool.name for tool in all_tools(search_provider=None, with_memory=False)}
    assert "remember" not in names
