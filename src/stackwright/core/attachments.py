"""What a person sends with a message: pictures and text files."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_ATTACHMENTS = 5
MAX_TOTAL_BYTES = 10_000_000
"""Size limit of all attachments of one message, as sent."""
MAX_TEXT_BYTES = 100_000
MAX_NAME_CHARS = 120

ATTACHED = "[Attached"
"""Begins each text with which the model is shown an attachment: it is never taken for the person's."""


class Attachment(BaseModel):
    """An attachment as it is stored with its message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["picture", "text"]
    media_type: str
    sha256: str
    size_bytes: int
    width: int = 0
    height: int = 0
    url: str | None = Field(default=None, description="Where the picture can be fetched.")
