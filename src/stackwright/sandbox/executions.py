"""Commands that leave a record in the sandbox, so that one whose caller died is found, not repeated.

Each has a folder with the process (`pid`: number and start time), the first part of its output
(`out`, `err`; `out.whole`, `err.whole` once nothing more comes) and, once it has ended, its exit
`code`. Making the folder is what entitles to run the command: a worker that was taken for dead may
still try. All processes of a run carry its id in their environment, so that they can be ended
together.
"""

import asyncio
import hashlib
import shlex

from stackwright.core.ids import RunId
from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult, OutputSink, Sandbox
from stackwright.sandbox.detached import STARTED_AT, STATE_DIR

RUN_VARIABLE = "STACKWRIGHT_RUN"
MAX_RECORDED_BYTES = 2_000_000
LOOK_UP_SPARE_S = 5.0
BEGUN_BEFORE = 250
"""Exit code when the command has a folder already; it may also be the command's own."""

# Its end is the command's end: a program left in the background may write on, nobody waits for it.
_RUN = """\
{started_at} d={folder}; [ -d "${{d%/*}}" ] || mkdir -p "${{d%/*}}"
mkdir "$d" 2>/dev/null || {{ [ -d "$d" ] && exit {begun_before}; }}
echo "$$ $(started_at $$)" >"$d/pid"
keep() {{ head -c {limit} >"$d/$1" 2>/dev/null; : >"$d/$1.whole"; }}
exec 3> >(exec tee -p >(keep out)); out=$!
exec 4> >(exec 3>&-; exec tee -p >(keep err) >&2); err=$!
bash -c {command} >&3 2>&4 3>&- 4>&-; code=$?; echo "$code" >"$d/code"; exec 3>&- 4>&-
for round in {{1..30}}; do kill -0 $out 2>/dev/null || kill -0 $err 2>/dev/null || break; sleep 0.01; done
exit "$code"
"""
_LOOK_UP = """\
{started_at} d={folder}; [ -d "$d" ] || {{ echo never; exit; }}
for round in {{1..20}}; do read -r pid at 2>/dev/null <"$d/pid" && break; sleep 0.05; done
while [ -n "$at" ] && [ "$(started_at "$pid")" = "$at" ]; do sleep 0.1; done
read -r code 2>/dev/null <"$d/code" || {{ echo lost; exit; }}
for round in {{1..60}}; do [ -e "$d/out.whole" ] && [ -e "$d/err.whole" ] && break; sleep 0.05; done
echo "$code"; cat "$d/err" >&2; cat "$d/out"
"""
_END_RUN = """\
for round in 1 2 3 4 5; do
found=$(grep -lzxF {mark} /proc/[0-9]*/environ 2>/dev/null | tr -dc '0-9\\n'); [ -n "$found" ] || exit 0
for pid in $found; do kill -KILL -- "-$pid" "$pid" 2>/dev/null; done; sleep 0.02; done; exit 1
"""


class ExecutionUnknown(Exception):
    """The sandbox cannot tell what became of a command: it or its processes were lost meanwhile."""


def execution_id(run_id: RunId, tool_call_id: str) -> str:
    """Names one tool call's command; safe as a file name whatever the model calls its calls."""
    return hashlib.sha256(f"{run_id}\0{tool_call_id}".encode()).hexdigest()[:32]


def recorded_in(execution: str) -> str:
    """The folder with the command's `out` and `err`."""
    return f"{STATE_DIR}/commands/{execution}"


async def run_recorded(
    sandbox: Sandbox,
    execution: str,
    command: str,
    *,
    run_id: RunId,
    cwd: str = WORKSPACE_ROOT,
    timeout_s: float,
    on_output: OutputSink | None = None,
) -> CommandResult:
    """Like `Sandbox.run`; `look_up` finds the command for as long as the sandbox lives. A command that
    somebody else
    began in the meantime is waited for. Raises ExecutionUnknown."""
    script = _RUN.format(
        started_at=STARTED_AT,
        folder=recorded_in(execution),
        command=shlex.quote(command),
        limit=MAX_RECORDED_BYTES,
        begun_before=BEGUN_BEFORE,
    )
    envs = {RUN_VARIABLE: run_id}
    ran = await sandbox.run(script, cwd=cwd, envs=envs, timeout_s=timeout_s, on_output=on_output)
    if ran.exit_code != BEGUN_BEFORE:
        return ran
    found = await look_up(sandbox, execution, timeout_s=timeout_s)
    if found is None:
        raise ExecutionUnknown
    return found


async def look_up(sandbox: Sandbox, execution: str, *, timeout_s: float) -> CommandResult | None:
    """How a command ended that somebody else began, waiting for its end if it still runs; None when
    it was never begun in this sandbox. Raises ExecutionUnknown."""
    script = _LOOK_UP.format(started_at=STARTED_AT, folder=recorded_in(execution))
    found = await sandbox.run(script, cwd="/", timeout_s=timeout_s + LOOK_UP_SPARE_S)
    state, _, output = found.stdout.partition("\n")
    if state == "never":
        return None
    if found.timed_out or not state.isdigit():
        raise ExecutionUnknown
    return CommandResult(int(state), output, found.stderr)


async def end_processes(sandbox: Sandbox, run_id: RunId) -> None:
    """Kill every process that commands of the run left; services are not among them."""
    mark = shlex.quote(f"{RUN_VARIABLE}={run_id}")
    async with asyncio.timeout(LOOK_UP_SPARE_S):
        await sandbox.run(_END_RUN.format(mark=mark), cwd="/", timeout_s=LOOK_UP_SPARE_S)
