"""The SDK's errors as ours. Which of them may pass by themselves is decided here."""

import asyncio
import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus

import e2b
import httpx

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.killpoints import reached
from stackwright.sandbox.base import (
    EngineFailed,
    EngineFull,
    EngineRefused,
    SandboxFileMissing,
    SandboxGone,
)
from stackwright.sandbox.sdk_versions import BUSY_ERRORS, NOT_RUNNING_ERRORS

FAILURES = (
    *(e2b.SandboxException, e2b.AuthenticationException, *BUSY_ERRORS),
    *(httpx.HTTPError, OSError),
)
_STATUS = re.compile(r"(\d{3}): ")
_MAY_PASS = frozenset({408, 409, 425, 429})


@contextmanager
def translated(what: str) -> Generator[None]:
    """Raises SandboxFileMissing, SandboxGone, EngineRefused, EngineFailed, EngineFull,
    SandboxUnavailable."""
    reached("sandbox.call.before")
    try:
        yield
    except e2b.FileNotFoundException as error:
        raise SandboxFileMissing(what) from error
    except (e2b.NotFoundException, *NOT_RUNNING_ERRORS) as error:
        raise SandboxGone("The sandbox is not there any more; it will be rebuilt.") from error
    except e2b.TimeoutException as error:
        # The SDK says "timeout" for a dead sandbox too: its router answers 502.
        raise SandboxGone("The sandbox does not answer; it will be rebuilt.") from error
    except e2b.AuthenticationException as error:
        raise EngineRefused(
            f"The sandbox engine refuses the key (E2B_API_KEY): {str(error)[:300]}"
        ) from error
    except e2b.RateLimitException as error:
        raise EngineFull(
            "The sandbox engine has reached a limit of its own. Try again soon."
        ) from error
    except TimeoutError as error:
        raise SandboxUnavailable("The sandbox engine did not answer in time.") from error
    except FAILURES as error:
        sentence = f"The sandbox could not do that: {str(error)[:500]}"
        raise _kind_of(error)(sentence) from error
    reached("sandbox.call.after")


@asynccontextmanager
async def asked(what: str, *, limit_s: float) -> AsyncGenerator[None]:
    """Like `translated`, for calls of the control API, which end in time. The SDK may wait twice as
    long as it is told, and falls over answers that are not the API's."""
    try:
        with translated(what):
            async with asyncio.timeout(limit_s):
                yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineRefused(
            "What is at the sandbox engine's address does not answer like the E2B API: "
            "check E2B_API_URL."
        ) from error


def _kind_of(error: Exception) -> type[SandboxUnavailable]:
    """The error of ours that an error of the SDK is. EngineRefused: asking again would get the same answer."""
    if isinstance(error, e2b.InvalidArgumentException):
        return EngineRefused
    status: int | None = getattr(error, "status_code", None)
    if status is None and (told := _STATUS.match(str(error))) is not None:
        status = int(told[1])  # older SDKs tell it in the text only
    if status is None or status in _MAY_PASS:
        return SandboxUnavailable
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return EngineFailed
    return EngineRefused if status < HTTPStatus.INTERNAL_SERVER_ERROR else SandboxUnavailable
