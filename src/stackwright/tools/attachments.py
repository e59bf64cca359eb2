"""What the person sent with a message, as a file of the app."""

from pydantic import Field

from stackwright.core.errors import InvalidPath
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.files import find_bytes
from stackwright.tools.protected import refuse_protected


class SaveAttachment(Arguments):
    name: str = Field(description="As it is named in the conversation: [Attached logo.png:].")
    path: str = Field(description="Where the app needs it, e.g. frontend/public/logo.png.")


async def save_attachment(arguments: SaveAttachment, context: ToolContext) -> str:
    refuse_protected(arguments.path)
    sent = {one.name: one for one in await context.attached()}
    one = sent.get(arguments.name)
    if one is None:
        names = ", ".join(sent) or "nothing"
        raise ToolFailed(f"The person sent no {arguments.name!r} in this run. They sent: {names}.")
    content = await context.kept(one.sha256)
    if content is None:
        raise ToolFailed(f"{arguments.name} is not kept any more; ask the person to send it again.")
    try:
        before = await find_bytes(context, arguments.path)
        if before is not None and before != content:
            raise ToolFailed(f"{arguments.path} is another file already: choose another path.")
        await context.files.apply({arguments.path: content})
    except InvalidPath as error:
        raise ToolFailed(str(error)) from error
    size = f"{one.width}x{one.height}, " if one.width else ""
    return f"Saved {arguments.path} ({size}{len(content)} bytes, {one.media_type})."


TOOLS = (
    Tool(
        "save_attachment",
        "Copy a picture or file that the person sent with a message into the app.",
        SaveAttachment,
        save_attachment,
        "repeatable",
        lambda a: frozenset({a.path}),
    ),
)
