"""Programs in the background that may end: they answer on no port and have an exit code.

What is known of them lies in the sandbox, so that a later run finds them too.
"""

import re
import shlex
from collections.abc import Sequence

from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox, ServiceFailed, ServiceStatus
from stackwright.sandbox.detached import STARTED_AT, STATE_DIR, launch_script, pid_file, stop_script

MAX_JOBS = 20
SCRIPT_LIMIT_S = 15

_LIST = f"""
{STARTED_AT} cd {STATE_DIR}/pids 2>/dev/null || exit 0
for job in *.job; do
  [ -e "$job" ] || continue; name=${{job%.job}}; pid=; at=; code=
  read -r code 2>/dev/null <"$job"; read -r pid at 2>/dev/null <"$name"
  [ -n "$pid" ] && [ "$(started_at "$pid")" = "$at" ] || pid=
  echo "$name:$pid:$code"
done
"""
_LINE = re.compile(r"([a-z][a-z0-9-]{0,30}):(\d{0,9}):(\d{0,3})")


class SandboxJobs:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def start(self, name: str, command: str) -> ServiceStatus:
        """Start the job, anew if it runs already. Raises ServiceFailed."""
        known = await self.status()
        if len(known) >= MAX_JOBS and all(job.name != name for job in known):
            raise ServiceFailed(f"There are {MAX_JOBS} jobs already; use one of their names again.")
        note = f"{pid_file(name)}.job"
        program = f"bash -c {shlex.quote(command)}; echo $? >{note}"
        script = (
            f"mkdir -p {STATE_DIR}/pids; {stop_script(name)}; echo >{note}; "
            f"{launch_script(name, program, WORKSPACE_ROOT)} "
            f"for _ in {{1..100}}; do [ -s {pid_file(name)} ] && break; sleep 0.02; done"
        )
        result = await self._sandbox.run(script, cwd="/home/user", timeout_s=30)
        if result.exit_code != 0:
            raise ServiceFailed(f"{name} could not be started: {result.stderr[-1000:]}")
        return ServiceStatus(name, "running", None, None)

    async def status(self) -> Sequence[ServiceStatus]:
        result = await self._sandbox.run(_LIST, cwd="/home/user", timeout_s=SCRIPT_LIMIT_S)
        found = [_LINE.fullmatch(line) for line in result.stdout.splitlines()[: 2 * MAX_JOBS]]
        return [_status(*line.groups()) for line in found if line is not None]


def _status(name: str, pid: str, code: str) -> ServiceStatus:
    if pid:
        return ServiceStatus(name, "running", None, int(pid))
    detail = f"ended with exit code {code}" if code else "stopped before its end"
    return ServiceStatus(name, "stopped", None, None, detail)
