"""Records that several checks look at beside each other."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from stackwright.verify.records import AppApi, borrowed

MakeRecords = Callable[[AppApi], AbstractAsyncContextManager[Mapping[str, dict[str, Any]]]]


class SharedRecords:
    """One record of each kind: made for the first that wants them, removed after the last."""

    def __init__(self, make: MakeRecords = borrowed) -> None:
        self._make = make
        self._lock = asyncio.Lock()
        self._users = 0
        self._stack = AsyncExitStack()
        self._found: Mapping[str, dict[str, Any]] = {}

    @asynccontextmanager
    async def borrowed(self, api: AppApi) -> AsyncGenerator[Mapping[str, dict[str, Any]]]:
        """As `records.borrowed`, with which nobody else may be under way. Raises ApiFault."""
        async with self._lock:
            if self._users == 0:
                self._found = await self._stack.enter_async_context(self._make(api))
            self._users += 1
        try:
            yield self._found
        finally:
            async with self._lock:
                self._users -= 1
                if self._users == 0:
                    await self._stack.aclose()
