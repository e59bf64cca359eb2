"""All tables of the platform: its own and LangGraph's.

`python -m stackwright.tables` brings the database up to date whose address it reads.
"""

import asyncio
import logging
import subprocess
import sys

from stackwright.checkpoint import tables as checkpoints
from stackwright.db.migrate import is_current, upgrade

log = logging.getLogger(__name__)


def complete(direct_url: str) -> None:
    """Apply what is missing. Blocks; processes that start together take turns."""
    upgrade(direct_url)
    asyncio.run(checkpoints.set_up(direct_url))


async def complete_aside(direct_url: str) -> None:
    """Make missing tables in a process of its own, because this process would keep the memory. Ends this
    program when that fails."""
    is_complete = await asyncio.to_thread(is_current, direct_url)
    if is_complete and await checkpoints.are_current(direct_url):
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        stdin=subprocess.PIPE,  # not as an argument: those can be read by everybody
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    told, _ = await process.communicate(direct_url.encode())
    if process.returncode:
        output = told.decode(errors="replace").strip()
        log.error("migration_failed", extra={"output": output})
        last = output.splitlines()[-1] if output else f"exit code {process.returncode}"
        raise SystemExit(f"The database could not be migrated: {last}")


if __name__ == "__main__":
    complete(sys.stdin.read())
