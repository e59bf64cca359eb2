import asyncio
import time

from stackwright.core.loop_lag import watch_loop
from stackwright.core.metrics import Metrics


async def test_a_computation_on_the_loop_is_seen_in_the_metrics() -> None:
    metrics = Metrics()
    ticks: asyncio.Queue[float] = asyncio.Queue()

    def observe(late_s: float) -> None:
        metrics.loop_was_late(late_s)
        ticks.put_nowait(late_s)

    watching = asyncio.get_running_loop().create_task(watch_loop(observe, period_s=0.01))
    await ticks.get()
    until = time.monotonic() + 0.6
    while time.monotonic() < until:
        pass
    late_s = [await ticks.get() for _ in range(2)]
    watching.cancel()

    assert max(late_s) > 0.5
    text = metrics.rendered([]).decode()
    assert 'stackwright_event_loop_late_seconds_bucket{le="0.5"}' in text
    assert 'stackwright_event_loop_late_seconds_bucket{le="+Inf"} 3.0' in text
