"""Ends a run, or lets it wait for the person: version, status, and the one ending in the log.

The harness ends the run: its status comes from the gate's report, never from the model's words.
"""

import logging
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from stackwright.agent.contract import AgentOutcome
from stackwright.core.events import (
    AgentCancelled,
    AgentComplete,
    CheckStatus,
    RunError,
    StateChanged,
    UserInputRequired,
    VersionCreated,
)
from stackwright.core.postgres import patiently
from stackwright.db.run_records import READING, RunKind, RunStopped, RunTotals
from stackwright.projects.restore_points import RestorePoints
from stackwright.runs.context import RunContext
from stackwright.runs.events.records import timestamp
from stackwright.runs.events.writer import RunEventWriter, Terminal, status_after
from stackwright.runs.lease import ClaimedRun, LeaseControl
from stackwright.runs.service import RunService
from stackwright.runs.unclaimed import RunInterrupted

log = logging.getLogger(__name__)

Status = Literal["verified", "partly", "unverified", "answered"]
MAX_GOING_ON_CHARS = 60
_GOES_ON = re.compile(
    r"\W*(?:(?:please|yes|bitte) ?)?(?:continue|go on|carry on|go ahead|weiter|mach weiter|continuez?|continúa|sigue)"
    r"\W*",
    re.IGNORECASE,
)
_PINNING = frozenset({"verified", "partly"})
"""Endings after which what was proven is proven again by every later run."""


def status_of(seen: CheckStatus, kind: RunKind, message: str, *, has_changed: bool) -> Status:
    """What a report makes of a run. Where nothing was changed, all that works is what worked before: nothing of
    the message was seen working, unless it only asks for the check or for going on."""
    is_news = has_changed or kind == "proof" or _GOES_ON.fullmatch(message[:MAX_GOING_ON_CHARS])
    return seen if seen != "verified" or is_news else "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnding:
    """The ending of one leased run: `end` or `fail` writes it."""

    runs: RunService
    restore_points: RestorePoints
    max_iterations: int
    claimed: ClaimedRun
    control: LeaseControl
    context: RunContext
    writer: RunEventWriter

    async def end(self, outcome: AgentOutcome) -> None:
        """Let the run wait for an answer, or end it. Raises RunInterrupted for a run that is given up."""
        if outcome.ending == "waiting_input":
            if await self._waits(outcome):
                return
            outcome = replace(outcome, ending="cancelled")
        if outcome.ending == "cancelled":
            await self.context.end_commands()
        self._tell_limits(outcome)
        status = await self._kept(outcome)
        if self.claimed.is_given_up and self.claimed.run.cancel_cause is None:
            self.control.read_steering = outcome.steering
            raise RunInterrupted
        ending = self._terminal(outcome, status)
        also = partial(self.runs.queue_unread, self.claimed.lease, outcome.steering)
        totals = _totals(self.context)
        self.control.let_go()
        await patiently(lambda: self.writer.finish(ending, totals=totals, also=also))
        log.info("run_ended", extra={"status": status_after(ending)})

    async def fail(self, sentence: str, code: str) -> None:
        """End the run with an error. Files stay as they are, without a version."""
        self.control.let_go()
        ending = RunError(message=sentence, error_type=code, timestamp=timestamp())
        totals = _totals(self.context, {"code": code, "message": sentence})
        read = self.control.read_steering
        also = None if read is None else partial(self.runs.queue_unread, self.claimed.lease, read)
        await patiently(lambda: self.writer.finish(ending, totals=totals, also=also))

    async def _waits(self, outcome: AgentOutcome) -> bool:
        """False: the person stopped the run before its question was stored."""
        question = UserInputRequired(question=outcome.question, fields=outcome.fields)
        self.control.let_go()
        try:
            await patiently(lambda: self.writer.suspend(question, question_id=outcome.question_id))
        except RunStopped:
            return False
        return True

    def _tell_limits(self, outcome: AgentOutcome) -> None:
        if outcome.ending == "iterations":
            detail = f"The limit of {self.max_iterations} model calls is reached. Write “continue” to go on."
            self.writer.emit(StateChanged(state="limit_reached", detail=detail))
        if outcome.ending == "stopped":
            detail = "The work ends here, as you chose. Write “continue” to go on."
            self.writer.emit(StateChanged(state="stopped", detail=detail))

    async def _kept(self, outcome: AgentOutcome) -> Status:
        """The run's status, after what it proved is pinned and its files are a version."""
        await look_for_changes(self.restore_points, self.claimed, self.context)
        status = self._status(outcome)
        has_report = self.context.report is not None
        if outcome.ending != "cancelled" and has_report and status in _PINNING:
            await self.context.pin_proven()
        if self.context.has_changed and self.claimed.run.kind not in READING:
            await self._make_version(status)
        return status

    def _status(self, outcome: AgentOutcome) -> Status:
        if self.claimed.run.kind in READING:
            return "answered"
        if outcome.ending == "iterations":
            return "unverified"
        run, report = self.claimed.run, self.context.report
        if report is None:
            return "unverified" if self.context.has_changed else "answered"
        return status_of(report.status, run.kind, run.input, has_changed=self.context.has_changed)

    async def _make_version(self, status: Status) -> None:
        lease, title = self.claimed.lease, self.claimed.run.input
        point = await patiently(
            lambda: self.restore_points.create(
                lease.user_id, lease.project_id, lease.run_id, title=title, status=status
            )
        )
        self.writer.emit(VersionCreated(version=point.version, title=point.title))

    def _terminal(self, outcome: AgentOutcome, status: Status) -> Terminal:
        project_id = self.claimed.lease.project_id
        if outcome.ending == "cancelled":
            cause: Any = self.control.cancel_cause or self.claimed.run.cancel_cause or "user"
            return AgentCancelled(timestamp=timestamp(), project_id=project_id, cause=cause)
        return AgentComplete(
            timestamp=timestamp(),
            project_id=project_id,
            status=status,
            preview_url=self.context.preview_url,
        )


async def look_for_changes(points: RestorePoints, claimed: ClaimedRun, context: RunContext) -> None:
    """Note also what earlier workers of this run changed."""
    if claimed.is_resumed and not context.has_changed:
        lease = claimed.lease
        context.has_changed = await patiently(
            lambda: points.is_due(lease.user_id, lease.project_id, lease.run_id)
        )


def _totals(context: RunContext, error: dict[str, Any] | None = None) -> RunTotals:
    report = context.report.model_dump(mode="json") if context.report is not None else None
    return RunTotals(error=error, report=report)
