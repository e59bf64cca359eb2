"""What the routes of the workbench (files, changes, search, logs) take and give."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from stackwright.api.schemas import FileOut, PlainLine, PlainText
from stackwright.projects.comparisons import Comparison, FileComparison, Place
from stackwright.projects.search import Found
from stackwright.tools.editing.text import is_binary, readable
from stackwright.tools.seen import digest

MAX_SIDE_CHARS = 400_000
"""Of each side of a comparison; longer files come as their differences only."""

PathText = Annotated[PlainText, StringConstraints(min_length=1, max_length=500)]
PlaceText = Annotated[str, StringConstraints(pattern=r"^(now|nothing|[1-9]\d{0,8})$")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FileMove(_Request):
    """Of a file, or of a folder with everything in it."""

    source: PathText
    target: PathText


class Moved(BaseModel):
    paths: list[str] = Field(description="The new paths.")


class HitOut(_Answer):
    path: str
    line: int
    column: int = Field(description="Where in `text` it begins.")
    text: str


class SearchOut(_Answer):
    hits: list[HitOut]
    is_complete: bool = Field(description="Whether all files were searched and all hits are told.")


class ChangedFile(_Answer):
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


class HunkOut(_Answer):
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


class Revert(_Request):
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


class Star(_Request):
    is_starred: bool


class Typed(_Request):
    typed: str = Field(min_length=1, max_length=10_000)


class Duplicate(_Request):
    name: PlainLine | None = Field(None, description="Default: the name with “copy” behind it.")


class LogLineOut(_Answer):
    service: str
    level: Literal["error", "warning", "info"]
    text: str


class LogsOut(BaseModel):
    is_asleep: bool = Field(description="The app does not run, so there is nothing to read.")
    lines: list[LogLineOut]


class FindingOut(_Answer):
    """Something the platform needs of its machine."""

    name: str
    ok: bool
    detail: str
    fix: str
    needed: bool


class KeyOut(_Answer):
    """A setting that turns something on. Its value is told to nobody."""

    name: str
    is_set: bool
    turns_on: str


class PlatformOut(_Answer):
    """The machine in words, and what a key would turn on."""

    version: str
    builds_with: str
    is_operator: bool = Field(description="False: findings and keys are not told to you.")
    findings: list[FindingOut]
    keys: list[KeyOut]


class LimitsOut(BaseModel):
    """What builds the apps, and what that may cost."""

    builds_with: str
    goes_on_with: str | None = Field(description="The model that is taken when the first fails.")
    limits: dict[str, float] = Field(description="By scope and unit, such as `run_usd`.")
    may_be_raised: bool


class ModelOut(_Answer):
    name: str
    title: str
    is_usable: bool
    missing: str = Field(description="What it lacks, as a sentence; empty when it can be used.")


class ModelsOut(BaseModel):
    default: str = Field(description="The one that builds when nobody names another.")
    models: list[ModelOut]


class KeyTest(BaseModel):
    ok: bool
    sentence: str


def read_place(text: str | None) -> Place | None:
    if text is None:
        return None
    if text == "now":
        return "now"
    return "nothing" if text == "nothing" else int(text)


def search_out(found: Found) -> SearchOut:
    return SearchOut(
        hits=[HitOut.model_validate(hit) for hit in found.hits], is_complete=found.is_complete
    )


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
