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
    origin: str = ""
    """Names the model and everything that precedes the messages: equal only if all of it is."""


class Policy(Protocol):
    def apply(self, request: TurnRequest) -> TurnRequest: ...
