"""Whether a sandbox lives, and whether it can do what a run needs of it."""

import asyncio
import logging
import shlex
from typing import Protocol

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import SandboxId
from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult, Sandbox

log = logging.getLogger(__name__)

HEALTH_TRIES = 3
HEALTH_PAUSE_S = 0.2
TRIAL_LIMIT_S = 30.0
"""A sound sandbox takes a twentieth of a second; on a busy machine it may take many."""

# The file's suffix keeps it out of the workspace's record. A full disk is no defect: the agent
# can delete something.
_SCRIPT = """
import errno, os, sys
root = sys.argv[1]
trial = os.path.join(root, ".stackwright-trial.pyc")
os.makedirs(root, exist_ok=True)
if os.path.islink(root):
    sys.exit("the workspace is a link")
os.listdir(root)
try:
    os.path.lexists(trial) and os.unlink(trial)
    with open(trial, "xb") as file:
        file.write(b"works")
    os.unlink(trial)
except OSError as error:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise
print("works")
"""
_TRIAL = f"python3 -I -S -c {shlex.quote(_SCRIPT)} {WORKSPACE_ROOT}"


class _Living(Protocol):
    async def is_alive(self) -> bool: ...


async def answers(sandbox: _Living) -> bool:
    """Whether it lives. One missed answer on a busy host is no death."""
    for _ in range(HEALTH_TRIES - 1):
        if await sandbox.is_alive():
            return True
        await asyncio.sleep(HEALTH_PAUSE_S)
    return await sandbox.is_alive()


async def works(sandbox: Sandbox) -> bool:
    """Whether it runs a command through the login shell, which prints nothing of its own, and lists
    and writes the workspace."""
    try:
        tried = await sandbox.run(_TRIAL, cwd="/", timeout_s=TRIAL_LIMIT_S, max_output_bytes=10_000)
    except SandboxUnavailable as error:
        _tell(sandbox.id, str(error))
        return False
    if (tried.exit_code, tried.stdout) == (0, "works\n"):
        return True
    _tell(sandbox.id, _reason(tried))
    return False


def _reason(tried: CommandResult) -> str:
    if tried.timed_out:
        return "its login shell does not come to an end"
    last_words = (tried.stderr.strip() or tried.stdout.strip()).splitlines()[-1:]
    return f"exit code {tried.exit_code}: {''.join(last_words)[-300:]}"


def _tell(sandbox_id: SandboxId, why: str) -> None:
    log.warning("sandbox_does_not_work", extra={"sandbox_id": sandbox_id, "why": why})
