"""What this run changed, as a diff."""

import asyncio
from collections.abc import Mapping

from pydantic import Field

from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import MAX_OUTPUT_CHARS, cut_end
from stackwright.tools.files import find_bytes
from stackwright.tools.reading import shares
from stackwright.tools.seen import difference

MAX_NAMED = 200
BOOKKEEPING = ".stackwright/"
"""The platform's own records in the workspace: hashes that nobody reads. Named; shown if asked for."""


class ListChanges(Arguments):
    path: str = Field(default="", description="Only this file or folder; empty for all.")


async def list_changes(arguments: ListChanges, context: ToolContext) -> str:
    await context.files.capture()
    before = context.files.before_run()
    wanted = arguments.path.strip("/")
    paths = [path for path in before if _is_within(path, wanted)]
    if not paths:
        where = f" in {wanted}" if wanted else ""
        raise ToolFailed(f"No change{where} is known since this run began or was resumed.")
    now = {path: await find_bytes(context, path) for path in sorted(paths)[:MAX_NAMED]}
    return await asyncio.to_thread(_told, before, now, wanted)


def _is_within(path: str, wanted: str) -> bool:
    return not wanted or path == wanted or path.startswith(f"{wanted}/")


def _told(
    before: Mapping[str, bytes | None], now: Mapping[str, bytes | None], wanted: str = ""
) -> str:
    """A list of the files, then each one's diff within what all may have together."""
    changed = {path: content for path, content in now.items() if content != before[path]}
    diffs = {
        path: difference(path, before[path], after)
        for path, after in changed.items()
        if wanted or not path.startswith(BOOKKEEPING)
    }
    rooms = shares({path: len(diff) for path, diff in diffs.items()}, MAX_OUTPUT_CHARS)
    names = [f"{_kind(before[path], now[path])} {path}" for path in changed]
    parts = [
        cut_end(diff, rooms[path], rest=f"list_changes with path={path} shows more.")
        for path, diff in diffs.items()
        if now[path] is not None
    ]
    return "\n".join([*names, "", *parts]) if names else "All changes were taken back."


def _kind(before: bytes | None, after: bytes | None) -> str:
    if before is None:
        return "created"
    return "deleted" if after is None else "changed"


TOOLS = (
    Tool(
        "list_changes",
        "What this run has changed so far: the files, and the diff of each.",
        ListChanges,
        list_changes,
    ),
)
