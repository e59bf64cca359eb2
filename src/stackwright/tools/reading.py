"""Reading files of the workspace: whole where they fit, else a part and an outline of the rest."""

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import Field

from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import MAX_OUTPUT_CHARS, cut_end
from stackwright.tools.editing.text import is_binary, readable, split_lines
from stackwright.tools.files import PATH, existing, find_bytes
from stackwright.tools.outline import outline, told

MAX_LISTED = 400
MAX_BATCH_CHARS = 100_000
"""Limit for all files of a batch together."""
MAX_OUTLINE_CHARS = 6000
CUT_OUTLINE_CHARS = 2000
"""Limit for the outline of the part that a cut file does not show."""


class ReadFile(Arguments):
    path: str = Field(description=PATH)
    first_line: int = Field(default=1, ge=1, description="First line to read, from 1.")
    max_lines: int = Field(default=2000, ge=1, le=5000)
    outline: bool = Field(
        default=False, description="Only signatures with their line numbers, for a long file."
    )


class BatchReadFiles(Arguments):
    paths: list[str] = Field(min_length=1, max_length=50, description="Paths to read.")


class ListFiles(Arguments):
    folder: str = Field(default="", description="Folder to list; empty for the whole workspace.")


async def read_file(arguments: ReadFile, context: ToolContext) -> str:
    path = arguments.path
    content = await existing(context, path)
    if arguments.outline:
        return await asyncio.to_thread(outlined, path, content)
    context.seen.note(path, content)
    return await asyncio.to_thread(
        shown, path, content, first=arguments.first_line, max_lines=arguments.max_lines
    )


async def batch_read_files(arguments: BatchReadFiles, context: ToolContext) -> str:
    contents = {path: await find_bytes(context, path) for path in arguments.paths}
    for path, content in contents.items():
        if content is not None:
            context.seen.note(path, content)
    return await asyncio.to_thread(_batch, contents)


def _batch(contents: Mapping[str, bytes | None]) -> str:
    budgets = shares({path: len(content or b"") for path, content in contents.items()})
    parts = [
        f"== {path}\n"
        + ("(no such file)" if content is None else shown(path, content, budget=budgets[path]))
        for path, content in contents.items()
    ]
    return "\n\n".join(parts)


def shares(sizes: Mapping[str, int], total: int = MAX_BATCH_CHARS) -> dict[str, int]:
    """What each file gets of the sum: all it needs while the smaller ones leave enough."""
    given: dict[str, int] = {}
    for number, (path, size) in enumerate(sorted(sizes.items(), key=lambda each: each[1])):
        given[path] = min(size, (total - sum(given.values())) // (len(sizes) - number))
    return given


def shown(
    path: str,
    content: bytes,
    *,
    first: int = 1,
    max_lines: int = 5000,
    budget: int = MAX_OUTPUT_CHARS,
) -> str:
    """The text as the model reads it, with last lines that say how to get the rest."""
    if is_binary(content):
        return f"{path} is a binary file of {len(content)} bytes."
    whole = readable(content)
    lines = split_lines(whole)
    if not lines:
        return "(the file is empty)"
    if first > len(lines):
        return f"{path} has only {len(lines)} lines."
    taken = _within(lines[first - 1 : first - 1 + max_lines], budget)
    last = first - 1 + len(taken)
    text = "".join(taken)
    if len(text) > budget:
        text = cut_end(text, budget, rest="Use search_code or run_command to see parts of it.")
    if last < len(lines):
        text += (
            f"\n[Lines {first} to {last} of {len(lines)} shown. "
            f"Read on with read_file, first_line={last + 1}.]" + _below(path, whole, last)
        )
    return text


def _below(path: str, text: str, last: int) -> str:
    """An outline of what comes after line `last`."""
    entries = [entry for entry in outline(path, text) if entry[0] > last]
    rest = cut_end(told(entries), CUT_OUTLINE_CHARS, rest="read_file with outline shows all.")
    return f"\n[Further down:]\n{rest}" if entries else ""


def outlined(path: str, content: bytes) -> str:
    """Raises ToolFailed when there is nothing to tell."""
    text = "" if is_binary(content) else readable(content)
    entries = outline(path, text)
    if not entries:
        raise ToolFailed(f"{path} has no signatures that can be told; read it without outline.")
    count = len(split_lines(text))
    return cut_end(f"{path}, {count} lines\n{told(entries)}", MAX_OUTLINE_CHARS)


def _within(lines: Sequence[str], budget: int) -> Sequence[str]:
    """As many whole lines as the budget allows, but at least one."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line)
        if size > budget and count:
            return lines[:count]
    return lines


async def list_files(arguments: ListFiles, context: ToolContext) -> str:
    folder = arguments.folder.strip("/")
    prefix = f"{folder}/" if folder and folder != "." else ""
    files = [f for f in await context.files.list() if f.path.startswith(prefix)]
    if not files:
        raise ToolFailed(f"There are no files in {arguments.folder!r}.")
    lines = [f"{file.path} ({file.size_bytes} bytes)" for file in files[:MAX_LISTED]]
    if len(files) > MAX_LISTED:
        lines.append(f"[{len(files) - MAX_LISTED} more; list a folder to see them.]")
    return "\n".join(lines)


TOOLS = (
    Tool(
        "read_file",
        "Read a text file of the workspace. Of a long one, the answer ends with an outline of the rest.",
        ReadFile,
        read_file,
        is_reading=True,
    ),
    Tool(
        "batch_read_files",
        f"Read several files at once, whole up to {MAX_BATCH_CHARS:,} characters together.",
        BatchReadFiles,
        batch_read_files,
        is_reading=True,
    ),
    Tool(
        "list_files",
        "List the files of the workspace with their sizes.",
        ListFiles,
        list_files,
        is_reading=True,
    ),
)
