"""The second step of compaction: a stored summary stands for the beginning of a conversation.

The history itself stays whole; only requests are shorter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.policies.compaction import (
    cut_index,
    estimated_tokens,
    with_old_results_cleared,
)

_TASK = (
    "Summarise the conversation so far for your own later use: what the person wants, what was "
    "decided and why, what exists (files, records, services), what failed and how it was solved, "
    "what is still open. Plain text, at most 600 words."
)
_RESULT_CHARS = 500
_INTRODUCTION = "Summary of the conversation before this point:\n\n"


class Summariser(Protocol):
    """Asks the model for a text. Not shown to the person."""

    async def summary_of(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Compaction:
    """`summary` stands for the messages before index `until`."""

    summary: str = ""
    until: int = 0

    def apply(self, history: Sequence[Message]) -> list[Message]:
        """The conversation as it is sent."""
        if not self.summary:
            return list(history)
        introduction = Message("user", ({"type": "text", "text": _INTRODUCTION + self.summary},))
        return [introduction, *history[self.until :]]


@dataclass(frozen=True, slots=True)
class Compactor:
    """Summarises when clearing old outputs is not enough."""

    threshold_tokens: int

    async def compacted(
        self, history: Sequence[Message], known: Compaction, summariser: Summariser
    ) -> Compaction:
        """`known`, or a newer one that covers more of `history`."""
        sent = known.apply(history)
        if estimated_tokens(with_old_results_cleared(sent)) <= self.threshold_tokens:
            return known
        until = cut_index(history, keep_tokens=self.threshold_tokens // 4)
        if until <= known.until:
            return known
        covered = "\n\n".join(_told(message) for message in known.apply(history[:until]))
        return Compaction(await summariser.summary_of(f"{_TASK}\n\n{covered}"), until)


def _told(message: Message) -> str:
    return f"{message.role}: " + "\n".join(_told_block(block) for block in message.content)


def _told_block(block: ContentBlock) -> str:
    match block["type"]:
        case "text":
            return block["text"]
        case "tool_use":
            return f"[calls {block['name']}]"
        case "tool_result":
            return f"[result: {str(block['content'])[:_RESULT_CHARS]}]"
        case _:
            return ""
