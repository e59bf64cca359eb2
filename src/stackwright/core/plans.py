"""What the agent would build: wishes, records, pages and decisions, before anything is built.

A person reads a plan, corrects it and approves it; the run that builds it begins with its wishes set.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from stackwright.core.text import is_plain
from stackwright.core.wishes import MAX_TEXT_CHARS, MAX_WISHES, WishKind


def _sendable(value: str) -> str:
    if not is_plain(value):
        raise ValueError("a NUL or half a character is no text")
    return value


PlanText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TEXT_CHARS, strip_whitespace=True),
    AfterValidator(_sendable),
]
Lines = Annotated[tuple[PlanText, ...], Field(max_length=40)]

APPROVED = "Build the plan that I approved"
"""Begins the message of a run that builds an approved plan."""


PLAN_TITLE = "# The approved plan"
"""Heads it in the prompt of the run that builds it, as JSON."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlannedWish(_Part):
    """A wish before it has an id."""

    text: PlanText = Field(description="What will be seen in the app.")
    kind: WishKind = "behaviour"
    not_built: str = Field(
        default="", max_length=MAX_TEXT_CHARS, description="Only if it will not be built: why not."
    )


class PlannedRecord(_Part):
    """A kind of record that the app keeps."""

    name: PlanText = Field(description="In the plural, e.g. Customers.")
    fields: Lines = Field(description="Each with its type or choices, e.g. 'price (money)'.")


class PlannedPage(_Part):
    route: PlanText = Field(description="e.g. /orders.")
    shows: PlanText = Field(description="What is there to see and to do.")


class Plan(_Part):
    """All of it can be edited before it is approved, except `reading`."""

    title: PlanText = Field(description="Of the app, or of the change.")
    wishes: tuple[PlannedWish, ...] = Field(min_length=1, max_length=MAX_WISHES)
    records: tuple[PlannedRecord, ...] = Field(default=(), max_length=30)
    pages: tuple[PlannedPage, ...] = Field(default=(), max_length=40)
    decisions: Lines = Field(default=(), description="What was decided where the message is open.")
    questions: Lines = Field(default=(), description="What only the person can answer.")
    not_understood: Lines = Field(default=(), description="Words of the message that nothing fits.")
    reading: dict[str, Any] | None = Field(
        default=None, description="What the builder without a model needs to build it."
    )


class StoredPlan(_Part):
    """A project's plan, and what became of it."""

    plan: Plan
    run_id: str = Field(description="The run that made it.")
    state: Literal["open", "approved"] = "open"
    build_run_id: str = Field(default="", description="The run that builds it.")
    corrections: tuple[str, ...] = Field(
        default=(), description="What the person corrected; later plans of this project heed it."
    )


def as_message(plan: Plan, wish_ids: Sequence[str]) -> str:
    """The plan as the message of the run that builds it."""
    wishes = (
        f"- {wish_id} ({wish.kind}): {wish.text}"
        + (f" Not built: {wish.not_built}" * bool(wish.not_built))
        for wish_id, wish in zip(wish_ids, plan.wishes, strict=True)
    )
    records = (f"- {record.name}: {', '.join(record.fields)}" for record in plan.records)
    pages = (f"- {page.route}: {page.shows}" for page in plan.pages)
    parts = (
        _part("Its wishes are set already", wishes),
        _part("Records", records),
        _part("Pages", pages),
        _part("Decisions", (f"- {line}" for line in plan.decisions)),
        _part("Left open", (f"- {line}" for line in plan.questions)),
    )
    return "\n\n".join((f"{APPROVED}: {plan.title}", *filter(None, parts)))


def is_approved_plan(message: str) -> bool:
    """Whether the message is a plan, whose wishes the person has read and approved."""
    return message.startswith(f"{APPROVED}: ")


def _part(title: str, lines: Any) -> str:
    told = "\n".join(lines)
    return f"{title}:\n{told}" if told else ""
