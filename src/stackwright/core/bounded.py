"""Work on hostile input in a process of its own, which is ended when the work takes too long.

A regular expression that runs can neither be interrupted nor ended in a thread, and holds up all others.
The limit is the processor time that the work has used, so that a busy machine ends nothing.
"""

import asyncio
import pickle
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")

MAX_SECONDS = 10.0
MAX_WAIT_SECONDS = 60.0
"""For an answer from a machine that is too busy to work."""
MAX_MEMORY_BYTES = 2 * 1024**3
IDLE_SECONDS = 900.0
"""A process that is not asked for so long ends, and gives its memory back."""

_LIMITS = {signal.SIGPROF, signal.SIGALRM}
_ENDED_BY_LIMIT = {-signal.SIGPROF, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT}
"""A library that gets no more memory aborts, where Python raises MemoryError."""


class TookTooLong(Exception):
    """The work was ended before it was done."""


async def bounded(
    function: Callable[..., Answer], *given: Any, seconds: float = MAX_SECONDS
) -> Answer:
    """What the function returns or raises. It is named by its module; all it is given and returns is
    pickled. Raises TookTooLong."""
    work = pickle.dumps((seconds, function, given))
    loop = asyncio.get_running_loop()
    has_returned, answer = await loop.run_in_executor(_THREADS, _done, work)
    if not has_returned:
        raise answer
    return answer


def warm(function: Callable[..., Any]) -> None:
    """Start a process that has loaded the function's module; nobody waits for it."""
    _THREADS.submit(_done, pickle.dumps((MAX_SECONDS, callable, (function,))))


def _done(work: bytes) -> tuple[bool, Any]:
    """Blocks until one of the processes has done it."""
    answer = _own_process().answer(work)
    if answer is None:  # it ended out of idleness in this moment
        answer = _own_process().answer(work)
    if answer is None:
        raise TookTooLong
    return pickle.loads(answer)  # noqa: S301 - out of our own process


class _Process:
    """One that works for one caller at a time."""

    def __init__(self) -> None:
        self._popen = subprocess.Popen(  # noqa: S603 - this file
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def answer(self, work: bytes) -> bytes | None:
        """None when it has ended out of idleness. Raises TookTooLong."""
        timer = threading.Timer(MAX_WAIT_SECONDS, self._popen.kill)
        timer.start()
        try:
            return self._exchange(work)
        except (BrokenPipeError, EOFError):
            return self._explain(self.wait())
        finally:
            timer.cancel()

    def wait(self) -> int:
        with self._popen:  # closes the pipes as well
            return self._popen.wait()

    def _exchange(self, work: bytes) -> bytes:
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        pickle.dump(work, self._popen.stdin)
        self._popen.stdin.flush()
        return pickle.load(self._popen.stdout)  # noqa: S301 - out of our own process

    def _explain(self, code: int) -> None:
        if code in _ENDED_BY_LIMIT:
            raise TookTooLong
        if code != -signal.SIGALRM:
            raise RuntimeError(f"The process for bounded work ended with {code}.")


_THREADS = ThreadPoolExecutor(2, "bounded")
"""Each has a process of its own, so that one message that takes long does not hold up all others."""
_OF_THREAD = threading.local()


def _own_process() -> _Process:
    process: _Process | None = getattr(_OF_THREAD, "process", None)
    if process is not None and not process.is_alive:
        process.wait()
        process = None
    if process is None:
        process = _OF_THREAD.process = _Process()
    return process


def serve() -> None:
    """Do what comes in, until nobody asks any more. A timer that runs out ends the process."""
    for limit in _LIMITS:  # the process that started this one may ignore or block them
        signal.signal(limit, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _LIMITS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    came_in, goes_out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        signal.setitimer(signal.ITIMER_REAL, IDLE_SECONDS)
        try:
            work = pickle.load(came_in)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        pickle.dump(_result(work), goes_out)
        goes_out.flush()


def _result(work: bytes) -> bytes:
    """Whether it returned, and what; or what it raised."""
    seconds, function, given = pickle.loads(work)  # noqa: S301 - from the process that started this one
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return pickle.dumps((True, function(*given)))
    except Exception as error:  # noqa: BLE001 - it flies where the work was asked for
        error.add_note(traceback.format_exc())
        return pickle.dumps((False, error))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    serve()
