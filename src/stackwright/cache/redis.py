"""The cache that several processes share. A Redis that does not answer is an empty cache."""

import logging
from typing import TYPE_CHECKING, Any

import redis.asyncio as redis
from redis.exceptions import RedisError

from stackwright.core.cache import Cache

log = logging.getLogger(__name__)

PREFIX = "stackwright:"
TIMEOUT_S = 0.5
CONNECTIONS = 8
"""Many lookups at once wait for each other; opening a connection takes longer than an answer."""


class RedisCache:
    """Every failure is swallowed and logged once until Redis answers again."""

    def __init__(self, url: str) -> None:
        pool: Any = redis.BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_S,
            decode_responses=True,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
        )
        self._client: Any = redis.Redis.from_pool(pool)
        self._is_down = False

    async def get(self, key: str) -> str | None:
        try:
            value: str | None = await self._client.get(PREFIX + key)
        except (RedisError, OSError, TimeoutError, UnicodeDecodeError) as error:
            self._failed(error)
            return None
        self._is_down = False
        return value

    async def set(self, key: str, value: str, *, ttl_s: int) -> None:
        try:
            await self._client.set(PREFIX + key, value, ex=max(ttl_s, 1))
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)

    async def delete(self, key: str) -> None:
        try:
            await self._client.delete(PREFIX + key)
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)

    async def is_healthy(self) -> bool:
        try:
            return bool(await self._client.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def aclose(self) -> None:
        await self._client.aclose()

    def _failed(self, error: Exception) -> None:
        if not self._is_down:
            log.warning("redis_unavailable", extra={"error": type(error).__name__})
        self._is_down = True


if TYPE_CHECKING:

    def _proof(cache: RedisCache) -> Cache:
        return cache
