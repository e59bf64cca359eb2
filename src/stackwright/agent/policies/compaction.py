"""Keeps a request within the model's context; the stored history stays whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.policies.base import TurnRequest

CHARACTERS_PER_TOKEN = 4
KEEP_RESULTS = 6
"""Tool results at the end of the conversation that are never cleared."""
CLEAR_AT_ONCE = 8
"""Results are cleared in groups: each clearing voids what the API has cached from there on."""
CLEARED = "[Old output cleared to save space. Call the tool again if you need it.]"
WORTH_CLEARING_CHARS = 400


def estimated_tokens(messages: Sequence[Message]) -> int:
    """A quick upper-side estimate from the JSON's length."""
    return sum(message.size for message in messages) // CHARACTERS_PER_TOKEN


@dataclass(frozen=True, slots=True)
class ClearOldResults:
    """Above the threshold, old tool results are replaced by one sentence, in the request only."""

    threshold_tokens: int

    def apply(self, request: TurnRequest) -> TurnRequest:
        if estimated_tokens(request.messages) <= self.threshold_tokens:
            return request
        messages = with_old_results_cleared(request.messages)
        count = cleared_results(request.messages)
        return replace(request, messages=messages, origin=f"{request.origin}-{count}")


def cleared_results(messages: Sequence[Message]) -> int:
    """How many results at the beginning are cleared."""
    total = sum(b["type"] == "tool_result" for m in messages for b in m.content)
    return max(0, total - KEEP_RESULTS) // CLEAR_AT_ONCE * CLEAR_AT_ONCE


def with_old_results_cleared(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The same conversation; all but the newest results are replaced by one sentence. Messages
    without such stay the same objects."""
    left = cleared_results(messages)
    out: list[Message] = []
    for message in messages:
        blocks: list[ContentBlock] = []
        for block in message.content:
            is_old = block["type"] == "tool_result" and left > 0
            left -= is_old
            blocks.append(_cleared(block) if is_old else block)
        is_changed = any(new is not old for new, old in zip(blocks, message.content, strict=True))
        out.append(replace(message, content=tuple(blocks)) if is_changed else message)
    return tuple(out)


def _cleared(block: ContentBlock) -> ContentBlock:
    content: Any = block["content"]
    if isinstance(content, str) and len(content) < WORTH_CLEARING_CHARS:
        return block
    return {**block, "content": CLEARED}


def cut_index(messages: Sequence[Message], *, keep_tokens: int, most_tokens: int) -> int:
    """Where the kept end begins; 0 when nothing can be cut.

    It begins with a message of the person. Only if that would keep more than `most_tokens`, as in
    one very long run, it begins between two steps of the model.
    """
    size = 0
    at_person = at_step = 0
    for index in reversed(range(1, len(messages))):
        size += estimated_tokens(messages[index : index + 1])
        if size > most_tokens and (at_person or at_step):
            break
        if _is_spoken(messages[index]):
            at_person = index
        elif messages[index].role == "assistant" and (size <= keep_tokens or not at_step):
            at_step = index
        if at_person and size >= keep_tokens:
            break
    return at_person or at_step


def _is_spoken(message: Message) -> bool:
    return message.role == "user" and all(b["type"] != "tool_result" for b in message.content)
