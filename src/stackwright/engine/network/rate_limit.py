"""Limits how often programs in a sandbox may cause work in the engine."""

import asyncio
import time
from collections.abc import Callable


class RateLimit:
    """At most `limit` times in each period of `period_s`."""

    def __init__(
        self, limit: int, period_s: float = 1.0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._period_s = period_s
        self._clock = clock
        self._ends_at = float("-inf")
        self._left = 0

    def take(self) -> float:
        """0.0 if it may happen now (then it is counted), else the seconds until it may."""
        now = self._clock()
        if now >= self._ends_at:
            self._ends_at, self._left = now + self._period_s, self._limit
        if self._left == 0:
            return self._ends_at - now
        self._left -= 1
        return 0.0

    async def wait(self) -> None:
        """Wait until it may happen, and count it."""
        while wait_s := self.take():  # noqa: ASYNC110 (for time to pass)
            await asyncio.sleep(wait_s)
