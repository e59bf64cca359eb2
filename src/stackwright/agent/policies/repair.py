"""Makes any stored conversation one that the model API accepts.

After a crash or a cancel: every tool_use gets a result, orphan results go, empty text goes,
neighbours of one role are merged, and the conversation starts with the person.
"""

from collections.abc import Sequence
from dataclasses import replace

from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.policies.base import TurnRequest

INTERRUPTED = "Interrupted before it finished; whether it had an effect is unknown."


class RepairHistory:
    def apply(self, request: TurnRequest) -> TurnRequest:
        return replace(request, messages=repaired(request.messages))


def repaired(messages: Sequence[Message]) -> tuple[Message, ...]:
    """An equal conversation without anything that the API refuses."""
    kept = _merged(_without_empty(messages))
    while kept and kept[0].role == "assistant":
        kept = kept[1:]
    return tuple(_answered(kept))


def _without_empty(messages: Sequence[Message]) -> list[Message]:
    out: list[Message] = []
    for message in messages:
        blocks = tuple(b for b in message.content if b["type"] != "text" or b["text"].strip())
        if blocks:
            out.append(Message(message.role, blocks))
    return out


def _merged(messages: Sequence[Message]) -> list[Message]:
    out: list[Message] = []
    for message in messages:
        if out and out[-1].role == message.role:
            out[-1] = Message(message.role, (*out[-1].content, *message.content))
        else:
            out.append(message)
    return out


def _answered(messages: Sequence[Message]) -> list[Message]:
    out: list[Message] = []
    open_ids: list[str] = []
    for message in messages:
        if message.role == "user":
            blocks = _results_first(message.content, open_ids)
            open_ids = []
            if blocks:
                out.append(Message("user", blocks))
        else:
            out.append(message)
            open_ids = [call["id"] for call in message.tool_calls]
    if open_ids:
        out.append(Message("user", _results_first((), open_ids)))
    return out


def _results_first(
    content: Sequence[ContentBlock], open_ids: Sequence[str]
) -> tuple[ContentBlock, ...]:
    results = {b["tool_use_id"]: b for b in content if b["type"] == "tool_result"}
    answers = [
        results.get(i)
        or {"type": "tool_result", "tool_use_id": i, "content": INTERRUPTED, "is_error": True}
        for i in open_ids
    ]
    return (*answers, *(b for b in content if b["type"] != "tool_result"))
