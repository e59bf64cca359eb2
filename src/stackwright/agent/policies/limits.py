"""Tells the model in time that its calls run out."""

from stackwright.agent.contract import FEEDBACK_PREFIX
from stackwright.agent.models.base import Message

WRAP_UP_BEFORE = 2


def wrap_up_note(calls_made: int, max_calls: int) -> tuple[Message, ...]:
    """From two calls before the limit on, a message that asks for a working state.

    It becomes part of the conversation: a changing system prompt would void the prompt cache, and
    a note that vanished again would void the signatures of the thinking that followed it."""
    left = max_calls - calls_made
    if left > WRAP_UP_BEFORE:
        return ()
    note = (
        f"{FEEDBACK_PREFIX}After this one only {left} model calls are left in this run. "
        "Bring the app into a working state and end with an honest summary."
    )
    return (Message("user", ({"type": "text", "text": note},)),)
