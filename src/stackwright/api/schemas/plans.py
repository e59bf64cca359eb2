"""Plans that a person approves."""

from typing import Annotated, Literal

from pydantic import (
    Field,
)

from stackwright.api.schemas.base import RequestBody, ResponseBody
from stackwright.core.plans import PlannedPage, PlannedRecord, PlannedWish, PlanText
from stackwright.core.wishes import MAX_WISHES


class PlanChange(RequestBody):
    """What is given replaces that part of the plan; what is left out stays."""

    title: PlanText | None = None
    wishes: Annotated[list[PlannedWish], Field(min_length=1, max_length=MAX_WISHES)] | None = None
    records: Annotated[list[PlannedRecord], Field(max_length=30)] | None = None
    pages: Annotated[list[PlannedPage], Field(max_length=40)] | None = None
    decisions: Annotated[list[PlanText], Field(max_length=40)] | None = None
    questions: Annotated[list[PlanText], Field(max_length=40)] | None = None
    not_understood: Annotated[list[PlanText], Field(max_length=40)] | None = None


class PlanOut(ResponseBody):
    """A plan, and what became of it."""

    title: str
    wishes: tuple[PlannedWish, ...]
    records: tuple[PlannedRecord, ...]
    pages: tuple[PlannedPage, ...]
    decisions: tuple[str, ...]
    questions: tuple[str, ...]
    not_understood: tuple[str, ...]
    state: Literal["open", "approved"]
    run_id: str = Field(description="The run that made it.")
    build_run_id: str = Field(description="The run that builds it, once it is approved.")
    corrections: tuple[str, ...] = Field(description="What the person corrected in the records.")
