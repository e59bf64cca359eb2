"""Racing work against the person's Stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from stackwright.agent.work import RunControl
from stackwright.core.tasks import spawn

T = TypeVar("T")


class RunCancelled(Exception):
    """The person stopped the run. Not an error: the conversation is closed cleanly."""


async def or_cancelled(work: Coroutine[Any, Any, T], control: RunControl, *, name: str) -> T:
    """The result of `work`, or RunCancelled as soon as the person stops the run."""
    task = spawn(work, name=name)
    stop = spawn(control.wait_cancelled(), name="wait_cancelled")
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise RunCancelled
    finally:
        for pending in (task, stop):
            pending.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)
