"""Trying again while the engine is unavailable."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential_jitter,
)

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.metrics import Metrics
from stackwright.sandbox.base import EngineFull, EngineRefused, SandboxGone

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_TRIES = 5
PATIENCE_S = 30.0
LONGEST_PAUSE_S = 5.0
_backoff = wait_exponential_jitter(multiplier=0.2, max=LONGEST_PAUSE_S, jitter=0.2)


async def persistently(
    attempt: Callable[[], Awaitable[T]], metrics: Metrics, *, tries: int = MAX_TRIES
) -> T:
    """Try up to so many times with growing, jittered pauses while the engine is unavailable.

    The SDK has then already waited as long as the engine's Retry-After asked. What will not change
    by itself is not tried again: a refusal, a sandbox that is gone."""

    def note(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome is not None else None
        log.info(
            "sandbox_engine_retried",
            extra={"attempt": state.attempt_number, "why": str(error)},
        )

    async def counted() -> T:
        try:
            return await attempt()
        except SandboxGone:
            raise
        except SandboxUnavailable as error:
            metrics.engine_failed(error.code)
            raise

    retrying = AsyncRetrying(
        retry=retry_if_exception(_may_pass),
        wait=_backoff,
        stop=stop_after_attempt(tries) | stop_after_delay(PATIENCE_S),
        before_sleep=note,
        reraise=True,
    )
    return await retrying(counted)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, SandboxUnavailable) and not isinstance(
        error, (SandboxGone, EngineRefused, EngineFull)
    )
