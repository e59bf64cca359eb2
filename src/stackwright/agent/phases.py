"""The visible phase of a run, from evidence: which tools ran and which files changed."""

from collections.abc import Sequence

from stackwright.agent.stream_gate import SoundCall
from stackwright.core.events import Phase

_INTEGRATION_TOOLS = frozenset({"check_app", "run_service", "http_request", "screenshot"})
_WRITING_TOOLS = frozenset(
    {"write_file", "batch_write_files", "edit_file", "smart_edit_file", "delete_file"}
)


def phase_of(calls: Sequence[SoundCall], present: Phase) -> Phase:
    """The phase that these calls are evidence of; the present one when they show nothing."""
    names = {call.tool.name for call in calls}
    if names & _INTEGRATION_TOOLS:
        return "integration"
    touched = [path for call in calls for path in call.tool.touches(call.arguments)]
    if any(path.startswith("frontend/") for path in touched):
        return "frontend"
    if any(path.startswith("backend/") for path in touched) or "scaffold_app" in names:
        return "backend"
    return present
