"""How runs that plan or answer differ: tools that read, other words, and no proof at their end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from stackwright.agent.contract import FEEDBACK_PREFIX, Feedback
from stackwright.core.plans import PLAN_TITLE, Plan
from stackwright.db.run_records import READING, RunKind
from stackwright.tools.base import Tool
from stackwright.tools.registry import reading_tools

PROPOSE = f"{FEEDBACK_PREFIX}There is no plan yet: call propose_plan now, or say why nothing can be planned."


def tools_for(kind: RunKind, tools: Sequence[Tool[Any]]) -> Sequence[Tool[Any]]:
    return reading_tools(tools, with_plan=kind == "plan") if kind in READING else tools


def notes_for(kind: RunKind, notes: str, plan: Plan | None) -> str:
    """The notes of the prompt, followed by what this kind of run is; or by the plan that it builds,
    as far as the message does not say it."""
    if kind in READING:
        told = resources.files("stackwright.agent.prompts").joinpath(f"{kind}.md")
        return f"{notes}\n\n{told.read_text(encoding='utf-8')}"
    if plan is not None and plan.reading is not None:
        return f"{notes}\n\n{PLAN_TITLE}\n\n{plan.model_dump_json()}"
    return notes


@dataclass(slots=True)
class ReadingEnd:
    """Whether a run that changes nothing may end: one that plans is asked for its plan once."""

    kind: RunKind
    has_plan: Callable[[], bool]
    was_asked: bool = False

    async def feedback(self) -> Feedback | None:
        if self.kind == "ask" or self.has_plan() or self.was_asked:
            return None
        self.was_asked = True
        return Feedback(PROPOSE)
