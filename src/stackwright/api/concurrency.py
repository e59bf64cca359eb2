"""Several things at once that end together."""

import asyncio
from collections.abc import Coroutine

from stackwright.core.tasks import spawn


async def until_first(name: str, *works: Coroutine[object, object, None]) -> None:
    """Run all until the first ends, then cancel the others. Raises the error of the one that ended."""
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
