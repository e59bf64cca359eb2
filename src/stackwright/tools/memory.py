"""The agent's notes on a project: one small text that it reads again at the start of later runs."""

from pydantic import Field

from stackwright.tools.base import Arguments, Tool, ToolContext

MAX_NOTES_CHARS = 4000


class Remember(Arguments):
    notes: str = Field(
        max_length=MAX_NOTES_CHARS,
        description="All notes on this project, short; they replace the ones before. Empty forgets them.",
    )


async def remember(arguments: Remember, context: ToolContext) -> str:
    await context.notes.write(arguments.notes.strip())
    return "Noted." if arguments.notes.strip() else "The notes are empty now."


TOOLS = (
    Tool(
        "remember",
        "Keep notes on this project for later runs: decisions, the person's taste, what is unusual. "
        "No secrets, and nothing that the files say already.",
        Remember,
        remember,
        "repeatable",
        lambda _: frozenset({"notes"}),
        needs_sandbox=False,
    ),
)
