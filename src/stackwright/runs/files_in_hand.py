"""Which files the agent is writing at this moment, read from the end of its run's log."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

WATCHED_TYPES = (
    "tool_args_delta",
    "tool_start",
    "tool_complete",
    "tool_refused",
    "message_reset",
)
WRITERS = frozenset(
    {"write_file", "batch_write_files", "edit_file", "smart_edit_file", "delete_file"}
)
MAX_STREAMED_CHARS = 400_000
_PATH = re.compile(r'"path"\s*:\s*("(?:[^"\\]|\\.){1,500}")')


def files_in_hand(events: Iterable[tuple[str, bytes]]) -> set[str]:
    """The paths of calls that are being streamed, or run, and have not ended."""
    streamed: dict[str, str] = {}
    running: dict[str, set[str]] = {}
    for kind, data in events:
        event: dict[str, Any] = json.loads(data)
        call = str(event.get("tool_id", ""))
        if kind == "message_reset":
            streamed.clear()
        elif kind in ("tool_complete", "tool_refused"):
            streamed.pop(call, None)
            running.pop(call, None)
        elif event.get("tool_name") in WRITERS:
            if kind == "tool_start":
                streamed.pop(call, None)
                running[call] = set(_named(event.get("tool_args")))
            else:
                text = streamed.get(call, "") + str(event.get("delta", ""))
                streamed[call] = text[:MAX_STREAMED_CHARS]
    written = {path for text in streamed.values() for path in _begun(text)}
    return written.union(*running.values())


def _named(arguments: Any) -> Iterable[str]:
    """The paths in a call's arguments."""
    if not isinstance(arguments, Mapping):
        return []
    known = cast("Mapping[str, Any]", arguments)
    files = known.get("files")
    several = cast("list[Any]", files) if isinstance(files, list) else []
    one = [known["path"]] if isinstance(known.get("path"), str) else []
    return one + [path for each in several for path in _named(each)]


def _begun(text: str) -> Iterable[str]:
    """The paths in a piece of a call's JSON, whose end is still to come."""
    for found in _PATH.finditer(text):
        try:
            yield json.loads(found[1])
        except ValueError:
            continue
