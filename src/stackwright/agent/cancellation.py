"""Racing work against the person's Stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from stackwright.agent.contract import RunControl
from stackwright.core.tasks import spawn

T = TypeVar("T")


class RunCancelled(Exception):
    """The person stopped the run. Not an error: the conversation is closed cleanly."""


async def or_cancelled(work: Coroutine[Any, Any, T], control: RunControl) -> T:
    """The result of `work`, or RunCancelled as soon as the person stops the run.

    The work runs in the caller's task, as under `asyncio.timeout`: its errors reach the caller only.
    """
    here = asyncio.current_task()
    assert here is not None
    was_stopped = False

    async def stop_on_request() -> None:
        nonlocal was_stopped
        await control.wait_cancelled()
        was_stopped = True
        here.cancel()

    cancelling = here.cancelling()
    watcher = spawn(stop_on_request(), name="wait for cancel")
    try:
        return await work
    except asyncio.CancelledError:
        if was_stopped and here.uncancel() <= cancelling:
            raise RunCancelled from None
        raise
    finally:
        watcher.cancel()
