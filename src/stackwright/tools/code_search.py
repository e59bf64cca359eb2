"""Searching the workspace's files in the sandbox."""

import shlex

from pydantic import Field

from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_middle
from stackwright.tools.shell import folder_in_sandbox

MAX_FOUND_LINES = 200
MAX_LINES_WITH_CONTEXT = 400
MAX_LINE_CHARS = 300
SEARCH_TIMEOUT_S = 20.0
SKIPPED_FOLDERS = ("node_modules", ".next", "__pycache__", ".git", ".venv")


class SearchCode(Arguments):
    pattern: str = Field(min_length=1, max_length=500, description="Perl regular expression.")
    folder: str = Field(default="", description="Folder to search, relative to the workspace root.")
    glob: str = Field(default="", max_length=100, description="Only files like this, e.g. *.py.")
    context_lines: int = Field(default=0, ge=0, le=20, description="Lines shown around each hit.")
    ignore_case: bool = False


async def search_code(arguments: SearchCode, context: ToolContext) -> str:
    most = MAX_LINES_WITH_CONTEXT if arguments.context_lines else MAX_FOUND_LINES
    folder = folder_in_sandbox(arguments.folder).removeprefix(WORKSPACE_ROOT).strip("/")
    result = await (await context.sandbox()).run(
        f"{_grep(arguments, folder or '.')} | cut -c1-{MAX_LINE_CHARS} | head -n {most + 1}",
        timeout_s=SEARCH_TIMEOUT_S,
    )
    if result.timed_out:
        raise ToolFailed(f"The search took over {SEARCH_TIMEOUT_S:.0f} s; search a folder or glob.")
    if result.stderr.strip():
        raise ToolFailed(cut_middle(result.stderr, 2000))
    found = result.stdout.splitlines()
    if len(found) > most:
        found[most:] = [
            f"[Only the first {most} lines shown. Search a folder or glob for the rest.]"
        ]
    return "\n".join(line.removeprefix("./") for line in found) or "Nothing found."


def _grep(arguments: SearchCode, folder: str) -> str:
    options = [
        "grep",
        "-rnIP",
        # First: after an exclusion, grep searches also what no --include names.
        *([f"--include={arguments.glob}"] if arguments.glob else []),
        *(f"--exclude-dir={name}" for name in SKIPPED_FOLDERS),
        "--exclude=bun.lock",
        *([f"-C{arguments.context_lines}"] if arguments.context_lines else []),
        *(["-i"] if arguments.ignore_case else []),
    ]
    return shlex.join([*options, "-e", arguments.pattern, "--", folder])


TOOLS = (
    Tool(
        "search_code",
        "Search the workspace's files by regular expression, with the lines around each hit if wanted.",
        SearchCode,
        search_code,
        is_reading=True,
    ),
)
