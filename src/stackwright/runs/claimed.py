"""A run in the hands of a worker."""

from dataclasses import dataclass

from stackwright.db.projects import ProjectRecord
from stackwright.db.run_records import Lease, RunRecord

MAX_ATTEMPTS = 3


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

    @property
    def is_given_up(self) -> bool:
        """Whether so many workers died of it that nobody may try again."""
        return self.lease.attempt > MAX_ATTEMPTS

    @property
    def is_to_close(self) -> bool:
        """Whether all that is left is to end it: what its workers began is cleared up, as by them."""
        return self.is_given_up or self.run.cancel_cause is not None
