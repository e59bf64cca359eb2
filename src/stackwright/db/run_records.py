"""A run's row, its lease and its ending as data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from stackwright.core.ids import ProjectId, RunId, UserId

RunStatus = Literal[
    "queued",
    "running",
    "waiting_input",
    "verified",
    "partly",
    "unverified",
    "answered",
    "cancelled",
    "failed",
]
RunKind = Literal["chat", "proof", "plan", "ask"]
"""`proof`: it proves the app as it is, without a model. `plan`: it ends with a plan, `ask`: with an
answer; both change nothing."""
READING: frozenset[RunKind] = frozenset({"plan", "ask"})
"""Kinds of runs that change nothing."""
ENDED: frozenset[str] = frozenset(
    {"verified", "partly", "unverified", "answered", "cancelled", "failed"}
)


class LeaseLost(Exception):
    """Another worker has the run, or it ended: stop at once and write nothing more."""


class RunStopped(Exception):
    """The person has stopped the run: it cannot wait for them any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    id: RunId
    project_id: ProjectId
    user_id: UserId
    number: int
    kind: RunKind
    status: RunStatus
    input: str
    answer: dict[str, Any] | None
    interrupt: dict[str, Any] | None
    attempts: int
    model_calls: int
    spent_usd: float
    spent_tokens: int
    repair_usd: float
    repair_tokens: int
    cancel_cause: str | None
    last_seq: int
    usage: dict[str, Any] | None
    cost_usd: float | None
    error: dict[str, Any] | None
    report: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    model: str | None = None
    """The model that its message names, if it names one."""

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_unbegun(self) -> bool:
        """Whether it waits in the queue and no worker ever had it."""
        return self.status == "queued" and self.started_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on a run. `token` fences: a worker with an older token can write nothing."""

    run_id: RunId
    project_id: ProjectId
    user_id: UserId
    token: str
    attempt: int
    last_seq: int
    """Last number of the event log when the lease was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTotals:
    """What a run's row says about it from its end on, beside what its log tells."""

    error: dict[str, Any] | None = None
    report: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as one message of the conversation."""

    text: str
    tool_calls: list[dict[str, Any]]
