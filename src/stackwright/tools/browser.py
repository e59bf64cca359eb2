"""A browser that the agent drives: several sessions at once, several actions in one call."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from stackwright.core.errors import PlatformError
from stackwright.tools.base import Arguments, Illustrated, Tool, ToolContext, ToolFailed
from stackwright.tools.browser_actions import BrowserAction
from stackwright.tools.services import app_runs

MAX_ACTIONS = 25
MAX_UPLOAD_BYTES = 5_000_000


class UseBrowser(Arguments):
    actions: tuple[BrowserAction, ...] = Field(
        min_length=1, max_length=MAX_ACTIONS, description="Done in order, until one fails."
    )
    session: str = Field(
        default="main",
        pattern=r"^[\w-]{1,20}$",
        description="A person of its own: cookies, window; ends with this run. Use two for two people at once.",
    )
    dialogs: Literal["accept", "dismiss"] = Field(
        default="accept", description="What to answer to alert, confirm and prompt."
    )


async def browser(arguments: UseBrowser, context: ToolContext) -> Illustrated:
    uploads = await _uploads(arguments.actions, context)
    await app_runs(context)
    sessions = await context.browser()
    return await sessions.act(
        arguments.session,
        arguments.actions,
        uploads=uploads,
        accepts_dialogs=arguments.dialogs == "accept",
    )


async def _uploads(actions: Sequence[BrowserAction], context: ToolContext) -> Mapping[str, bytes]:
    """The files of the workspace that are to be uploaded, by path."""
    found: dict[str, bytes] = {}
    for path in (path for action in actions if action.do == "upload" for path in action.values):
        try:
            found[path] = await context.files.read(path)
        except PlatformError as error:
            raise ToolFailed(f"{error} upload sends files of the workspace.") from error
    if sum(map(len, found.values())) > MAX_UPLOAD_BYTES:
        raise ToolFailed(f"One call may upload {MAX_UPLOAD_BYTES} bytes at most.")
    return found


async def _look_up(arguments: UseBrowser, context: ToolContext) -> Illustrated:
    del context
    raise ToolFailed(
        "The platform was interrupted during this call and its browser is gone. Some of the actions may "
        f"have happened. Session {arguments.session!r} begins anew with `open`."
    )


TOOLS = (
    Tool(
        "browser",
        "Use the app as a person would, in a real browser, and read what changed. It is the person's "
        "preview: what you add there, they see; remove your trial records. Name elements by role and name, "
        "label, placeholder, text or test_id; `within` picks the row. Put a whole flow into one call. `read` "
        "gives the page as an accessible tree, `picture` lets you see it.",
        UseBrowser,
        browser,
        "once",
        lambda a: frozenset({f"browser:{a.session}"}),
        _look_up,
    ),
)
