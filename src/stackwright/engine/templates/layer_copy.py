"""A copy of what a sandbox changed, for a snapshot. The sandbox stands still meanwhile."""

import asyncio
import contextlib
import errno
import os
from pathlib import Path

SHOWN_CHARS = 200


async def copy_layer(source: Path, target: Path) -> None:
    """Make `target` from `source`: contents (holes stay holes, shared blocks where the file system
    can), modes, times, hard links, whiteouts, extended attributes; no link is followed. Raises OSError,
    also for folders deeper than the longest path."""
    command = ["/bin/cp", "--archive", "--no-target-directory", "--", str(source), str(target)]
    if os.geteuid() != 0:
        # root of a user namespace may read what its owner forbade himself
        command = ["/usr/bin/unshare", "--user", "--map-root-user", "--", *command]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        complaint = await process.stderr.readline()
        if complaint or await process.wait() != 0:
            raise OSError(errno.EIO, complaint.decode(errors="replace").strip()[-SHOWN_CHARS:])
    except ValueError as error:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG)) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
