"""Ends runs that no worker has."""

from typing import Any

from stackwright.core.errors import PlatformError
from stackwright.core.events import AgentCancelled, RunError
from stackwright.db.engine import Transaction, within
from stackwright.db.jobs import JobRepository
from stackwright.db.purses import PurseRepository
from stackwright.db.run_records import RunRecord
from stackwright.db.runs import RunRepository
from stackwright.runs.events.records import timestamp
from stackwright.runs.events.writer import Terminal, status_after, write_assistant_message
from stackwright.runs.lease import MAX_ATTEMPTS
from stackwright.runs.submission import append_unclaimed


class RunInterrupted(PlatformError):
    code = "run_interrupted"

    def __init__(self) -> None:
        super().__init__(
            f"The work was interrupted {MAX_ATTEMPTS} times and was given up; send the message again."
        )


async def cancel_unclaimed(transaction: Transaction, run: RunRecord, *, cause: str) -> None:
    """Cancel a locked run that no worker ever had."""
    event = AgentCancelled(timestamp=timestamp(), project_id=run.project_id, cause=cause)
    await _end_unclaimed(transaction, run, event)


async def give_up_unclaimed(transaction: Transaction, run: RunRecord) -> None:
    """End a locked run whose workers died too often."""
    error = RunInterrupted()
    event = RunError(message=str(error), error_type=error.code, timestamp=timestamp())
    await _end_unclaimed(transaction, run, event, {"code": error.code, "message": str(error)})


async def queue_closing(transaction: Transaction, waiting: RunRecord, *, cause: str) -> None:
    """Cancel a locked run that waits for the person: a worker stops its programs and ends it."""
    await RunRepository(transaction).close_waiting(waiting.user_id, waiting.id, cause=cause)
    jobs = JobRepository(transaction)
    await jobs.add(waiting.user_id, waiting.project_id, waiting.id, comes_next=True)


async def _end_unclaimed(
    transaction: Transaction,
    run: RunRecord,
    event: Terminal,
    error: dict[str, Any] | None = None,
) -> None:
    """Event, message and status together."""
    await append_unclaimed(transaction, run.user_id, run.id, [event], base=run.last_seq)
    status = status_after(event)
    await write_assistant_message(transaction, run.user_id, run.project_id, run.id, status=status)
    await RunRepository(transaction).end_unclaimed(run.user_id, run.id, status=status, error=error)
    await PurseRepository(within(transaction)).fold(run.user_id, run.id)
