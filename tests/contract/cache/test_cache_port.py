"""What every cache promises, for memory and for a real Redis."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fixtures.redis import redis_server
from fixtures.waiting import until
from stackwright.cache.memory import MAX_ENTRIES, MemoryCache
from stackwright.cache.redis import RedisCache
from stackwright.core.cache import Cache

pytestmark = pytest.mark.integration


@pytest.fixture(params=["memory", "redis"])
async def cache(
    request: pytest.FixtureRequest, tmp_path: Path, unused_tcp_port: int
) -> AsyncIterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    async with redis_server(tmp_path, unused_tcp_port) as url:
        shared = RedisCache(url)
        yield shared
        await shared.aclose()


async def test_what_is_set_is_got_until_it_is_deleted(cache: Cache) -> None:
    assert await cache.get("k") is None
    await cache.set("k", "Grüße", ttl_s=60)
    assert await cache.get("k") == "Grüße"
    await cache.set("k", "again", ttl_s=60)
    assert await cache.get("k") == "again"
    await cache.delete("k")
    await cache.delete("k")
    assert await cache.get("k") is None
    assert await cache.is_healthy()


async def test_an_entry_expires(cache: Cache) -> None:
    async def is_gone() -> bool:
        return await cache.get("k") is None

    await cache.set("k", "v", ttl_s=1)
    await until(is_gone, within_s=5)


async def test_many_at_once_do_not_mix(cache: Cache) -> None:
    names = [f"key-{number}" for number in range(100)]
    await asyncio.gather(*(cache.set(name, name.upper(), ttl_s=60) for name in names))
    assert await asyncio.gather(*map(cache.get, names)) == [name.upper() for name in names]


async def test_the_memory_cache_is_bounded_and_keeps_the_newest() -> None:
    cache = MemoryCache()
    for number in range(MAX_ENTRIES + 5):
        await cache.set(str(number), "v", ttl_s=60)
    assert await cache.get("4") is None
    assert await cache.get("5") == "v"


async def test_a_redis_that_is_down_is_an_empty_cache_and_logged_once(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    cache = RedisCache(f"redis://127.0.0.1:{unused_tcp_port}/0")
    with caplog.at_level(logging.WARNING):
        await cache.set("k", "v", ttl_s=60)
        assert await cache.get("k") is None
        await cache.delete("k")
        assert not await cache.is_healthy()
    await cache.aclose()
    assert [record.message for record in caplog.records] == ["redis_unavailable"]


async def test_a_redis_that_dies_and_comes_back_is_used_again(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    async with redis_server(tmp_path, unused_tcp_port) as url:
        cache = RedisCache(url)
        await cache.set("k", "v", ttl_s=60)
        assert await cache.get("k") == "v"
    assert await cache.get("k") is None
    async with redis_server(tmp_path, unused_tcp_port):
        await cache.set("k", "new", ttl_s=60)
        assert await cache.get("k") == "new"
    await cache.aclose()
