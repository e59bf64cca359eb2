"""Files of a project, and what is found in them."""

from typing import Annotated

from pydantic import (
    BaseModel,
    Field,
    StringConstraints,
)

from stackwright.api.schemas.base import PlainText, RequestBody, ResponseBody
from stackwright.projects.search import Found

PathText = Annotated[PlainText, StringConstraints(min_length=1, max_length=500)]


class FileOut(ResponseBody):
    path: str
    sha256: str
    size_bytes: int


class FileList(BaseModel):
    project_id: str
    files: list[FileOut]


class FileMove(RequestBody):
    """Renames a file, or a folder with everything in it."""

    source: PathText
    target: PathText


class Moved(BaseModel):
    paths: list[str] = Field(description="The new paths.")


class HitOut(ResponseBody):
    path: str
    line: int
    column: int = Field(description="Where in `text` it begins.")
    text: str


class SearchOut(ResponseBody):
    hits: list[HitOut]
    is_complete: bool = Field(description="Whether all files were searched and all hits are told.")


def search_out(found: Found) -> SearchOut:
    return SearchOut(
        hits=[HitOut.model_validate(hit) for hit in found.hits], is_complete=found.is_complete
    )
