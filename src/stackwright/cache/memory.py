"""The cache of a single process."""

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from stackwright.core.cache import Cache

MAX_ENTRIES = 10_000


class MemoryCache:
    """Entries expire; the least recently set go first when there are too many."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def get(self, key: str) -> str | None:
        expires_at, value = self._entries.get(key, (0.0, ""))
        if expires_at <= time.monotonic():
            self._entries.pop(key, None)
            return None
        return value

    async def set(self, key: str, value: str, *, ttl_s: int) -> None:
        self._entries[key] = (time.monotonic() + ttl_s, value)
        self._entries.move_to_end(key)
        while len(self._entries) > MAX_ENTRIES:
            self._entries.popitem(last=False)

    async def delete(self, key: str) -> None:
        self._entries.pop(key, None)

    async def is_healthy(self) -> bool:
        return True

    async def aclose(self) -> None:
        self._entries.clear()


if TYPE_CHECKING:

    def _proof(cache: MemoryCache) -> Cache:
        return cache
