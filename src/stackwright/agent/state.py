"""The agent's state in the graph. Every key that a node writes has a reducer.

Messages live in a `DeltaChannel` (200 turns: 2.6 MB stored instead of 176 MB), one JSON text each:
the channel would turn a dict with a `role` key into a LangChain message.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

import orjson
from langgraph.channels.delta import DeltaChannel

from stackwright.agent.models.base import Message
from stackwright.core.events import Phase

RECENT_THOUGHTS = 5
SNAPSHOT_EVERY = 100
"""Updates after which the whole conversation is stored again, and what led to it is deleted. So long
is what a run's start reads, and what is stored beside the conversation."""


def _append(state: list[str] | None, writes: Sequence[list[str]]) -> list[str]:
    return [*(state or ()), *(message for batch in writes for message in batch)]


def _latest(_old: Any, new: Any) -> Any:
    return new


def _recent(old: list[str], new: list[str]) -> list[str]:
    return [*old, *new][-RECENT_THOUGHTS:]


def _add(old: int, new: int) -> int:
    return old + new


def _union(old: list[str], new: list[str]) -> list[str]:
    return sorted({*old, *new})


MESSAGES: DeltaChannel[list[str]] = DeltaChannel(_append, snapshot_frequency=SNAPSHOT_EVERY)
CONVERSATION = "messages"


class RunMode(TypedDict, total=False):
    """One value, because each that a run begins with costs a row."""

    is_repairing: bool
    """A proof failed in this run: the model's calls are repairs."""
    failures: list[str]
    """Signatures of the proofs that failed, since the person last decided how to go on."""
    repair_calls: int
    """Model calls so far that were repairs."""
    repair_limit: int
    """Most of them, once the person has allowed more than usual."""
    uses_fallback: bool
    """The fallback model is asked for the rest of the run, if there is one: the person chose it because it
    costs less, the first one failed three times in the same way, or the first one could not be reached."""
    fresh_from: int
    """Messages before this index are not sent any more in this run: a fresh look at what fails."""


class FullStackAgentState(TypedDict, total=False):
    """What a checkpoint holds of a conversation."""

    messages: Annotated[list[str], MESSAGES]
    refused_calls: Annotated[dict[str, str], _latest]
    """Calls of the last message that the stream gate refused: tool id → sentence for the model."""
    questions: Annotated[list[dict[str, Any]], _latest]
    """What the person was asked and has not answered."""
    steering: Annotated[list[int], _latest]
    """Numbers of the steering messages of this run that are in the conversation."""
    stopped: Annotated[str, _latest]
    """Why the loop ended without the model's wish: "", "iterations", "repairs", "cancelled" or
    "chosen" (by the person, on a card)."""
    mode: Annotated[RunMode, _latest]
    """How this run works now."""
    summary: Annotated[str, _latest]
    summary_until: Annotated[int, _latest]
    """Messages before this index are represented by `summary` in requests; history stays whole."""
    current_phase: Annotated[Phase, _latest]
    next_steps: Annotated[list[str], _latest]
    recent_thinking: Annotated[list[str], _recent]
    error_count: Annotated[int, _add]
    active_files: Annotated[list[str], _union]
    service_pids: Annotated[dict[str, int], _latest]
    """Process ids of the services that ran after the last tools, by name, in the sandbox of that time."""
    tokens_used: Annotated[int, _add]


def packed(message: Message) -> str:
    """A message as the checkpoint stores it."""
    kept: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.origin:
        kept["origin"] = message.origin
    return orjson.dumps(kept).decode()


def unpacked(text: str) -> Message:
    """The inverse of `packed`."""
    raw = orjson.loads(text)
    return Message(raw["role"], tuple(raw["content"]), raw.get("origin", ""))


def messages_of(state: FullStackAgentState, start: int = 0) -> list[Message]:
    """The conversation from message `start` on, oldest first."""
    return [unpacked(text) for text in (state.get("messages") or [])[start:]]


class Reading:
    """A conversation that is read again at each turn: every message is parsed once."""

    def __init__(self) -> None:
        self._known: dict[str, Message] = {}

    def messages_of(self, state: FullStackAgentState, start: int = 0) -> list[Message]:
        """The same as the function of this name."""
        texts = (state.get("messages") or [])[start:]
        known = self._known
        self._known = {text: known.get(text) or unpacked(text) for text in texts}
        return [self._known[text] for text in texts]


def last_message(state: FullStackAgentState) -> Message:
    """The newest message; a conversation that runs has one."""
    return unpacked(state.get("messages", [])[-1])


def user_text(text: str) -> Message:
    """A message of the person, or of the harness speaking in the person's place."""
    return Message("user", ({"type": "text", "text": text},))
