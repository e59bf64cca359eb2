"""Keeps a request within the model's context; the stored history stays whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.policies.base import TurnRequest

CHARACTERS_PER_TOKEN = 4
KEEP_RESULTS = 6
"""Tool results at the end of the conversation that are never cleared."""
CLEARED = "[Old output cleared to save space. Call the tool again if you need it.]"
WORTH_CLEARING_CHARS = 400


def estimated_tokens(messages: Sequence[Message]) -> int:
    """A quick upper-side estimate from the JSON's length."""
    return sum(len(orjson.dumps(m.content)) for m in messages) // CHARACTERS_PER_TOKEN


@dataclass(frozen=True, slots=True)
class ClearOldResults:
    """Above the threshold, old tool results are replaced by one sentence, in the request only."""

    threshold_tokens: int

    def apply(self, request: TurnRequest) -> TurnRequest:
        if estimated_tokens(request.messages) <= self.threshold_tokens:
            return request
        return replace(request, messages=with_old_results_cleared(request.messages))


def with_old_results_cleared(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The same conversation; all but the newest results are replaced by one sentence."""
    left = sum(b["type"] == "tool_result" for m in messages for b in m.content) - KEEP_RESULTS
    out: list[Message] = []
    for message in messages:
        blocks: list[ContentBlock] = []
        for block in message.content:
            if block["type"] == "tool_result" and left > 0:
                left -= 1
                blocks.append(_cleared(block))
            else:
                blocks.append(block)
        out.append(Message(message.role, tuple(blocks)))
    return tuple(out)


def _cleared(block: ContentBlock) -> ContentBlock:
    content: Any = block["content"]
    if isinstance(content, str) and len(content) < WORTH_CLEARING_CHARS:
        return block
    return {**block, "content": CLEARED}


def cut_index(messages: Sequence[Message], keep_tokens: int) -> int:
    """Where the kept end begins: at a message of the person; 0 when nothing can be cut."""
    size = 0
    best = 0
    for index in range(len(messages) - 1, 0, -1):
        size += estimated_tokens(messages[index : index + 1])
        message = messages[index]
        is_boundary = message.role == "user" and all(
            b["type"] != "tool_result" for b in message.content
        )
        if is_boundary:
            best = index
            if size >= keep_tokens:
                break
    return best
