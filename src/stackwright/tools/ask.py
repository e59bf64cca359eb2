"""Asking the person, and telling them the plan."""

from typing import Literal

from pydantic import Field

from stackwright.core.events import FormField, PlanStep, PlanUpdated
from stackwright.tools.base import Arguments, AskUser, Tool, ToolContext


class Question(Arguments):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Key of the answer.")
    label: str = Field(min_length=1, max_length=200)
    kind: Literal["text", "choice", "multi_choice"] = "text"
    choices: list[str] = Field(default_factory=list[str], max_length=20)


class AskUserArguments(Arguments):
    question: str = Field(min_length=1, max_length=2000)
    fields: list[Question] = Field(default_factory=list[Question], max_length=8)


class Step(Arguments):
    title: str = Field(min_length=1, max_length=200)
    status: Literal["pending", "active", "done"] = "pending"


class UpdatePlan(Arguments):
    steps: list[Step] = Field(min_length=1, max_length=20, description="The whole plan, in order.")


async def ask_user(arguments: AskUserArguments, _context: ToolContext) -> str:
    raise AskUser(
        arguments.question, [FormField.model_validate(f.model_dump()) for f in arguments.fields]
    )


async def update_plan(arguments: UpdatePlan, context: ToolContext) -> str:
    context.plan[:] = [PlanStep(title=step.title, status=step.status) for step in arguments.steps]
    context.emit(PlanUpdated(steps=tuple(context.plan)))
    done = sum(step.status == "done" for step in context.plan)
    return f"Plan shown to the person: {done} of {len(context.plan)} steps done."


TOOLS = (
    Tool(
        "ask_user_tool",
        "Ask the person a question and wait for the answer. Only when a wrong guess would be costly.",
        AskUserArguments,
        ask_user,
        needs_sandbox=False,
        is_reading=True,
    ),
    Tool(
        "update_plan",
        "Show the person the plan and what is done.",
        UpdatePlan,
        update_plan,
        touches=lambda _: frozenset({"plan"}),
        needs_sandbox=False,
    ),
)
