"""Processes of a proof inside the sandbox: started with limits, ended with all that they started."""

import ctypes
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PROC = Path("/proc")
MORE_TASKS = 300
"""What a program of the proof may start on top of all that runs: a fork bomb must leave room for who
ends it."""
MARK = "STACKWRIGHT_PROOF"
"""In the environment of all programs of a proof."""
MAX_FILE_KB = 1_000_000
TAIL_BYTES = 64_000
GRACE_S = 1.0
END_MARKED_LIMIT_S = 5.0
_SET_CHILD_SUBREAPER = 36
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def adopt_orphans() -> None:
    """Make this process the parent of all below it whose parent ends, so that none gets away."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def started_at(pid: int) -> str | None:
    """When a process began, which tells it from a later one of the same number; None when it is over."""
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else fields[19]


def descendants(root: int) -> list[int]:
    """All processes below `root`, also those that are over and not yet waited for."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) is not None:
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def end_all_below(root: int, *, grace_s: float = GRACE_S, limit_s: float = 10.0) -> int:
    """Ask every process below `root` to end, then kill what is left. Returns how many withstood."""
    deadline = time.monotonic() + grace_s
    _signal(descendants(root), signal.SIGTERM)
    while _living(root) and time.monotonic() < deadline:
        time.sleep(0.02)
    deadline = time.monotonic() + limit_s
    while (left := _living(root)) and time.monotonic() < deadline:
        _signal(left, signal.SIGSTOP)  # a fork bomb has to stand still before it can be killed
        _signal(left, signal.SIGKILL)
        time.sleep(0.02)
    return len(_living(root))


def end_marked() -> int:
    """Kill what a supervisor left that was killed itself. Returns how many withstood."""
    deadline = time.monotonic() + END_MARKED_LIMIT_S
    while (left := _marked()) and time.monotonic() < deadline:
        _signal(left, signal.SIGKILL)
        time.sleep(0.02)
    return len(left)


class Program:
    """One program of the proof, with the end of what it said."""

    def __init__(
        self, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str]
    ) -> None:
        limits = f"ulimit -Su {_tasks() + MORE_TASKS}; ulimit -f {MAX_FILE_KB}"
        self._process = subprocess.Popen(  # noqa: S603 (our own commands)
            ["/bin/bash", "-c", f'{limits}; exec "$@"', "proof", *command],
            cwd=cwd,
            env={**environment, MARK: "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._tail = bytearray()
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.poll()

    def wait(self, limit_s: float) -> int | None:
        """The exit status; None when it did not end in time, and then it is ended."""
        try:
            status = self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            _signal([self.pid, *descendants(self.pid)], signal.SIGKILL)
            return None
        self._reader.join(0.5)  # somebody that it left behind may hold its output open
        return status

    def end(self) -> None:
        """It and what it started do not run any more."""
        _signal([self.pid, *descendants(self.pid)], signal.SIGKILL)
        self._process.wait()
        self._reader.join(0.5)
        if not self._reader.is_alive() and self._process.stdout is not None:
            self._process.stdout.close()

    def said(self, max_chars: int = 4000) -> str:
        """The end of its output, without colours."""
        with self._lock:
            text = bytes(self._tail).decode(errors="replace")
        return _COLOURS.sub("", text)[-max_chars:].strip()

    def _read(self) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while block := os.read(descriptor, 65_536):
            with self._lock:
                self._tail += block
                del self._tail[:-TAIL_BYTES]


def _living(root: int) -> list[int]:
    """What runs below `root`; children of this process that are over are waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass
    return [pid for pid in descendants(root) if started_at(pid) is not None]


def _marked() -> list[int]:
    sign = f"{MARK}=1".encode()
    found: list[int] = []
    for entry in PROC.iterdir():
        try:
            is_marked = entry.name.isdigit() and sign in (entry / "environ").read_bytes().split(
                b"\0"
            )
        except OSError:
            continue
        if is_marked and started_at(int(entry.name)) is not None:
            found.append(int(entry.name))
    return found


def _signal(pids: Sequence[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat behind the name: state, parent, …; None when it is gone."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(") ")[2].split()


def _tasks() -> int:
    """How many threads there are: that is what the limit of processes counts."""
    total = 0
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) is not None:
            total += int(fields[17])
    return total
