"""Who computes for long gives way to others, on a host without control groups.

There the kernel shares a core first among sessions (`man 7 sched`, autogroups), so that the priority
of a program counts within its own session only. That of a session may be changed by its owner.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

LOWEST, USUAL = 19, 0


def give_way(pids: Sequence[int], *, does: bool) -> None:
    """Of all sessions that these programs are in. Say it again: others may begin, and who is not root
    may change only so many a second."""
    niceness = str(LOWEST if does else USUAL)
    for pid in pids:
        session = Path(f"/proc/{pid}/autogroup")
        with contextlib.suppress(OSError):
            if session.read_text().split()[-1:] != [niceness]:
                session.write_text(niceness)
