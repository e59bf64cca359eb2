"""The shared cache is a hint: it may be poisoned, flushed, slow or dead, and costs latency only."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio as redis

from fixtures.redis import redis_server
from fixtures.sandbox_managers import ANN, BOB, Managers
from stackwright.cache.redis import PREFIX, RedisCache
from stackwright.core.ids import ProjectId
from stackwright.sandbox import control
from stackwright.testing.fault_proxy import FaultProxy, Wire

pytestmark = pytest.mark.integration


@pytest.fixture
async def server(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[str]:
    async with redis_server(tmp_path, unused_tcp_port) as url:
        yield url


@pytest.fixture
async def shared(server: str) -> AsyncIterator[RedisCache]:
    cache = RedisCache(server)
    yield cache
    await cache.aclose()


def key(project: ProjectId) -> str:
    return f"sandbox:{ANN}:{project}"


async def test_another_process_finds_the_sandbox_by_the_cache(
    managers: Managers, shared: RedisCache
) -> None:
    mine, other = await managers.project(), managers(shared)
    first = await managers(shared).get(ANN, mine)
    assert (await other.get(ANN, mine)).id == first.id
    assert 'sandboxes_given_total{source="cache"} 1.0' in managers.counted(other)


async def test_an_entry_lives_as_long_as_its_sandbox_may(
    managers: Managers, shared: RedisCache, server: str
) -> None:
    mine, raw = await managers.project(), redis.Redis.from_url(server)
    await managers(shared, max_age_s=900).get(ANN, mine)
    assert 890 <= await raw.ttl(PREFIX + key(mine)) <= 900
    await managers(shared, max_age_s=100).get(ANN, mine)
    assert 90 <= await raw.ttl(PREFIX + key(mine)) <= 100
    await raw.aclose()


@pytest.mark.parametrize(
    "poison", ["../../v2/sandboxes", "unknown0sandbox", "", "Grüße\n", "x" * 500]
)
async def test_nonsense_in_the_cache_is_dropped(
    managers: Managers, shared: RedisCache, poison: str
) -> None:
    mine = await managers.project()
    await shared.set(key(mine), poison, ttl_s=60)
    given = await managers(shared).get(ANN, mine)
    assert await shared.get(key(mine)) == given.id


async def test_somebody_elses_sandbox_in_the_cache_is_never_given_out(
    managers: Managers, shared: RedisCache
) -> None:
    mine, ours = await managers.project(), await managers.registry().installation()
    bobs = await managers().get(BOB, await managers.project(BOB))
    marks = {"platform": "stackwright", "user_id": ANN, "project_id": mine}
    copied = await control.create(
        "base", {**marks, "installation": f"not-{ours}"}, managers.endpoint, managers.http, 60
    )
    for foreign in (bobs.id, copied.id):
        await shared.set(key(mine), foreign, ttl_s=60)
        assert (await managers(shared).get(ANN, mine)).id not in {bobs.id, copied.id}
        await shared.set(key(mine), foreign, ttl_s=60)
        found = await managers(shared).find(ANN, mine)
        assert found is not None
        assert found.id not in {bobs.id, copied.id}


async def test_a_flushed_and_a_dead_redis_cost_nothing_but_time(
    managers: Managers, server: str
) -> None:
    mine = await managers.project()
    async with FaultProxy(("127.0.0.1", int(server.rsplit(":")[-1].split("/")[0]))) as proxy:
        cache = RedisCache(f"redis://127.0.0.1:{proxy.port}/0")
        first = await managers(cache).get(ANN, mine)
        raw = redis.Redis.from_url(server)
        await raw.flushall()
        await raw.aclose()
        assert (await managers(cache).get(ANN, mine)).id == first.id
        proxy.wire = Wire(is_silent=True)
        assert (await managers(cache).get(ANN, mine)).id == first.id
        await proxy.refuse()
        assert (await managers(cache).get(ANN, mine)).id == first.id
        proxy.wire = Wire()
        await proxy.accept()
        assert (await managers(cache).get(ANN, mine)).id == first.id
        assert await cache.get(key(mine)) == first.id
        await cache.aclose()
