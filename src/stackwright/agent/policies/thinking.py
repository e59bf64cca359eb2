"""Sends thinking back only where its signature holds."""

from dataclasses import replace

from stackwright.agent.models.base import Message
from stackwright.agent.policies.base import TurnRequest

THINKING = frozenset({"thinking", "redacted_thinking"})


class OwnThinking:
    """Drops thinking of other models, and thinking that answered something else than is sent now.

    A signature is bound to its model and to what stood before it. After a change of the model, the
    prompt, the tools or the summary, the API refuses the block, and with it the whole conversation.
    """

    def apply(self, request: TurnRequest) -> TurnRequest:
        return replace(request, messages=tuple(_kept(m, request.origin) for m in request.messages))


def _kept(message: Message, origin: str) -> Message:
    if message.role == "user" or message.origin == origin:
        return message
    if not any(block["type"] in THINKING for block in message.content):
        return message
    return without_thinking(message)


def without_thinking(message: Message) -> Message:
    """The message without its thinking; its content may be empty then."""
    content = tuple(b for b in message.content if b["type"] not in THINKING)
    return replace(message, content=content, origin="")
