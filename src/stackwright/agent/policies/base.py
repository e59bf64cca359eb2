"""A policy: a small object that may change the request before each model call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from stackwright.agent.models.base import Message


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """What will be sent to the model for one turn. History itself is never changed."""

    messages: tuple[Message, ...]
    system: str
    tools: tuple[Mapping[str, Any], ...]
    calls_made: int
    """Model calls of this run so far, this one included."""
    max_calls: int


class Policy(Protocol):
    def apply(self, request: TurnRequest) -> TurnRequest: ...
