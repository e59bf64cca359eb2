"""Commands in the sandbox. What a command changes in the workspace is recorded afterwards."""

import re
import signal
from typing import Literal

from pydantic import Field

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.events import ToolOutput
from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult
from stackwright.sandbox.executions import (
    ExecutionUnknown,
    execution_id,
    look_up,
    recorded_in,
    run_recorded,
)
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import MAX_OUTPUT_CHARS, cut_middle
from stackwright.tools.files import seen_again

MAX_STREAMED_CHARS = 200_000
MAX_END_CHARS = 4000
"""Limit for the output of a command whose sandbox was lost."""
SIGNALLED = 128
"""A shell adds it to the number of the signal."""
TIME_IS_UP = 124
"""Exit code of the program `timeout`."""
SIGNAL_REASONS = {
    signal.SIGKILL: "killed from outside: out of memory?",
    signal.SIGSEGV: "it crashed on an invalid memory access",
    signal.SIGABRT: "it ended itself after an internal error",
    signal.SIGTERM: "it was asked to end",
    signal.SIGINT: "it was interrupted",
    signal.SIGPIPE: "nobody read its output any more",
    signal.SIGBUS: "it crashed on a bad memory address",
    signal.SIGILL: "it crashed on an instruction this machine lacks",
    signal.SIGFPE: "it crashed on an arithmetic error",
    signal.SIGXFSZ: "a file grew too large: the disk is full?",
    signal.SIGXCPU: "too much CPU time",
}
_CUT = re.compile(r"\|\s*(?:head|tail)\b[^|;&\n]*\Z")
"""The end of a command line that shows a part of what the command says: `pytest | tail -30`."""
INTERRUPTED = (
    "The platform was interrupted while this command ran, and the sandbox does not know how it ended. "
    "It was not run again: look at the present state before you repeat it."
)


class RunCommand(Arguments):
    command: str = Field(min_length=1, max_length=20_000, description="A bash command line.")
    folder: str = Field(default="", description="Folder to run in, relative to the workspace root.")
    timeout_s: int = Field(default=120, ge=1, le=900, description="Seconds until it is killed.")


async def run_command(arguments: RunCommand, context: ToolContext) -> str:
    stream = _Stream(context)
    try:
        result = await run_recorded(
            await context.sandbox(),
            execution_id(context.run_id, context.tool_call_id),
            _with_its_own_code(arguments.command),
            run_id=context.run_id,
            cwd=folder_in_sandbox(arguments.folder),
            timeout_s=arguments.timeout_s,
            on_output=stream.pass_on,
        )
    except ExecutionUnknown:
        raise ToolFailed(INTERRUPTED) from None
    except SandboxUnavailable as error:
        if not stream.end:
            raise
        raise ToolFailed(f"{error} The command's output until then ended:\n{stream.end}") from error
    return await _described(result, arguments, context)


def _with_its_own_code(command: str) -> str:
    """A command that ends in `| tail` fails when what is before the pipe fails; that `head` stops reading
    is no failure."""
    if not _CUT.search(command.rstrip()):
        return command
    pipe_closed = SIGNALLED + signal.SIGPIPE
    return f"set -o pipefail\n{command}\ncode=$?; [ $code -eq {pipe_closed} ] && code=0; exit $code"


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


class _Stream:
    """Passes output on to the person, up to a limit, and keeps its `end`."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self._passed_chars = 0
        self.end = ""

    def pass_on(self, kind: Literal["stdout", "stderr"], text: str) -> None:
        self.end = (self.end + text)[-MAX_END_CHARS:]
        if self._passed_chars >= MAX_STREAMED_CHARS:
            return
        self._passed_chars += len(text)
        is_last = self._passed_chars >= MAX_STREAMED_CHARS
        told = text + ("\n[further output is not shown]\n" if is_last else "")
        self._context.emit(ToolOutput(tool_id=self._context.tool_call_id, stream=kind, text=told))


async def _described(result: CommandResult, arguments: RunCommand, context: ToolContext) -> str:
    """The result for the model, after what the command changed is recorded. Raises ToolFailed."""
    changed = await context.files.capture()
    parts = [f"exit code {result.exit_code}{_signal(result.exit_code)}"]
    if result.timed_out:
        parts[0] = f"killed after {arguments.timeout_s} s (use run_service for what keeps running)"
    if changed:
        parts.append(f"changed files: {', '.join(changed[:30])}")
    output = result.stdout + (f"\n[stderr]\n{result.stderr}" if result.stderr else "")
    text = "; ".join(parts) + "\n" + cut_middle(output, rest=_rest(result, context))
    text += await seen_again(context, changed)
    if result.exit_code != 0 or result.timed_out:
        raise ToolFailed(text)
    return text


def _rest(result: CommandResult, context: ToolContext) -> str:
    """Where all of a long output is. The sandbox keeps its first part."""
    folder = recorded_in(execution_id(context.run_id, context.tool_call_id))
    first = result.stdout[: MAX_OUTPUT_CHARS // 2].count("\n") + 1
    return (
        f"All of it: run_command with sed -n '{first},{first + 300}p' {folder}/out"
        f"{f'; stderr: {folder}/err' if result.stderr else ''}."
    )


def _signal(exit_code: int) -> str:
    """What a shell's exit code says of the signal that ended the command, if one did."""
    try:
        ended_by = signal.Signals(exit_code - SIGNALLED)
    except ValueError:
        return " (the time limit of timeout was over)" if exit_code == TIME_IS_UP else ""
    reason = SIGNAL_REASONS.get(ended_by)
    return f": killed by {ended_by.name}" + (f" ({reason})" if reason else "")


def folder_in_sandbox(folder: str) -> str:
    """The absolute folder; raises ToolFailed when it leaves the workspace."""
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in folder:
        raise ToolFailed(f"{folder!r} is not a folder of the workspace.")
    return "/".join((WORKSPACE_ROOT, *parts))


TOOLS = (
    Tool(
        "run_command",
        "Run a command in the sandbox and wait for it: scripts, tests, generators. What takes minutes or "
        "never ends is a job: run_service.",
        RunCommand,
        run_command,
        "once",
        lambda _: frozenset({"*"}),
        find_command,
    ),
)
