"""Runs, and the messages that wait for one."""

from datetime import datetime
from typing import Any

from pydantic import (
    BaseModel,
    Field,
)

from stackwright.api.schemas.base import PlainText, RequestBody, ResponseBody
from stackwright.db.run_records import RunKind, RunRecord, RunStatus


class RunOut(ResponseBody):
    id: str
    project_id: str
    number: int
    kind: RunKind = Field(
        description="`proof`: it proves the app as it is, without a model. `plan`, `ask`: it changes nothing."
    )
    status: RunStatus
    input: str
    model: str | None = Field(description="That its message named; null: the project's.")
    interrupt: dict[str, Any] | None
    attempts: int
    model_calls: int
    cancel_cause: str | None
    last_seq: int
    usage: dict[str, Any] | None
    cost_usd: float | None
    error: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RunList(BaseModel):
    """Newest first. `next` goes into the following call's `before`."""

    runs: list[RunOut]
    next: int | None


class RunAccepted(BaseModel):
    run_id: str
    project_id: str


class QueuedChange(RequestBody):
    message: PlainText = Field(description="What the message is to say instead.")


class QueueOrder(RequestBody):
    run_ids: list[PlainText] = Field(
        min_length=1, max_length=1000, description="All that wait, in the order that is wanted."
    )


class QueuedOut(ResponseBody):
    """A message that waits, named by the run that will work on it."""

    run_id: str
    message: str
    created_at: datetime


class QueuedList(BaseModel):
    """Messages that wait, in the order in which they will be worked on."""

    messages: list[QueuedOut]


def run_out(run: RunRecord) -> RunOut:
    return RunOut.model_validate(run)


def queued_out(run: RunRecord) -> QueuedOut:
    return QueuedOut(run_id=run.id, message=run.input, created_at=run.created_at)
