"""Takes what strangers send through a form: bounded, counted, and answered without anything stored."""

from typing import Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from accounts.throttle import count_attempt, keys_of
from fields import Input
from store import Store

MAX_BYTES = 100_000
FOR_AN_ADDRESS = 10
PASSED_ON_BYTES = 10_000_000


async def take(request: Request, records: Store[Any], model: type[Input]) -> None:
    """Store what was sent. Raises status 429 for an address that sends too much, 413 for a large body."""
    body = await _body(request)
    try:
        sent = model.model_validate_json(body)
    except ValidationError as error:
        told = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(told) from None
    await count_attempt(dict.fromkeys(keys_of(request, "form"), FOR_AN_ADDRESS))
    await records.create(sent)


async def _body(request: Request) -> bytes:
    """As much of a larger one is read as Next passes on, so that the answer reaches the page."""
    kept: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BYTES:
            kept.append(chunk)
        if size >= PASSED_ON_BYTES:
            break
    if size > MAX_BYTES:
        told = "This is too much text for the form. Please shorten it."
        raise HTTPException(413, told, {"connection": "close"})
    return b"".join(kept)
