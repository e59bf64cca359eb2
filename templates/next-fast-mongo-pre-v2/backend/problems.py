"""What goes wrong, in sentences. Every error is an `application/problem+json` body (RFC 9457)."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pymongo.errors import ConnectionFailure
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    message: str


class Problem(BaseModel):
    """The body of every error response. `detail` is a sentence for people."""

    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


class RecordMissing(Exception):
    def __init__(self, label: str) -> None:
        super().__init__(f"This {label} does not exist any more.")


class StillReferenced(Exception):
    def __init__(self, label: str, count: int, others: str) -> None:
        super().__init__(
            f"This {label} cannot be deleted: {count} {others} still refer to it. "
            "Delete or change them first."
        )


class Refused(Exception):
    """Somebody may not do this: 401 for a stranger, who could log in, else 403."""

    def __init__(self, sentence: str, *, is_stranger: bool = False) -> None:
        super().__init__(sentence)
        self.status = 401 if is_stranger else 403


class Busy(Exception):
    def __init__(self) -> None:
        super().__init__("Too many people are changing this at the moment. Please try again.")


class InvalidFields(Exception):
    """A rule that only the database can check was broken."""

    def __init__(self, errors: list[FieldProblem]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors


def problem(
    status: int, title: str, detail: str, errors: list[FieldProblem] | None = None
) -> JSONResponse:
    body = Problem(title=title, status=status, detail=detail, errors=errors or [])
    return JSONResponse(body.model_dump(), status, media_type="application/problem+json")


SENTENCES: dict[str, str] = {
    "missing": "{label} is required.",
    "extra_forbidden": "{label} is not a known field.",
    "string_type": "{label} must be text.",
    "string_too_long": "{label} can have at most {max_length} characters.",
    "string_pattern_mismatch": "{label} is not valid.",
    "string_unicode": "{label} holds characters that cannot be stored.",
    "literal_error": "{label} must be one of {expected}.",
    "bool_type": "{label} must be yes or no.",
    "bool_parsing": "{label} must be yes or no.",
    "int_type": "{label} must be a whole number.",
    "int_parsing": "{label} must be a whole number.",
    "int_from_float": "{label} must be a whole number.",
    "float_type": "{label} must be a number.",
    "float_parsing": "{label} must be a number.",
    "finite_number": "{label} must be a number.",
    "greater_than_equal": "{label} must be at least {ge}.",
    "less_than_equal": "{label} must be at most {le}.",
    "greater_than": "{label} must be more than {gt}.",
    "less_than": "{label} must be less than {lt}.",
    "too_long": "{label} can have at most {max_length} entries.",
    "list_type": "{label} must be a list.",
    "json_invalid": "The request is not valid JSON.",
}
BY_PREFIX: dict[str, str] = {
    "datetime": "{label} must be a date and time.",
    "date": "{label} must be a date such as 2026-03-31.",
    "time": "{label} must be a time such as 14:30.",
    "timezone": "{label} must be a date and time.",
}


def sentence(error: dict[str, Any]) -> FieldProblem:
    """One validation error of pydantic, told to a person."""
    names = [str(part) for part in error["loc"][1:] if not isinstance(part, int)]
    field = names[0] if names else ""
    label = field.removesuffix("_id").replace("_", " ").strip().capitalize() or "The request"
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind in ("string_too_short", "too_short"):
        return FieldProblem(field=field, message=f"{label} is required.")
    if error.get("input", ...) is None and kind.endswith("_type"):
        return FieldProblem(field=field, message=f"{label} is required.")
    pattern = SENTENCES.get(kind) or BY_PREFIX.get(kind.split("_")[0])
    if pattern is not None:
        return FieldProblem(field=field, message=pattern.format(label=label, **context))
    if kind == "value_error" and "email" in str(error["msg"]):
        return FieldProblem(field=field, message=f"{label} must be an e-mail address.")
    reason = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return FieldProblem(
        field=field,
        message=f"{label}: {reason}.".replace(": must", " must").replace(": can ", " can "),
    )


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [sentence(one) for one in error.errors()]
    detail = " ".join(dict.fromkeys(one.message for one in errors))
    return problem(422, "Please check the form", detail, errors)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InvalidFields)
    return problem(422, "Please check the form", str(error), error.errors)


async def _missing(_request: Request, error: Exception) -> JSONResponse:
    return problem(404, "Not found", str(error))


async def _in_use(_request: Request, error: Exception) -> JSONResponse:
    return problem(409, "Still in use", str(error))


async def _not_allowed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return problem(error.status, "Not allowed", str(error))


async def _busy(_request: Request, error: Exception) -> JSONResponse:
    return problem(503, "Not available", str(error))


async def _database_away(_request: Request, error: Exception) -> JSONResponse:
    log.warning("the database cannot be reached: %s", str(error)[:300])
    detail = "The database cannot be reached at the moment. Please try again soon."
    answer = problem(503, "Not available", detail)
    answer.headers["retry-after"] = "2"
    return answer


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, "Request failed", str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _bug(_request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected error", exc_info=error)
    return problem(500, "Something went wrong", "The server made a mistake. Please try again.")


def install_problems(app: FastAPI) -> None:
    """Answer every error of `app` with a problem body."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InvalidFields, _refused)
    app.add_exception_handler(RecordMissing, _missing)
    app.add_exception_handler(Refused, _not_allowed)
    app.add_exception_handler(StillReferenced, _in_use)
    app.add_exception_handler(Busy, _busy)
    app.add_exception_handler(ConnectionFailure, _database_away)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)
