"""Ids and names of tool calls that every model's API takes back, whatever a provider made up."""

import re
from collections.abc import Set
from dataclasses import replace

from stackwright.agent.models.base import (
    ModelEvent,
    ModelTurn,
    PromptRead,
    TextDelta,
    ToolCallDelta,
)
from stackwright.core.ids import new_id

# The narrowest of all APIs; no tool of ours has a longer name.
_SOUND = re.compile(r"[a-zA-Z0-9_-]{1,64}")
INVALID_NAME = "invalid_tool"


def is_sound_id(tool_id: str) -> bool:
    return _SOUND.fullmatch(tool_id) is not None


def sound_name(name: str) -> str:
    """The name, or one that no tool has."""
    return name if _SOUND.fullmatch(name) else INVALID_NAME


class CallNames:
    """Renames the calls of one message. Its events must name each call by an id of its own."""

    def __init__(self, used_ids: Set[str]) -> None:
        self._used_ids = used_ids
        self._ids: dict[str, str] = {}

    def renamed(self, event: ModelEvent) -> ModelEvent:
        match event:
            case ToolCallDelta(tool_id, name):
                # Some providers tell the name after the first piece.
                return replace(
                    event, tool_id=self._id(tool_id), tool_name=name and sound_name(name)
                )
            case ModelTurn():
                return self._renamed_turn(event)
            case TextDelta() | PromptRead():
                return event

    def _renamed_turn(self, turn: ModelTurn) -> ModelTurn:
        content = tuple(
            {**block, "id": self._id(block["id"]), "name": sound_name(block["name"])}
            if block["type"] == "tool_use"
            else block
            for block in turn.content
        )
        calls = tuple(
            replace(call, tool_id=self._id(call.tool_id), tool_name=sound_name(call.tool_name))
            for call in turn.calls
        )
        return replace(turn, content=content, calls=calls)

    def _id(self, given: str) -> str:
        if given not in self._ids:
            is_usable = is_sound_id(given) and given not in self._used_ids
            self._ids[given] = given if is_usable else f"call_{new_id()}"
        return self._ids[given]
