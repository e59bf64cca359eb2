"""Wishes of a project."""

from typing import Annotated

from pydantic import (
    BaseModel,
    Field,
    StringConstraints,
)

from stackwright.api.schemas.base import PlainText, RequestBody
from stackwright.core.wishes import MAX_TEXT_CHARS, Wish, WishKind

WishText = Annotated[
    PlainText,
    StringConstraints(
        min_length=1, max_length=MAX_TEXT_CHARS, strip_whitespace=True, pattern=r"\S"
    ),
]


class NewWish(RequestBody):
    text: WishText
    kind: WishKind = "behaviour"


class WishChange(RequestBody):
    text: WishText | None = None
    kind: WishKind | None = None


class WishListOut(BaseModel):
    project_id: str
    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...] = Field(
        description="Words of the last message that changed something which are in no wish."
    )
