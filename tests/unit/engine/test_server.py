import asyncio
import errno
import logging
import os

import pytest

from stackwright.engine import server
from stackwright.engine.server import keep_going


async def test_work_that_fails_is_told_and_begun_again_until_it_returns(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.001)
    failures = [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), ValueError("a bug")]

    async def work() -> None:
        if failures:
            raise failures.pop()

    with caplog.at_level(logging.ERROR):
        await keep_going(work)
    told = [record.__dict__["retry_in_s"] for record in caplog.records]
    assert told == [0.001, 0.002]
    assert failures == []


async def test_work_that_is_cancelled_is_not_begun_again() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(keep_going(work))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
