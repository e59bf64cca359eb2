"""What a summary must not blur: wishes, decisions and open questions are kept word by word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stackwright.agent.models.base import ContentBlock, Message, result_text

KEPT = "\n\nKept word by word from before this point:\n\n"
MAX_KEPT_CHARS = 12_000
ANSWERED = "My answer to your question: "
"""Begins the message that tells the model what the person answered."""
_WISH = re.compile(r"^(w[1-9]\d{0,4}) \(", re.MULTILINE)


def kept_words(messages: Sequence[Message], earlier: str) -> str:
    """The lines that stay, the newest last; `earlier` is what was kept of the conversation before these
    messages. When it is too much, the oldest go."""
    lines = dict.fromkeys(filter(None, earlier.split("\n\n")))
    for line in _lines(messages):
        wish = _WISH.match(line)
        for old in [old for old in lines if wish and old.startswith(f"{wish[1]} (")]:
            del lines[old]
        lines.pop(line, None)
        lines[line] = None
    kept: list[str] = []
    size = 0
    for line in reversed(lines):
        size += len(line) + 2
        if size > MAX_KEPT_CHARS:
            break
        kept.append(line)
    return "\n\n".join(reversed(kept))


def _lines(messages: Sequence[Message]) -> Iterator[str]:
    results = {
        block["tool_use_id"]: result_text(block)
        for message in messages
        for block in message.content
        if block["type"] == "tool_result" and not block.get("is_error")
    }
    for message in messages:
        for block in message.content:
            if block["type"] == "tool_use" and block["id"] in results:
                yield from _of_call(block["name"], block["input"], results[block["id"]])
            elif block["type"] == "tool_use" and block["name"] == "ask_user_tool":
                yield _line(f"Open question: {block['input'].get('question', '')}")
            elif _is_answer(message, block):
                yield _line(f"Decided: {block['text'].removeprefix(ANSWERED)}")


def _of_call(name: str, given: Mapping[str, Any], result: str) -> Iterator[str]:
    if name == "set_wishes":
        yield from (_line(line) for line in result.splitlines() if _WISH.match(line))
    elif name == "change_wish":
        text = given.get("text") or f"given up: {given.get('reason', '')}"
        yield _line(f"{given.get('id', '')} (changed) {text}")
    elif name == "propose_plan":
        decisions, questions = given.get("decisions") or (), given.get("questions") or ()
        yield from (_line(f"Decided: {line}") for line in decisions)
        yield from (_line(f"Open question: {line}") for line in questions)


def _is_answer(message: Message, block: ContentBlock) -> bool:
    return message.role == "user" and block["type"] == "text" and block["text"].startswith(ANSWERED)


def _line(text: str) -> str:
    """One paragraph, since paragraphs are what is kept and counted."""
    return re.sub(r"\n{2,}", "\n", text.strip())
