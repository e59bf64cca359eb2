"""Writing files of the workspace."""

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import Field

from stackwright.core.errors import FileNotInWorkspace
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_end
from stackwright.tools.editing.engine import written
from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.protected import refuse_protected, refuse_unlocked
from stackwright.tools.seen import TOO_DIFFERENT, difference, digest

MAX_TOLD_CHARS = 6000
"""Limit for the text on what changed in a file since the model saw it."""

PATH = "Path relative to the workspace root, e.g. backend/main.py."


class WriteFile(Arguments):
    path: str = Field(description=PATH)
    content: str = Field(description="The whole file. Never a placeholder for existing code.")


class FileContent(Arguments):
    path: str = Field(description=PATH)
    content: str = Field(description="The whole file.")


class BatchWriteFiles(Arguments):
    files: list[FileContent] = Field(min_length=1, max_length=50)


class DeleteFile(Arguments):
    path: str = Field(description=PATH)


async def find_bytes(context: ToolContext, path: str) -> bytes | None:
    try:
        return await context.files.read(path)
    except FileNotInWorkspace:
        return None


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
        await refuse_stale(context, path, before)
        try:
            content = await asyncio.to_thread(written, path, before, text)
        except EditRefused as error:
            raise ToolFailed(str(error)) from error
        refuse_unlocked(path, before, content)
        changes[path] = content
    changed = await apply(context, changes)
    if not changed:
        return "No change: the files already had this content."
    told = ", ".join(f"{path} ({len(contents[path])} characters)" for path in changed)
    return f"Written: {told}" + await found_in(context, changed)


async def found_in(context: ToolContext, written: Sequence[str]) -> str:
    """What linters say of files that were just written, as an ending of the answer."""
    return "" if context.findings is None else await context.findings.of(written)


async def apply(context: ToolContext, changes: Mapping[str, bytes | None]) -> Sequence[str]:
    """Record and lay out the changes, and remember what the model knows of each file."""
    changed = await context.files.apply(changes)
    for path, content in changes.items():
        if content is None:
            context.seen.forget(path)
        else:
            context.seen.note(path, content)
    return changed


async def refuse_stale(context: ToolContext, path: str, content: bytes | None) -> None:
    """Raise ToolFailed when the file changed since the model last saw it, and tell what changed."""
    seen = context.seen.find(path)
    if content is None or seen is None or seen.digest == digest(content):
        return
    changed = TOO_DIFFERENT
    if seen.content is not None:
        changed = await asyncio.to_thread(difference, path, seen.content, content)
    if changed == TOO_DIFFERENT or len(changed) > MAX_TOLD_CHARS:
        raise ToolFailed(
            f"{path} changed since you read it. Nothing was written: read it again first."
        )
    context.seen.note(path, content)
    raise ToolFailed(
        f"{path} changed since you read it. Nothing was written. This is the difference:\n{changed}\n"
        "Make your change fit and send it again; you need not read the file."
    )


async def seen_again(context: ToolContext, changed: Sequence[str]) -> str:
    """What a command of the model changed in files that it had seen: told now, no surprise later."""
    parts: list[str] = []
    room = MAX_TOLD_CHARS
    for path in changed:
        seen, content = context.seen.find(path), await find_bytes(context, path)
        if seen is None or content is None:
            context.seen.forget(path)
            continue
        context.seen.note(path, content)
        if seen.content is not None and room > 0:
            told = await asyncio.to_thread(difference, path, seen.content, content)
            parts.append(cut_end(told, room, rest=f"Read {path} before you edit it."))
            room -= len(told)
    return "\n[what it changed in files you had read]\n" + "\n".join(parts) if parts else ""


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
    await existing(context, arguments.path)
    await apply(context, {arguments.path: None})
    return f"Deleted {arguments.path}."


async def existing(context: ToolContext, path: str) -> bytes:
    content = await find_bytes(context, path)
    if content is None:
        raise ToolFailed(f"No file {path!r}; list_files shows what there is.")
    return content


TOOLS = (
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
)
