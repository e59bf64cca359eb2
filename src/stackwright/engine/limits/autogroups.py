"""Who computes for long gives way to others, on a host without control groups.

There the kernel shares a core first among sessions (`man 7 sched`, autogroups), so that the priority
of a program counts within its own session only. That of a session may be changed by its owner.
"""

from collections.abc import Sequence
from pathlib import Path

LOWEST, USUAL = 19, 0


def give_way(pids: Sequence[int], *, does: bool) -> bool:
    """Of all sessions that these programs are in; whether it was said to each. Say it again if not:
    who is not root may change only ten a second."""
    niceness = str(LOWEST if does else USUAL)
    return all(_set(Path(f"/proc/{pid}/autogroup"), niceness) for pid in pids)


def _set(session: Path, niceness: str) -> bool:
    try:
        if session.read_text().split()[-1:] != [niceness]:
            session.write_text(niceness)
    except BlockingIOError:
        return False
    except OSError:  # it has ended, or this kernel has no such thing
        pass
    return True
