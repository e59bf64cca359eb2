"""Changing parts of files with the edit engine, in a thread: a large file takes a second."""

import asyncio

from pydantic import Field

from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.editing.engine import Edit, edited
from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.files import apply, find_bytes, found_in, refuse_stale, was_applied
from stackwright.tools.protected import refuse_protected, refuse_unlocked

_EVERY = "Replace every exact occurrence, e.g. to rename something."


class EditFile(Arguments):
    path: str = Field(description="Path relative to the workspace root.")
    old_text: str = Field(
        description="Existing text, quoted exactly; must stand in one place only."
    )
    new_text: str = Field(description="What takes its place.")
    replace_all: bool = Field(default=False, description=_EVERY)


class TextEdit(Arguments):
    old_text: str = Field(description="Existing text; must stand in one place only.")
    new_text: str = Field(description="What takes its place.")
    replace_all: bool = Field(default=False, description=_EVERY)


class SmartEditFile(Arguments):
    path: str = Field(description="Path relative to the workspace root.")
    edits: list[TextEdit] = Field(
        min_length=1, max_length=50, description="Made in order, all or none."
    )


async def edit_file(arguments: EditFile, context: ToolContext) -> str:
    edit = Edit(arguments.old_text, arguments.new_text, arguments.replace_all)
    return await _edit(arguments.path, [edit], context, is_smart=False)


async def smart_edit_file(arguments: SmartEditFile, context: ToolContext) -> str:
    edits = [Edit(e.old_text, e.new_text, e.replace_all) for e in arguments.edits]
    return await _edit(arguments.path, edits, context, is_smart=True)


async def find_edit(arguments: EditFile | SmartEditFile, context: ToolContext) -> str:
    """An edit whose worker died: made now if it was not."""
    if await was_applied(context, arguments.path):
        return f"Edited {arguments.path}."
    if isinstance(arguments, EditFile):
        return await edit_file(arguments, context)
    return await smart_edit_file(arguments, context)


async def _edit(path: str, edits: list[Edit], context: ToolContext, *, is_smart: bool) -> str:
    refuse_protected(path)
    before = await find_bytes(context, path)
    if before is None:
        raise ToolFailed(f"No file {path!r}; list_files shows what there is.")
    await refuse_stale(context, path, before)
    try:
        after = await asyncio.to_thread(edited, path, before, edits, is_smart=is_smart)
    except EditRefused as error:
        raise ToolFailed(str(error)) from error
    refuse_unlocked(path, before, after)
    await apply(context, {path: after})
    count = len(edits)
    places = "place" if count == 1 else "places"
    return f"Edited {path} ({count} {places})." + await found_in(context, [path])


TOOLS = (
    Tool(
        "edit_file",
        "Replace one exact piece of a file. The rest of the file keeps its bytes.",
        EditFile,
        edit_file,
        "once",
        lambda a: frozenset({a.path}),
        find_edit,
    ),
    Tool(
        "smart_edit_file",
        "Make several replacements in one file at once; tolerates differences in trailing space "
        "and in the indentation of a whole block.",
        SmartEditFile,
        smart_edit_file,
        "once",
        lambda a: frozenset({a.path}),
        find_edit,
    ),
)
