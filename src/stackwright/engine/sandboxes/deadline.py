"""How long a sandbox still has, by a clock that nobody sets: the host's may jump."""

import time
from collections.abc import Callable


class Lifetime:
    """Over when nothing was said yet."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends_at = clock()

    @property
    def left_s(self) -> float:
        return max(0.0, self._ends_at - self._clock())

    def set(self, seconds: float) -> None:
        """From now on so long."""
        self._ends_at = self._clock() + seconds
