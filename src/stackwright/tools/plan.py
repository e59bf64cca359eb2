"""Proposing a plan: what a run in plan mode ends with."""

from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from stackwright.core.plans import Plan, PlannedPage, PlannedRecord, PlannedWish, PlanText
from stackwright.core.wishes import MAX_WISHES
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed


class ProposePlan(Arguments):
    title: PlanText = Field(description="Of the app, or of the change.")
    wishes: list[PlannedWish] = Field(
        min_length=1,
        max_length=MAX_WISHES,
        description="All that the message asks for, wish by wish, also what will not be built.",
    )
    records: list[PlannedRecord] = Field(default_factory=list[PlannedRecord], max_length=30)
    pages: list[PlannedPage] = Field(default_factory=list[PlannedPage], max_length=40)
    decisions: list[PlanText] = Field(
        default_factory=list[PlanText],
        max_length=40,
        description="What you decided where the message is open, one sentence each.",
    )
    questions: list[PlanText] = Field(
        default_factory=list[PlanText],
        max_length=40,
        description="What only the person can answer, with what you assume until then.",
    )
    not_understood: list[PlanText] = Field(default_factory=list[PlanText], max_length=40)
    reading: SkipJsonSchema[dict[str, Any] | None] = None


async def propose_plan(arguments: ProposePlan, context: ToolContext) -> str:
    if context.plans is None:
        raise ToolFailed("This run does not plan; build what the message asks for.")
    await context.plans.propose(Plan.model_validate(arguments.model_dump()))
    return "The plan is shown to the person, who may edit and approve it. End with two or three sentences; do not repeat it."


TOOLS = (
    Tool(
        "propose_plan",
        "Show the person what you would build, as a plan that they can edit and approve. A later plan "
        "replaces it.",
        ProposePlan,
        propose_plan,
        "repeatable",
        lambda _: frozenset({"plan"}),
        needs_sandbox=False,
        is_reading=True,
    ),
)
