"""Several things at once that end together."""

import asyncio
from collections.abc import Coroutine

from stackwright.core.tasks import spawn


async def until_first(name: str, *works: Coroutine[object, object, None]) -> None:
    """Run all until the first of them ends, then cancel the rest. Raises what an ended one raised."""
    tasks = [spawn(work, name=name) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()
