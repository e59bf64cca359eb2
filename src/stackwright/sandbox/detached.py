"""Programs that outlive their caller: how services and jobs are started, known and stopped.

Each has a log, and a file with its number and start time, under `STATE_DIR`.
"""

import shlex

STATE_DIR = "/home/user/.stackwright"
STARTED_AT = (
    'started_at() { local stat; read -r stat 2>/dev/null <"/proc/$1/stat" || return 0; '
    'set -- ${stat##*) }; echo "${20}"; };'
)
"""A process is known by its number and its start: after a reboot others have the old numbers."""


def pid_file(name: str) -> str:
    return f"{STATE_DIR}/pids/{name}"


def log_file(name: str) -> str:
    return f"{STATE_DIR}/logs/{name}.log"


def launch_script(name: str, program: str, cwd: str) -> str:
    """Stops what ran under the name before. The session leader writes its number before anything of
    the program runs."""
    detached = f"{STARTED_AT} echo $$ $(started_at $$) >{pid_file(name)}; {program}"
    return (
        f"mkdir -p {STATE_DIR}/logs {STATE_DIR}/pids; {stop_script(name)}; "
        f"cd {shlex.quote(cwd)} || exit 1; : >{log_file(name)}; "
        f"setsid bash -c {shlex.quote(detached)} </dev/null >>{log_file(name)} 2>&1 &"
    )


def stop_script(name: str) -> str:
    """Ask the process group, wait a little, then kill it; without a pid file nothing happens.

    The group of a leader that died is ended too; one that another process leads now is not ours.
    """
    return (
        f"{STARTED_AT} if read -r pid at 2>/dev/null <{pid_file(name)}; then "
        'now=$(started_at $pid); if [ -z "$now" ] || [ "$now" = "$at" ]; then '
        "kill -TERM -- -$pid 2>/dev/null; "
        "for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "
        "kill -0 -- -$pid 2>/dev/null || break; sleep 0.05; done; "
        f"kill -KILL -- -$pid 2>/dev/null; fi; rm -f {pid_file(name)}; fi; true"
    )
