"""Points at which a process can be made to die, to prove that nothing is lost.

`reached` stands wherever work crosses to the database, the model, the sandbox or a client. It costs
one comparison and does nothing unless `arm` was called, which only KILL_AT and KILL_LOG do.
"""

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_is_work: ContextVar[bool] = ContextVar("is_work", default=False)


class _Armed:
    """Numbers the points that are reached; the log has one line for each, `<number> <name>`."""

    def __init__(self, kill_at: int | None, log: Path | None, how: int) -> None:
        self._kill_at = kill_at
        self._how = how
        self._reached = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._log = None if log is None else os.open(log, flags, 0o600)

    def reach(self, name: str) -> None:
        self._reached += 1
        if self._log is not None:
            os.write(self._log, f"{self._reached} {name}\n".encode())
        if self._reached == self._kill_at:
            os.kill(os.getpid(), self._how)


_armed: _Armed | None = None


def arm(kill_at: int | None, log: Path | None, *, how: int = signal.SIGKILL) -> None:
    """Count points from now on, and send a signal to this process at number `kill_at`. With neither argument,
    nothing is counted."""
    global _armed  # noqa: PLW0603 (a process dies as a whole)
    _armed = None if kill_at is None and log is None else _Armed(kill_at, log, how)


def reached(name: str) -> None:
    """A point of the work. Outside `work` (upkeep, start, end) it is not counted."""
    if _armed is not None and _is_work.get():
        _armed.reach(name)


@contextmanager
def work() -> Generator[None]:
    """A request or a run: points inside it, and in tasks begun inside it, are counted."""
    token = _is_work.set(True)
    try:
        yield
    finally:
        _is_work.reset(token)
