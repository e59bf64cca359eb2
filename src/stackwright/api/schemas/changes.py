"""What differs between two versions, and taking a part of it back."""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    Field,
    StringConstraints,
)

from stackwright.api.schemas.base import RequestBody, ResponseBody
from stackwright.api.schemas.files import FileOut, PathText
from stackwright.projects.comparisons import Comparison, FileComparison, Place
from stackwright.tools.editing.text import is_binary, readable
from stackwright.tools.seen import digest

MAX_SIDE_CHARS = 400_000
"""Limit for each side of a comparison; longer files come as their differences only."""
PlaceText = Annotated[str, StringConstraints(pattern=r"^(now|nothing|[1-9]\d{0,8})$")]


class ChangedFile(ResponseBody):
    path: str
    change: Literal["created", "modified", "deleted"]
    before: str | None = Field(description="Digest before.")
    after: str | None = Field(description="Digest after.")
    added: int
    removed: int


class ChangesOut(BaseModel):
    """`before` and `after` are versions, `now`, or `nothing`: the files that a new project begins with."""

    before: str
    after: str
    files: list[ChangedFile]
    more: int = Field(description="Files that differ beyond those listed.")


class HunkOut(ResponseBody):
    old_start: int
    new_start: int
    lines: list[str] = Field(description="Each begins with a space, + or -.")


class FileChangesOut(BaseModel):
    """`old_text` and `new_text` are null for what is not there, is no text, or is long."""

    path: str
    before: str
    after: str
    after_sha256: str | None
    hunks: list[HunkOut]
    note: str = Field(description="Why lines are missing, in a sentence.")
    old_text: str | None
    new_text: str | None


class Revert(RequestBody):
    path: PathText
    to: PlaceText = Field(description="The version whose lines come back.")
    hunk: int | None = Field(
        None, ge=0, le=10_000, description="Only this place. Without it: the whole file."
    )
    sha256: str | None = Field(
        description="Digest of the file as it was compared; null: it is not there."
    )


class Reverted(BaseModel):
    file: FileOut | None = Field(description="Null: the file was not there, and is gone now.")


def read_place(text: str | None) -> Place | None:
    if text is None:
        return None
    if text == "now":
        return "now"
    return "nothing" if text == "nothing" else int(text)


def changes_out(compared: Comparison) -> ChangesOut:
    return ChangesOut(
        before=str(compared.before),
        after=str(compared.after),
        files=[ChangedFile.model_validate(file) for file in compared.files],
        more=compared.more,
    )


def file_changes_out(compared: FileComparison, before: Place, after: Place) -> FileChangesOut:
    return FileChangesOut(
        path=compared.path,
        before=str(before),
        after=str(after),
        after_sha256=None if compared.after is None else digest(compared.after),
        hunks=[
            HunkOut(old_start=h.old_start, new_start=h.new_start, lines=list(h.lines))
            for h in compared.difference.hunks
        ],
        note=compared.difference.note,
        old_text=_text(compared.before),
        new_text=_text(compared.after),
    )


def _text(content: bytes | None) -> str | None:
    if content is None or is_binary(content) or len(content) > MAX_SIDE_CHARS:
        return None
    return readable(content)
