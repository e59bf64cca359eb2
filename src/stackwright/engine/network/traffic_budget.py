"""How much of the engine's one event loop, and of whoever reads it, one sandbox's traffic may take."""

import asyncio
import time
from collections.abc import Callable

PER_SECOND = 8 << 20
SAVED = 16 << 20
"""A sandbox that was quiet may pass so much at once: the output of a long build."""
BLOCK_PRICE = 8 << 10
"""What passing any block costs, however small."""
VISIT_PRICE = 32 << 10
"""What a request to a program inside costs besides: opening a connection is the engine's longest way."""


class Allowance:
    """Paid in bytes of events, the dearest traffic: each is read, framed and parsed by itself, and
    a client that is woken for one after the other leaves no other program its turn. Bodies of files
    and of programs' answers cost by the block, which is large when there is much to read.

    Who owes waits until it is paid: the next block is then read later, and at last whoever sends
    waits too. Nothing is lost.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paid_at = clock()
        self._left = float(SAVED)

    async def pay_for_event(self, size: int) -> None:
        await asyncio.sleep(self.owed_s(max(size, BLOCK_PRICE)))

    async def pay_for_block(self, size: int) -> None:
        """Others have their turn in any case: much that was read at once may be many blocks."""
        del size
        await asyncio.sleep(self.owed_s(BLOCK_PRICE))

    async def pay_for_visit(self) -> None:
        await asyncio.sleep(self.owed_s(VISIT_PRICE))

    def owed_s(self, price: int) -> float:
        """Take the price, and tell how long it takes until nothing is owed any more."""
        now = self._clock()
        self._left = min(SAVED, self._left + (now - self._paid_at) * PER_SECOND) - price
        self._paid_at = now
        return max(0.0, -self._left / PER_SECOND)
