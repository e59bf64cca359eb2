"""`python -m …guarded PREFIX COMMAND…`: runs a program for which only databases whose names begin with
PREFIX exist.

The app's own tests run in the person's workspace; an app that names its database itself would let them
write the person's records.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from stackwright.verify.environment_scripts.database import url_of
from stackwright.verify.environment_scripts.database_guard import (
    FIXED_ADDRESS,
    DatabaseGuard,
    goes_past,
    server_of,
)
from stackwright.verify.environment_scripts.processes import end_all_below

REFUSED = 77
"""Exit status of a program that asked for another database."""
LOOK_S = 0.05


def main() -> None:
    prefix, *command = sys.argv[1:]
    sys.exit(run_guarded(prefix, command, os.environ))


def run_guarded(prefix: str, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The program's exit status, or REFUSED."""
    mine = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    mine["MONGODB_DB"] = f"{prefix}{secrets.token_hex(6)}"
    url = url_of(Path.cwd(), environment)
    server = server_of(url)
    if server is None:  # a cluster elsewhere tells its own addresses
        return subprocess.run(command, env=mine, check=False).returncode  # noqa: S603
    with DatabaseGuard(server, prefix, is_prefix=True) as guard:
        mine["MONGODB_URL"] = guard.url(url)
        status = _watched(command, mine, guard)
        guard.shutdown()
    if not guard.foreign:
        return status
    sys.stdout.write(f"\n{guard.refusal}\n")
    return REFUSED


def _watched(command: Sequence[str], environment: Mapping[str, str], guard: DatabaseGuard) -> int:
    """The program ends as soon as it is connected to the server itself."""
    with subprocess.Popen(command, env=dict(environment)) as program:  # noqa: S603
        while program.poll() is None:
            if goes_past(program.pid, guard.server[1]):
                guard.foreign = guard.foreign or FIXED_ADDRESS
                end_all_below(program.pid, grace_s=0)
                program.kill()
            time.sleep(LOOK_S)
        return program.returncode


if __name__ == "__main__":
    main()
