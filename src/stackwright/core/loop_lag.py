"""How late the event loop comes to what is due: what one computation takes from everything else."""

import asyncio
import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

PERIOD_S = 0.5
TOLD_ABOVE_S = 1.0


async def watch_loop(observe: Callable[[float], None], *, period_s: float = PERIOD_S) -> None:
    """Call `observe` with the seconds by which a timer came late, each period, until cancelled."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(period_s)
        late_s = max(time.monotonic() - began - period_s, 0.0)
        observe(late_s)
        if late_s > TOLD_ABOVE_S:
            log.warning("event_loop_late", extra={"late_ms": round(late_s * 1000)})
