"""Every refusal in one shape: RFC 9457 problem+json with a stable code and a sentence."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stackwright.core.errors import PlatformError
from stackwright.core.ids import new_id
from stackwright.runs.hand_edits import FileStale

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 20
MAX_SENTENCE_CHARS = 1000

_CODES = {404: "not_found", 405: "method_not_allowed"}
_SENTENCES = {
    404: "There is nothing at this address. All routes are listed at /docs.",
    405: "This address does not know that method. All routes are listed at /docs.",
}


class FieldError(BaseModel):
    field: str = Field(examples=["body.message"])
    message: str


class Problem(BaseModel):
    """What went wrong, for programs (`code`) and for people (`detail`)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(examples=["project_not_found"])
    detail: str
    errors: list[FieldError] | None = None
    reference: str | None = Field(
        default=None, description="Find the failure in the log with this."
    )
    sha256: str | None = Field(
        default=None, description="Of a file that changed meanwhile: its digest now."
    )
    text: str | None = Field(
        default=None, description="Of a file that changed meanwhile: what it says now."
    )


class MessageTooLong(PlatformError):
    status = 413
    code = "message_too_long"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The message is longer than {max_bytes} bytes; send a shorter one.")


class BodyTooLarge(PlatformError):
    status = 413
    code = "body_too_large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The request's body is larger than {max_bytes} bytes.")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] | None = None,
    reference: str | None = None,
    sha256: str | None = None,
    text: str | None = None,
) -> Response:
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=_sendable(detail)[:MAX_SENTENCE_CHARS],
        errors=None if errors is None else list(errors),
        reference=reference,
        sha256=sha256,
        text=text,
    )
    content = json.dumps(body.model_dump(exclude_none=True)).encode()
    return Response(content, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(error: PlatformError) -> Response:
    headers: dict[str, str] = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, BodyTooLarge):
        # The rest of the body may still be on its way.
        headers["Connection"] = "close"
    if isinstance(error, FileStale):
        return problem(error.status, error.code, str(error), sha256=error.sha256, text=error.text)
    return problem(error.status, error.code, str(error), headers=headers)


def install(app: FastAPI) -> None:
    """Make `app` answer every failure this way."""
    app.add_exception_handler(PlatformError, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(Exception, _unexpected)


async def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)
    return problem_of(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = cast("Sequence[dict[str, Any]]", error.errors())[:MAX_ERRORS]
    errors = [
        FieldError(
            field=_sendable(".".join(str(part) for part in one["loc"])),
            message=_sendable(str(one["msg"])),
        )
        for one in found
    ]
    if any(one["type"] == "json_invalid" for one in found):
        return problem(422, "malformed_json", "The body is no valid JSON.", errors=errors)
    sentence = "; ".join(f"{one.field}: {one.message}" for one in errors[:3])
    return problem(
        422, "invalid_request", f"The request is not as it must be: {sentence}.", errors=errors
    )


async def _by_status(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, PlatformError):
        # FastAPI calls whatever fails while it reads the body a 400.
        return problem_of(error.__cause__)
    status = error.status_code
    if status == 400:
        return problem(422, "malformed_json", "The body is no valid JSON in UTF-8.")
    code = _CODES.get(status, HTTPStatus(status).name.lower())
    return problem(status, code, _SENTENCES.get(status, f"{error.detail}."), headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    reference = new_id()
    log.error(
        "request_failed",
        extra={"reference": reference, "method": request.method, "path": request.url.path},
        exc_info=error,
    )
    return problem(
        500,
        "internal",
        f"The platform made a mistake. Its log tells more under reference {reference}.",
        reference=reference,
    )


def _sendable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot encode."""
    return text.encode(errors="backslashreplace").decode()
