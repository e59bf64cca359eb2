"""Which of the engine's errors may pass by themselves."""

import asyncio
import json

import e2b
import pytest

from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox.base import EngineFull, EngineRefused, SandboxFileMissing, SandboxGone
from stackwright.sandbox.failures import asked, translated


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (e2b.FileNotFoundException("no file"), SandboxFileMissing),
        (e2b.NotFoundException("no sandbox"), SandboxGone),
        (e2b.TimeoutException("silence"), SandboxGone),
        (e2b.AuthenticationException("wrong key"), EngineRefused),
        (e2b.InvalidArgumentException("bad timeout"), EngineRefused),
        (e2b.SandboxException("404: no such template"), EngineRefused),
        (e2b.SandboxException("400: bad request"), EngineRefused),
        (e2b.RateLimitException("429: slow down"), EngineFull),
        (e2b.SandboxException("503: come back"), SandboxUnavailable),
        (e2b.SandboxException("409: busy"), SandboxUnavailable),
        (e2b.SandboxException("something else"), SandboxUnavailable),
        (ConnectionRefusedError("nobody there"), SandboxUnavailable),
    ],
)
def test_errors_of_the_sdk_become_ours(error: Exception, ours: type[Exception]) -> None:
    with pytest.raises(ours) as told, translated("/some/file"):
        raise error
    assert type(told.value) is ours
    assert told.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        json.JSONDecodeError("Expecting value", "<html>", 0),
        KeyError("sandboxID"),
        TypeError("string indices must be integers"),
    ],
)
async def test_an_answer_that_is_not_the_apis_is_told_with_what_to_check(error: Exception) -> None:
    with pytest.raises(EngineRefused, match="check E2B_API_URL") as told:
        async with asked("list", limit_s=60):
            raise error
    assert told.value.__cause__ is error


async def test_an_engine_that_does_not_answer_in_time_is_unavailable() -> None:
    with pytest.raises(SandboxUnavailable, match="in time") as told:
        async with asked("list", limit_s=0.01):
            await asyncio.Event().wait()
    assert type(told.value) is SandboxUnavailable
