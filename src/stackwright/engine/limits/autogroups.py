"""CPU priority of whole sessions, for a host without control groups.

The kernel shares a core among sessions first (`man 7 sched`, autogroups), so the priority of a program
counts within its own session only. The owner of a session may change the session's priority.
"""

from collections.abc import Sequence
from pathlib import Path

LOWEST, USUAL = 19, 0


def set_low_priority(pids: Sequence[int], *, is_low: bool) -> bool:
    """Set the priority of all sessions of these programs. False if some were refused and have to be set
    again: an ordinary user may change ten sessions a second."""
    niceness = str(LOWEST if is_low else USUAL)
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
