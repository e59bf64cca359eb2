"""One upload of a file at a time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any


class Uploads:
    """A newer upload of a file ends an older one, whose client gave up as a rule and tries again: what is
    still on its way of the older must not be written over the newer."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Any]] = {}

    @asynccontextmanager
    async def alone(self, path: str) -> AsyncGenerator[None]:
        """Run the block as the only writer of `path`; its task is cancelled when another upload of the file
        begins."""
        task = asyncio.current_task()
        assert task is not None
        older = self._running.get(path)
        self._running[path] = task
        try:
            if older is not None:
                older.cancel()
                await asyncio.wait({older})
            yield
        finally:
            if self._running.get(path) is task:
                del self._running[path]
