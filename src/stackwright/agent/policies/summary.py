"""The second step of compaction: a stored summary stands for the beginning of a conversation.

The history itself stays whole; only requests are shorter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import (
    CONTEXT_OVERFLOW,
    ContentBlock,
    Message,
    ModelFailed,
    result_text,
)
from stackwright.agent.policies.compaction import (
    CHARACTERS_PER_TOKEN,
    cut_index,
    estimated_tokens,
    with_old_results_cleared,
)
from stackwright.agent.policies.keeping import KEPT, kept_words
from stackwright.core.attachments import ATTACHED

_TASK = (
    "Summarise the conversation so far for your own later use: what the person wants, what was "
    "decided and why, what exists (files, records, services), what failed and how it was solved, "
    "what is still open. Plain text, at most 600 words."
)
_NOT_SPOKEN = (FEEDBACK_PREFIX, ATTACHED)
_INTRODUCTION = "Summary of the conversation before this point:\n\n"
_VERBATIM = "\n\nThe person's last message before this point, word for word:\n\n"
_RESULT_CHARS = 500
_TEXT_CHARS = 20_000
_COVERED_CHARS = 200_000
"""What is summarised at once is cut to this at most: it must fit into a request itself."""
_LEAST_COVERED_CHARS = 2000
_NO_SUMMARY = "(It was too long to be summarised. Read the files for what exists.)"
_LAST_WORDS_CHARS = 8000
WORTH_SUMMARISING_TOKENS = 500


class Summariser(Protocol):
    """Asks the model for a text. Not shown to the person."""

    async def summary_of(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the model knows it: `summary` stands for the messages before `start`."""

    messages: tuple[Message, ...]
    """The messages from `start` on."""
    summary: str = ""
    start: int = 0

    def sent(self) -> tuple[Message, ...]:
        """The messages of a request."""
        if not self.summary:
            return self.messages
        introduction = Message("user", ({"type": "text", "text": _INTRODUCTION + self.summary},))
        return (introduction, *self.messages)


@dataclass(frozen=True, slots=True)
class Compactor:
    """Summarises when clearing old outputs is not enough."""

    threshold_tokens: int | None
    """None: only what the model itself found too long is shortened."""

    async def compacted(self, talk: Conversation, summariser: Summariser) -> Conversation:
        """`talk`, or a shorter one if it is above the threshold."""
        if self.threshold_tokens is None:
            return talk
        sent = talk.sent()
        if estimated_tokens(sent) <= self.threshold_tokens:
            return talk
        if estimated_tokens(with_old_results_cleared(sent)) <= self.threshold_tokens:
            return talk
        return await _cut(talk, self.threshold_tokens, summariser)

    async def shortened(self, talk: Conversation, summariser: Summariser) -> Conversation:
        """Half of `talk`, or less: the model found it too long, whatever the threshold is."""
        most_tokens = estimated_tokens(talk.sent()) // 2
        if self.threshold_tokens is not None:
            most_tokens = min(most_tokens, self.threshold_tokens)
        return await _cut(talk, most_tokens, summariser)


async def _cut(talk: Conversation, most_tokens: int, summariser: Summariser) -> Conversation:
    index = cut_index(talk.messages, keep_tokens=most_tokens // 4, most_tokens=most_tokens)
    covered = replace(talk, messages=talk.messages[:index]).sent()
    if index == 0 or estimated_tokens(covered) < WORTH_SUMMARISING_TOKENS:
        return talk
    told = "\n\n".join(_told(message) for message in covered)
    summary = await _summarised(told, most_tokens * CHARACTERS_PER_TOKEN, summariser)
    kept = talk.summary.partition(KEPT)[2].partition(_VERBATIM)[0]
    if kept := kept_words(talk.messages[:index], kept):
        summary += KEPT + kept
    if talk.messages[index].role == "assistant":
        earlier = talk.summary.partition(_VERBATIM)[2]
        words = _last_words(talk.messages[:index]) or earlier
        summary += _VERBATIM + _within(words, _LAST_WORDS_CHARS)
    return Conversation(talk.messages[index:], summary, talk.start + index)


async def _summarised(told: str, most_chars: int, summariser: Summariser) -> str:
    """A summary of as much as the model takes. The conversation goes on even if it takes nothing."""
    most_chars = min(most_chars, _COVERED_CHARS)
    while most_chars >= _LEAST_COVERED_CHARS:
        try:
            return await summariser.summary_of(f"{_TASK}\n\n{_within(told, most_chars)}")
        except ModelFailed as error:
            if error.code != CONTEXT_OVERFLOW:
                raise
        most_chars //= 2
    return _NO_SUMMARY


def _last_words(messages: Sequence[Message]) -> str:
    """What the person asked for last; empty when only the harness spoke."""
    spoken = (m.text for m in reversed(messages) if m.role == "user" and m.text)
    return next((text for text in spoken if not text.startswith(_NOT_SPOKEN)), "")


def _told(message: Message) -> str:
    return f"{message.role}: " + "\n".join(_told_block(block) for block in message.content)


def _told_block(block: ContentBlock) -> str:
    match block["type"]:
        case "text":
            return _within(block["text"], _TEXT_CHARS)
        case "tool_use":
            return f"[calls {block['name']}]"
        case "tool_result":
            return f"[result: {result_text(block)[:_RESULT_CHARS]}]"
        case _:
            return ""


def _within(text: str, most: int) -> str:
    """The beginning and the end of a text that is too long."""
    if len(text) <= most:
        return text
    return f"{text[: most // 4]}\n[…]\n{text[-most * 3 // 4 :]}"
