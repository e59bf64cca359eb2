"""How far a run is, from evidence: which tools ran, which files changed, what the plan says."""

from collections.abc import Sequence
from typing import get_args

from stackwright.agent.stream_gate import SoundCall
from stackwright.core.events import Phase

_ORDER: tuple[Phase, ...] = get_args(Phase)
_INTEGRATION_TOOLS = frozenset(
    {"check_app", "run_service", "http_request", "screenshot", "run_witness"}
)


def phase_of(calls: Sequence[SoundCall], present: Phase) -> Phase:
    """The phase that these calls are evidence of, unless the run is further already."""
    phases: tuple[Phase, Phase] = (present, _shown_by(calls))
    return max(phases, key=_ORDER.index)


def _shown_by(calls: Sequence[SoundCall]) -> Phase:
    names = {call.tool.name for call in calls}
    if names & _INTEGRATION_TOOLS:
        return "integration"
    touched = [path for call in calls for path in call.tool.touches(call.arguments)]
    if any(path.startswith("frontend/") for path in touched):
        return "frontend"
    if any(path.startswith("backend/") for path in touched) or "scaffold_app" in names:
        return "backend"
    return "planning"


def open_steps(calls: Sequence[SoundCall]) -> list[str] | None:
    """Titles of the plan's open steps; None when these calls do not change the plan."""
    plans = [call.raw["steps"] for call in calls if call.tool.name == "update_plan"]
    if not plans:
        return None
    return [step["title"] for step in plans[-1] if step.get("status") != "done"]
