"""What the agent knows of a project: the fields of its state that clients are shown."""

from dataclasses import dataclass, fields

from pydantic import TypeAdapter

from stackwright.checkpoint.service import CheckpointService
from stackwright.core.events import Phase
from stackwright.db.projects import ProjectRecord

MAX_FILES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProgress:
    """As of the last stored step; empty before the first."""

    current_phase: Phase | None = None
    next_steps: tuple[str, ...] = ()
    recent_thinking: tuple[str, ...] = ()
    error_count: int = 0
    active_files: tuple[str, ...] = ()
    service_pids: dict[str, int] | None = None
    tokens_used: int = 0


NAMES = tuple(field.name for field in fields(AgentProgress))
_PROGRESS = TypeAdapter(AgentProgress)


class ProgressReader:
    def __init__(self, checkpoints: CheckpointService) -> None:
        self._checkpoints = checkpoints

    async def of(self, project: ProjectRecord) -> AgentProgress:
        """The progress of a project. Processes are told only while the sandbox in which they were seen runs."""
        values = await self._checkpoints.values(project.thread_id, NAMES)
        values["active_files"] = (values.get("active_files") or [])[:MAX_FILES]
        if project.sandbox_state != "running":
            values.pop("service_pids", None)
        return _PROGRESS.validate_python(values)
