"""Which of the engine's errors may pass by themselves."""

import e2b
import pytest

from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox.base import EngineFull, EngineRefused, SandboxFileMissing, SandboxGone
from stackwright.sandbox.failures import translated


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
