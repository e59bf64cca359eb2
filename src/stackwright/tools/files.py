"""Reading and writing files of the workspace."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence

from pydantic import Field

from stackwright.core.errors import FileNotInWorkspace
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import MAX_OUTPUT_CHARS, cut_end
from stackwright.tools.editing.engine import written
from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.editing.text import decode, is_binary, split_lines
from stackwright.tools.protected import refuse_protected, refuse_unlocked

MAX_LISTED = 400

_PATH = "Path relative to the workspace root, e.g. backend/main.py."


class ReadFile(Arguments):
    path: str = Field(description=_PATH)
    first_line: int = Field(default=1, ge=1, description="First line to read, from 1.")
    max_lines: int = Field(default=2000, ge=1, le=5000)


class BatchReadFiles(Arguments):
    paths: list[str] = Field(min_length=1, max_length=30, description="Paths to read.")


class WriteFile(Arguments):
    path: str = Field(description=_PATH)
    content: str = Field(description="The whole file. Never a placeholder for existing code.")


class FileContent(Arguments):
    path: str = Field(description=_PATH)
    content: str = Field(description="The whole file.")


class BatchWriteFiles(Arguments):
    files: list[FileContent] = Field(min_length=1, max_length=50)


class DeleteFile(Arguments):
    path: str = Field(description=_PATH)


class ListFiles(Arguments):
    folder: str = Field(default="", description="Folder to list; empty for the whole workspace.")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def find_bytes(context: ToolContext, path: str) -> bytes | None:
    try:
        return await context.files.read(path)
    except FileNotInWorkspace:
        return None


async def read_file(arguments: ReadFile, context: ToolContext) -> str:
    content = await _existing(context, arguments.path)
    context.seen[arguments.path] = digest(content)
    return await asyncio.to_thread(
        shown, arguments.path, content, first=arguments.first_line, max_lines=arguments.max_lines
    )


async def batch_read_files(arguments: BatchReadFiles, context: ToolContext) -> str:
    parts: list[str] = []
    budget = MAX_OUTPUT_CHARS // len(arguments.paths)
    for path in arguments.paths:
        content = await find_bytes(context, path)
        if content is None:
            parts.append(f"== {path}\n(no such file)")
            continue
        context.seen[path] = digest(content)
        text = await asyncio.to_thread(shown, path, content, budget=budget)
        parts.append(f"== {path}\n{text}")
    return "\n\n".join(parts)


def shown(
    path: str,
    content: bytes,
    *,
    first: int = 1,
    max_lines: int = 5000,
    budget: int = MAX_OUTPUT_CHARS,
) -> str:
    """The text as the model reads it, with a last line that says how to get the rest."""
    if is_binary(content):
        return f"{path} is a binary file of {len(content)} bytes."
    lines = split_lines(decode(content).text)
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
            f"Read on with read_file, first_line={last + 1}.]"
        )
    return text


def _within(lines: Sequence[str], budget: int) -> Sequence[str]:
    """As many whole lines as the budget allows, but at least one."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line)
        if size > budget and count:
            return lines[:count]
    return lines


async def write_file(arguments: WriteFile, context: ToolContext) -> str:
    return await write_all({arguments.path: arguments.content}, context)


async def batch_write_files(arguments: BatchWriteFiles, context: ToolContext) -> str:
    contents = {file.path: file.content for file in arguments.files}
    if len(contents) != len(arguments.files):
        raise ToolFailed("A path appears twice in this batch; write each file once.")
    return await write_all(contents, context)


async def write_all(contents: Mapping[str, str], context: ToolContext) -> str:
    """All files or none: every one is checked before the first is written."""
    changes: dict[str, bytes | None] = {}
    for path, text in contents.items():
        refuse_protected(path)
        before = await find_bytes(context, path)
        refuse_stale(context, path, before)
        try:
            content = await asyncio.to_thread(written, path, before, text)
        except EditRefused as error:
            raise ToolFailed(str(error)) from error
        refuse_unlocked(path, before, content)
        changes[path] = content
    changed = await apply(context, changes)
    if not changed:
        return "No change: the files already had this content."
    return "Written: " + ", ".join(f"{path} ({len(contents[path])} characters)" for path in changed)


async def apply(context: ToolContext, changes: Mapping[str, bytes | None]) -> Sequence[str]:
    """Record and lay out the changes, and remember what the model knows of each file."""
    changed = await context.files.apply(changes)
    for path, content in changes.items():
        if content is None:
            context.seen.pop(path, None)
        else:
            context.seen[path] = digest(content)
    return changed


def refuse_stale(context: ToolContext, path: str, content: bytes | None) -> None:
    """Raise ToolFailed when the file changed since the model last saw it."""
    seen = context.seen.get(path)
    if content is not None and seen is not None and seen != digest(content):
        raise ToolFailed(f"{path} changed since you read it. Read it again before you change it.")


async def was_applied(context: ToolContext, path: str) -> bool:
    """Whether what an earlier worker began to do to a file is recorded. Nobody else writes to that
    file meanwhile, but for the first laying out, which makes version 1."""
    versions = [file.version for file in await context.files.list() if file.path == path]
    return bool(versions) and versions[0] > max(context.files_version_before, 1)


async def find_deletion(arguments: DeleteFile, context: ToolContext) -> str:
    """A deletion whose worker died: made now if it was not."""
    if await find_bytes(context, arguments.path) is None:
        return f"Deleted {arguments.path}."
    return await delete_file(arguments, context)


async def delete_file(arguments: DeleteFile, context: ToolContext) -> str:
    refuse_protected(arguments.path)
    await _existing(context, arguments.path)
    await apply(context, {arguments.path: None})
    return f"Deleted {arguments.path}."


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


async def _existing(context: ToolContext, path: str) -> bytes:
    content = await find_bytes(context, path)
    if content is None:
        raise ToolFailed(f"No file {path!r}; list_files shows what there is.")
    return content


TOOLS = (
    Tool("read_file", "Read a text file of the workspace.", ReadFile, read_file),
    Tool("batch_read_files", "Read several files at once.", BatchReadFiles, batch_read_files),
    Tool(
        "write_file",
        "Create a file or replace it as a whole. For small changes use edit_file.",
        WriteFile,
        write_file,
        "repeatable",
        lambda a: frozenset({a.path}),
    ),
    Tool(
        "batch_write_files",
        "Create or replace several files, all or none.",
        BatchWriteFiles,
        batch_write_files,
        "repeatable",
        lambda a: frozenset(file.path for file in a.files),
    ),
    Tool(
        "delete_file",
        "Delete a file.",
        DeleteFile,
        delete_file,
        "once",
        lambda a: frozenset({a.path}),
        find_deletion,
    ),
    Tool("list_files", "List the files of the workspace with their sizes.", ListFiles, list_files),
)
