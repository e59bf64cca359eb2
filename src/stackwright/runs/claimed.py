"""A run in the hands of a worker."""

from dataclasses import dataclass

from stackwright.db.projects import ProjectRecord
from stackwright.db.run_records import Lease, RunRecord


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """A run this worker may work on now; it and its project as they were before."""

    lease: Lease
    run: RunRecord
    project: ProjectRecord

    @property
    def is_resumed(self) -> bool:
        """Whether an earlier worker began this run: emit agent_resumed, not agent_start."""
        return self.run.started_at is not None
