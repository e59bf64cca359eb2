"""After a crash, what the conversation holds and the event log lost is told again.

Events are written a little later than checkpoints, so the last steps may be known to the model and
not to the readers; and readers may have seen half of a message that the model is asked for again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from stackwright.agent.contract import Told
from stackwright.agent.models.base import ContentBlock, Message, result_text
from stackwright.agent.tool_runner import tool_complete, tool_start
from stackwright.core.events import AgentThinking, MessageReset
from stackwright.tools.base import Emit


def retell(messages: Sequence[Message], asked: str | None, told: Told, emit: Emit) -> None:
    """`messages` are the whole conversation, `asked` is the person's message of this run. A call's
    events may be emitted once more."""
    emit(MessageReset(reason="the worker was replaced"))
    mine = _since(messages, asked)
    known = [
        i for i, m in enumerate(mine) if any(call["id"] in told.started for call in m.tool_calls)
    ]
    last_known = known[-1] if known else -1
    results = _results(mine)
    for index, message in enumerate(mine):
        if message.role == "assistant" and index > last_known and message.text:
            emit(AgentThinking(token=message.text))
        for call in message.tool_calls:
            result = results.get(call["id"])
            is_lost = index >= last_known and call["id"] not in told.refused
            if result is not None and (is_lost or call["id"] in told.started):
                emit(tool_start(call["name"], call["id"], call["input"]))
                failed = bool(result.get("is_error"))
                text = result_text(result)
                emit(tool_complete(call["name"], call["id"], text, failed=failed))


def _since(messages: Sequence[Message], asked: str | None) -> Sequence[Message]:
    """The messages from the person's last `asked` on; all if it was not asked."""
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].role == "user" and messages[index].text == asked:
            return messages[index:]
    return messages


def _results(messages: Sequence[Message]) -> Mapping[str, ContentBlock]:
    found: dict[str, Any] = {}
    for message in messages:
        for block in message.content:
            if block["type"] == "tool_result":
                found[block["tool_use_id"]] = block
    return found
