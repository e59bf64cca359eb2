"""Limits how much of the engine's event loop, and of its clients, one sandbox's traffic may take."""

import asyncio
import time
from collections.abc import Callable

PER_SECOND = 8 << 20
SAVED = 16 << 20
"""Bytes that a quiet sandbox may send at once: the output of a long build."""
BLOCK_PRICE = 8 << 10
"""Least cost of a block, however small."""
VISIT_PRICE = 32 << 10
"""Extra cost of a request to a program inside: opening the connection is the engine's most expensive step."""


class TrafficBudget:
    """A token bucket in bytes of events, the most expensive traffic: each event is read, framed and parsed on
    its own, and wakes a client. Bodies of files and answers of programs cost a fixed price per block.

    When the bucket is empty, the next block is read later, so the sender waits too. Nothing is lost.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paid_at = clock()
        self._left = float(SAVED)

    async def pay_for_event(self, size: int) -> None:
        await asyncio.sleep(self.owed_s(max(size, BLOCK_PRICE)))

    async def pay_for_block(self, size: int) -> None:
        """Always yields to other tasks, since one read may yield many blocks."""
        del size
        await asyncio.sleep(self.owed_s(BLOCK_PRICE))

    async def pay_for_visit(self) -> None:
        await asyncio.sleep(self.owed_s(VISIT_PRICE))

    def owed_s(self, price: int) -> float:
        """Take the price; seconds until the bucket is no longer overdrawn."""
        now = self._clock()
        self._left = min(SAVED, self._left + (now - self._paid_at) * PER_SECOND) - price
        self._paid_at = now
        return max(0.0, -self._left / PER_SECOND)
