import os
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.sdk import Sdk
from fixtures.waiting import until
from stackwright.engine.config import Limits


async def test_metrics_show_processor_memory_and_disk(sdk: Sdk, sandbox: Any) -> None:
    for [metrics] in (
        await sandbox.get_metrics(),
        await sdk.call("get_metrics", sandbox.sandbox_id),
    ):
        assert metrics.cpu_count == os.cpu_count()
        assert metrics.cpu_used_pct >= 0
        assert 1_000_000 < metrics.mem_used < metrics.mem_total
        assert 0 <= metrics.disk_used < metrics.disk_total
        assert abs(datetime.now(UTC) - metrics.timestamp) < timedelta(minutes=1)


async def test_the_disk_is_that_of_the_sandbox_and_not_of_the_host(own: Any) -> None:
    await own.commands.run("head -c 64M /dev/zero > big")

    async def is_seen() -> bool:
        [metrics] = await own.get_metrics()
        return 64 << 20 < metrics.disk_used < 80 << 20

    await until(is_seen)
    [metrics] = await own.get_metrics()
    assert metrics.disk_total == Limits().disk_mb << 20


async def test_there_are_none_of_a_time_before_the_sandbox(sandbox: Any) -> None:
    now = datetime.now(UTC)
    assert await sandbox.get_metrics(now - timedelta(hours=2), now - timedelta(hours=1)) == []
