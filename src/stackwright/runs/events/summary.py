"""A run's event log, told as one message: what the model said and which tools it used."""

import json
from collections.abc import Iterable
from typing import Any

from stackwright.db.run_records import RunSummary

MAX_TEXT_CHARS = 100_000
MAX_PREVIEW_CHARS = 300
MAX_TOOL_CALLS = 500


SUMMARY_TYPES = frozenset({"agent_thinking", "message_reset", "tool_start", "tool_complete"})
"""Types of the events that a summary is made of."""


def summarise(events: Iterable[tuple[str, str | bytes]]) -> RunSummary:
    """Visible text between tool calls becomes paragraphs; text that was reset is left out."""
    paragraphs: list[str] = []
    current: list[str] = []
    calls: dict[str, dict[str, Any]] = {}
    for kind, data in events:
        match kind:
            case "agent_thinking":
                event = json.loads(data)
                if event.get("kind", "text") == "text":
                    current.append(event["token"])
            case "message_reset":
                current.clear()
            case "tool_start":
                _end_paragraph(paragraphs, current)
                event = json.loads(data)
                calls[event["tool_id"]] = _started(event)
            case "tool_complete":
                event = json.loads(data)
                calls.setdefault(event["tool_id"], _started(event)).update(_ended(event))
            case _:
                pass
    _end_paragraph(paragraphs, current)
    text = "\n\n".join(paragraphs)[-MAX_TEXT_CHARS:]
    return RunSummary(text, list(calls.values())[:MAX_TOOL_CALLS])


def _end_paragraph(paragraphs: list[str], current: list[str]) -> None:
    text = "".join(current).strip()
    current.clear()
    if text:
        paragraphs.append(text)


def _started(event: dict[str, Any]) -> dict[str, Any]:
    call = {"tool_id": event["tool_id"], "tool_name": event["tool_name"]}
    path = event.get("tool_args", {}).get("path")
    return {**call, "path": path} if isinstance(path, str) else call


def _ended(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "outcome": event.get("outcome", "ok"),
        "output_preview": event["output_preview"][:MAX_PREVIEW_CHARS],
    }
