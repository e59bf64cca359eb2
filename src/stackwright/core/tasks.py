"""Background work that outlives its caller."""

import asyncio
import logging
from collections.abc import Coroutine
from contextvars import Context
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

_running: set[asyncio.Task[Any]] = set()


def spawn(
    work: Coroutine[Any, Any, T],
    *,
    name: str,
    context: Context | None = None,
    expected: tuple[type[Exception], ...] = (),
) -> asyncio.Task[T]:
    """Start work that outlives its caller. Named, referenced, and never failing in silence, except
    with what is `expected`: whoever awaits the task handles that.

    Without a `context` it gets a copy of the caller's."""
    task = asyncio.get_running_loop().create_task(work, name=name, context=context)
    _running.add(task)
    task.add_done_callback(partial(_finished, expected))
    return task


def _finished(expected: tuple[type[Exception], ...], task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, expected):
        log.error("background_task_failed", extra={"task": task.get_name()}, exc_info=error)
