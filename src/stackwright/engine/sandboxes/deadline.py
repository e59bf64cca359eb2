"""When a sandbox expires, by a monotonic clock: the host's clock may be set."""

import time
from collections.abc import Callable


class Deadline:
    """Already expired until `set` is called."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends_at = clock()

    @property
    def left_s(self) -> float:
        return max(0.0, self._ends_at - self._clock())

    def set(self, seconds: float) -> None:
        """Expire after that many seconds from now."""
        self._ends_at = self._clock() + seconds
