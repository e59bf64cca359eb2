"""Commands in the sandbox. What a command changes in the workspace is recorded afterwards."""

import signal
from typing import Literal

from pydantic import Field

from stackwright.core.events import ToolOutput
from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult, OutputSink
from stackwright.sandbox.executions import (
    ExecutionUnknown,
    execution_id,
    look_up,
    run_recorded,
)
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_middle

MAX_STREAMED_CHARS = 200_000
MAX_FOUND_LINES = 200
MAX_FOUND_LINE_CHARS = 300
SEARCH_TIMEOUT_S = 20.0
SIGNALLED = 128
"""A shell adds it to the number of the signal."""
SIGNAL_REASONS = {
    signal.SIGKILL: "out of memory?",
    signal.SIGXFSZ: "a file grew too large: the disk is full?",
    signal.SIGXCPU: "too much CPU time",
}
INTERRUPTED = (
    "The platform was interrupted while this command ran, and the sandbox does not know how it ended. "
    "It was not run again: look at the present state before you repeat it."
)


class RunCommand(Arguments):
    command: str = Field(min_length=1, max_length=20_000, description="A bash command line.")
    folder: str = Field(default="", description="Folder to run in, relative to the workspace root.")
    timeout_s: int = Field(default=120, ge=1, le=900, description="Seconds until it is killed.")


class SearchCode(Arguments):
    pattern: str = Field(min_length=1, max_length=500, description="Regular expression.")
    folder: str = Field(default="", description="Folder to search, relative to the workspace root.")
    glob: str = Field(default="", max_length=100, description="Only files like this, e.g. *.py.")


class ListProcesses(Arguments):
    pass


async def run_command(arguments: RunCommand, context: ToolContext) -> str:
    try:
        result = await run_recorded(
            await context.sandbox(),
            execution_id(context.run_id, context.tool_call_id),
            arguments.command,
            run_id=context.run_id,
            cwd=folder_in_sandbox(arguments.folder),
            timeout_s=arguments.timeout_s,
            on_output=_streamed_to(context),
        )
    except ExecutionUnknown:
        raise ToolFailed(INTERRUPTED) from None
    return await _described(result, arguments, context)


async def find_command(arguments: RunCommand, context: ToolContext) -> str:
    """What became of a command whose platform process died: its result, waiting for it if need be.
    One that was never begun is run now."""
    sandbox = await context.sandbox()
    execution = execution_id(context.run_id, context.tool_call_id)
    try:
        result = await look_up(sandbox, execution, timeout_s=arguments.timeout_s)
    except ExecutionUnknown:
        raise ToolFailed(INTERRUPTED) from None
    if result is not None:
        return await _described(result, arguments, context)
    if context.earlier_sandbox not in (None, sandbox.id):
        raise ToolFailed(INTERRUPTED)
    return await run_command(arguments, context)


def _streamed_to(context: ToolContext) -> OutputSink:
    streamed = 0

    def stream(kind: Literal["stdout", "stderr"], text: str) -> None:
        nonlocal streamed
        if streamed < MAX_STREAMED_CHARS:
            streamed += len(text)
            end = "" if streamed < MAX_STREAMED_CHARS else "\n[further output is not shown]\n"
            context.emit(ToolOutput(tool_id=context.tool_call_id, stream=kind, text=text + end))

    return stream


async def _described(result: CommandResult, arguments: RunCommand, context: ToolContext) -> str:
    """The result for the model, after what the command changed is recorded. Raises ToolFailed."""
    changed = await context.files.capture()
    parts = [f"exit code {result.exit_code}{_signal(result.exit_code)}"]
    if result.timed_out:
        parts[0] = f"killed after {arguments.timeout_s} s (use run_service for what keeps running)"
    if changed:
        parts.append(f"changed files: {', '.join(changed[:30])}")
    output = result.stdout + (f"\n[stderr]\n{result.stderr}" if result.stderr else "")
    text = (
        "; ".join(parts) + "\n" + cut_middle(output, rest="Redirect to a file to read it in parts.")
    )
    if result.exit_code != 0 or result.timed_out:
        raise ToolFailed(text)
    return text


def _signal(exit_code: int) -> str:
    """What a shell's exit code says of the signal that ended the command, if one did."""
    try:
        ended_by = signal.Signals(exit_code - SIGNALLED)
    except ValueError:
        return ""
    reason = SIGNAL_REASONS.get(ended_by)
    return f": killed by {ended_by.name}" + (f" ({reason})" if reason else "")


async def search_code(arguments: SearchCode, context: ToolContext) -> str:
    sandbox = await context.sandbox()
    glob = f"--include={_quoted(arguments.glob)} " if arguments.glob else ""
    result = await sandbox.run(
        "grep -rnIE --exclude-dir=node_modules --exclude-dir=.next --exclude-dir=__pycache__ "
        f"--exclude-dir=.git --exclude-dir=.venv --exclude=bun.lock {glob}"
        f"-e {_quoted(arguments.pattern)} . | cut -c1-{MAX_FOUND_LINE_CHARS} "
        f"| head -n {MAX_FOUND_LINES + 1}",
        cwd=folder_in_sandbox(arguments.folder),
        timeout_s=SEARCH_TIMEOUT_S,
    )
    if result.timed_out:
        raise ToolFailed(f"The search took over {SEARCH_TIMEOUT_S:.0f} s; search a folder or glob.")
    if result.stderr.strip():
        raise ToolFailed(cut_middle(result.stderr, 2000))
    found = result.stdout.splitlines()
    if len(found) > MAX_FOUND_LINES:
        found[MAX_FOUND_LINES:] = [
            f"[Only the first {MAX_FOUND_LINES} lines shown. Search a folder or glob for the rest.]"
        ]
    return "\n".join(line.removeprefix("./") for line in found) or "Nothing found."


async def list_processes(_arguments: ListProcesses, context: ToolContext) -> str:
    services = [
        f"{s.name}: {s.state}"
        + (f", port {s.port}" if s.port else "")
        + (f", pid {s.pid}" if s.pid else "")
        + (f" ({s.detail})" if s.detail else "")
        for s in await (await context.services()).status()
    ]
    sandbox = await context.sandbox()
    processes = [f"{p.pid} {p.command[:200]}" for p in await sandbox.processes()]
    return "Services\n" + "\n".join(services) + "\n\nProcesses\n" + "\n".join(processes)


def folder_in_sandbox(folder: str) -> str:
    """The absolute folder; raises ToolFailed when it leaves the workspace."""
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in folder:
        raise ToolFailed(f"{folder!r} is not a folder of the workspace.")
    return "/".join((WORKSPACE_ROOT, *parts))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


TOOLS = (
    Tool(
        "run_command",
        "Run a command in the sandbox and wait for it: package managers, scripts, tests.",
        RunCommand,
        run_command,
        "once",
        lambda _: frozenset({"*"}),
        find_command,
    ),
    Tool(
        "search_code",
        "Search the workspace's files by regular expression.",
        SearchCode,
        search_code,
    ),
    Tool(
        "list_processes",
        "The app's services and the sandbox's processes.",
        ListProcesses,
        list_processes,
    ),
)
