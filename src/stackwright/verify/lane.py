"""Lets a check run alone: the others that run end first, and those to come wait."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Lane:
    """Each check runs in `shared`; one that is repeated leaves it and runs in `alone`."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._running = 0
        self._is_taken = False

    @asynccontextmanager
    async def shared(self) -> AsyncGenerator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_taken)
            self._running += 1
        try:
            yield
        finally:
            async with self._changed:
                self._running -= 1
                self._changed.notify_all()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_taken)
            self._is_taken = True
            try:
                await self._changed.wait_for(lambda: self._running == 0)
            except BaseException:
                self._is_taken = False
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            async with self._changed:
                self._is_taken = False
                self._changed.notify_all()
