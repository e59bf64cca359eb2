"""Base models and kinds of text for everything that the API takes and gives."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from stackwright.core.text import is_plain


def _sendable(value: str) -> str:
    if not is_plain(value):
        raise ValueError("a NUL or half a character (a lone surrogate) is no text")
    return value


PlainText = Annotated[str, AfterValidator(_sendable)]
"""Text without NUL and half characters."""
PlainLine = Annotated[
    PlainText,
    StringConstraints(
        min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]


class RequestBody(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ResponseBody(BaseModel):
    """Is made from a record of a service by its field names."""

    model_config = ConfigDict(from_attributes=True)
