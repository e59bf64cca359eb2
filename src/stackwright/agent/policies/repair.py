"""Makes any stored conversation one that the model API accepts.

After a crash or a cancel: every tool_use gets a result, orphan results go, empty text and thinking
that nothing follows go, neighbours of one role are merged, and the person speaks first and last.
Calls whose id was used before, or whose id or name is ill-formed, get others.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from stackwright.agent.call_names import is_sound_id, sound_name
from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.policies.base import TurnRequest
from stackwright.agent.policies.thinking import THINKING, without_thinking

INTERRUPTED = "Interrupted before it finished; whether it had an effect is unknown."
GO_ON = "Go on."


class RepairHistory:
    def apply(self, request: TurnRequest) -> TurnRequest:
        return replace(request, messages=repaired(request.messages))


def repaired(messages: Sequence[Message]) -> tuple[Message, ...]:
    """An equal conversation without anything that the API refuses. What needs no repair is kept as
    it is: a long conversation passes here at each turn."""
    out: list[Message] = []
    open_ids: list[str] = []
    for message in _well_named(_merged(_without_empty(messages))):
        if message.role == "user":
            blocks = _results_first(message.content, open_ids)
            open_ids = []
            _append(out, message if blocks == message.content else Message("user", blocks))
        elif out:
            # What the person said in between may have been refused: then two messages become one.
            _append(out, without_thinking(message) if out[-1].role == "assistant" else message)
            open_ids = [call["id"] for call in message.tool_calls]
    _append(out, Message("user", _results_first((), open_ids)))
    if out and out[-1].role == "assistant":
        _append(out, Message("user", ({"type": "text", "text": GO_ON},)))
    return tuple(out)


def _without_empty(messages: Sequence[Message]) -> list[Message]:
    out: list[Message] = []
    for message in messages:
        if _is_whole(message):
            out.append(message)
            continue
        blocks = [b for b in message.content if not _is_empty(b)]
        while blocks and blocks[-1]["type"] in THINKING:
            blocks.pop()
        if blocks:
            out.append(replace(message, content=tuple(blocks)))
    return out


def _is_whole(message: Message) -> bool:
    content = message.content
    return (
        bool(content) and content[-1]["type"] not in THINKING and not any(map(_is_empty, content))
    )


def _is_empty(block: ContentBlock) -> bool:
    return block["type"] == "text" and not block["text"].strip()


def _merged(messages: Sequence[Message]) -> list[Message]:
    """A message may only begin with thinking: of the later one of two nothing is kept."""
    out: list[Message] = []
    for message in messages:
        follows_its_like = out and out[-1].role == message.role
        _append(out, without_thinking(message) if follows_its_like else message)
    return out


def _well_named(messages: Sequence[Message]) -> list[Message]:
    """New ids follow from the conversation alone: each request says the same, which is cached."""
    used: set[str] = set()
    out: list[Message] = []
    renamed: dict[str, list[str]] = {}
    """Ids of the calls before a message, in order: two may have shared one."""
    for message in messages:
        blocks: list[ContentBlock] = []
        answered, renamed = renamed, {}
        for block in message.content:
            if block["type"] == "tool_use":
                tool_id = _free_id(block["id"], used)
                used.add(tool_id)
                renamed.setdefault(block["id"], []).append(tool_id)
                blocks.append(_changed(block, id=tool_id, name=sound_name(block["name"])))
            elif block["type"] == "tool_result" and answered.get(block["tool_use_id"]):
                tool_id = answered[block["tool_use_id"]].pop(0)
                blocks.append(_changed(block, tool_use_id=tool_id))
            else:
                blocks.append(block)
        is_same = all(new is old for new, old in zip(blocks, message.content, strict=True))
        out.append(message if is_same else replace(message, content=tuple(blocks)))
    return out


def _free_id(tool_id: str, used: set[str]) -> str:
    if is_sound_id(tool_id) and tool_id not in used:
        return tool_id
    return next(name for n in count(len(used)) if (name := f"call_{n}") not in used)


def _changed(block: ContentBlock, **fields: str) -> ContentBlock:
    """Returns the same object if nothing changes."""
    return block if fields.items() <= block.items() else {**block, **fields}


def _append(out: list[Message], message: Message) -> None:
    """Its content goes to the last message, if that has its role."""
    if not message.content:
        return
    if out and out[-1].role == message.role:
        out[-1] = replace(out[-1], content=(*out[-1].content, *message.content))
    else:
        out.append(message)


def _results_first(
    content: tuple[ContentBlock, ...], open_ids: Sequence[str]
) -> tuple[ContentBlock, ...]:
    if [b.get("tool_use_id") for b in content] == open_ids:
        return content
    results = {b["tool_use_id"]: b for b in content if b["type"] == "tool_result"}
    answers = [
        results.get(i)
        or {"type": "tool_result", "tool_use_id": i, "content": INTERRUPTED, "is_error": True}
        for i in open_ids
    ]
    return (*answers, *(b for b in content if b["type"] != "tool_result"))
