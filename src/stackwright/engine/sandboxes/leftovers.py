"""What an earlier engine left: folders of sandboxes, and processes that outlived it."""

import logging
import signal
from pathlib import Path

from stackwright.engine.process_tree.host_processes import signal_all, start_time
from stackwright.engine.record import Record

log = logging.getLogger(__name__)


def left_below(folder: Path) -> list[tuple[Path, Record | None]]:
    """The folders of an earlier engine's sandboxes, each with its record, or None if that is unreadable."""
    found: list[tuple[Path, Record | None]] = []
    for one in sorted(folder.iterdir()):
        try:
            found.append((one, Record.load(one)))
        except (OSError, ValueError, TypeError):
            log.warning("sandbox_record_unreadable", extra={"folder": one.name})
            found.append((one, None))
    return found


def kill_orphan(record: Record) -> None:
    """End what outlived its engine, and nothing that only has the number of it."""
    known = ((record.pid, record.pid_started), (record.first_pid, record.first_started))
    left = [pid for pid, started in known if pid and started and start_time(pid) == started]
    if left:
        log.warning("sandbox_orphan_killed", extra={"sandbox_id": record.id})
        signal_all(left, signal.SIGKILL)
