"""Marks what the Anthropic API may cache: system, tools and the conversation so far."""

from dataclasses import replace

from stackwright.agent.models.base import Message
from stackwright.agent.policies.base import TurnRequest

EPHEMERAL = {"type": "ephemeral"}


class CacheMarks:
    """One mark on the last tool and one on the last block: everything before them is reused."""

    def apply(self, request: TurnRequest) -> TurnRequest:
        tools = request.tools
        if tools:
            tools = (*tools[:-1], {**tools[-1], "cache_control": EPHEMERAL})
        messages = request.messages
        if messages and messages[-1].content[-1]["type"] != "thinking":
            end = messages[-1]
            block = {**end.content[-1], "cache_control": EPHEMERAL}
            messages = (*messages[:-1], Message(end.role, (*end.content[:-1], block)))
        return replace(request, tools=tools, messages=messages)
