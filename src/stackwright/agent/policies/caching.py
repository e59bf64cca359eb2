"""Marks what the Anthropic API may cache: tools and conversation (the adapter marks the system)."""

from dataclasses import replace

from stackwright.agent.models.base import Message
from stackwright.agent.policies.base import TurnRequest

EPHEMERAL = {"type": "ephemeral"}
MOVING_MARKS = 2


class CacheMarks:
    """One mark on the last tool, one on the end of each of the last two messages to the model.

    The older one is where the request before this one ended: without it, a message with many
    parallel calls would lie further back than the API looks for what it has stored.
    """

    def apply(self, request: TurnRequest) -> TurnRequest:
        tools = request.tools
        if tools:
            tools = (*tools[:-1], {**tools[-1], "cache_control": EPHEMERAL})
        messages = list(request.messages)
        spoken = [index for index, message in enumerate(messages) if message.role == "user"]
        for index in spoken[-MOVING_MARKS:]:
            messages[index] = _marked(messages[index])
        return replace(request, tools=tools, messages=tuple(messages))


def _marked(message: Message) -> Message:
    end = {**message.content[-1], "cache_control": EPHEMERAL}
    return replace(message, content=(*message.content[:-1], end))
