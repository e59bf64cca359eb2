"""Events as the log keeps them and as clients get them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticSerializationError

from stackwright.core.events import (
    TERMINAL_TYPES,
    AgentThinking,
    Event,
    ToolArgsDelta,
    ToolOutput,
)
from stackwright.core.ids import ProjectId, RunId
from stackwright.db.run_events import NewEvent


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of the log. `data` is its JSON, `type` included."""

    run_id: RunId
    project_id: ProjectId
    seq: int
    type: str
    data: bytes
    created_at: datetime

    @property
    def is_terminal(self) -> bool:
        return self.type in TERMINAL_TYPES

    def field(self, name: str) -> Any:
        """One field of its own."""
        return json.loads(self.data)[name]

    def as_named_json(self) -> bytes:
        """As the frame `event: <type>` carries it, whose name tells the type already. An error has its
        cause as `type` there, as well as `error_type`."""
        if self.type != "error":
            return self.as_json()
        told: dict[str, Any] = json.loads(self.as_json())
        return json.dumps(told | {"type": told["error_type"]}).encode()

    def as_json(self) -> bytes:
        """The event as clients get it: its own fields, then where and when it happened."""
        envelope: dict[str, Any] = {"seq": self.seq, "run_id": self.run_id}
        own: dict[str, Any] = json.loads(self.data) if self.type in _WITH_OWN_ENVELOPE else {}
        if "project_id" not in own:
            envelope["project_id"] = self.project_id
        if "timestamp" not in own:
            envelope["timestamp"] = self.created_at.isoformat()
        return self.data[:-1] + b"," + json.dumps(envelope).encode()[1:]


_WITH_OWN_ENVELOPE = TERMINAL_TYPES | {"agent_start"}


def encode(event: Event) -> NewEvent:
    """The event as the log keeps it; strings survive whatever they hold."""
    try:
        data = event.model_dump_json()
    except PydanticSerializationError:
        # Lone surrogates: as escapes they are still JSON.
        data = json.dumps(event.model_dump(), ensure_ascii=True)
    return NewEvent(event.type, data)


def merge_deltas(events: Sequence[Event]) -> list[Event]:
    """Neighbouring pieces of the same stream become one event."""
    merged: list[Event] = []
    pieces: list[str] = []
    for event in events:
        if merged and (key := _stream_of(event)) is not None and key == _stream_of(merged[-1]):
            pieces.append(_piece_of(event))
            continue
        _join(merged, pieces)
        merged.append(event)
        pieces = [_piece_of(event)]
    _join(merged, pieces)
    return merged


def _join(merged: list[Event], pieces: list[str]) -> None:
    if len(pieces) > 1:
        field = _TEXT_FIELD[merged[-1].type]
        merged[-1] = merged[-1].model_copy(update={field: "".join(pieces)})


_TEXT_FIELD = {"agent_thinking": "token", "tool_args_delta": "delta", "tool_output": "text"}


def _piece_of(event: Event) -> str:
    field = _TEXT_FIELD.get(event.type)
    return "" if field is None else getattr(event, field)


def _stream_of(event: Event) -> tuple[str, ...] | None:
    match event:
        case AgentThinking():
            return (event.type, event.node, event.kind)
        case ToolArgsDelta():
            return (event.type, event.tool_id, event.tool_name)
        case ToolOutput():
            return (event.type, event.tool_id, event.stream)
        case _:
            return None


def timestamp() -> str:
    """Now, as events carry it: ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat()
