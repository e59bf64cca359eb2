"""Trying again while the engine is unavailable."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox.base import SandboxGone

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_TRIES = 4


async def persistently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try again with growing, jittered pauses while the engine is unavailable."""
    for number in range(1, MAX_TRIES):
        try:
            return await attempt()
        except SandboxGone:
            raise
        except SandboxUnavailable as error:
            log.info("sandbox_engine_retried", extra={"attempt": number, "why": str(error)})
            await asyncio.sleep(0.1 * 2**number * random.uniform(0.5, 1.5))  # noqa: S311 (jitter)
    return await attempt()
