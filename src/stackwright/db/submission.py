"""Accepts a message and claims a run, each in one statement, because the person waits for both.

The submission statement changes nothing in unusual cases (an answer, steering, a repeated request, an
e-mail address in use): runs/submission.py then uses a transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import Any

import psycopg

from stackwright.core.ids import ProjectId, RunId, UserId, new_id
from stackwright.db.columns import dump_json
from stackwright.db.engine import Fetch
from stackwright.db.jobs import QUEUE, TASK
from stackwright.db.projects import ProjectRecord, new_label
from stackwright.db.run_records import Lease, RunKind, RunRecord

_RUN_COLUMNS = tuple(field.name for field in fields(RunRecord))
_PROJECT_COLUMNS = tuple(field.name for field in fields(ProjectRecord))
_SUBMIT = f"""
WITH person AS (
    INSERT INTO users (id, email)
    SELECT %(user_id)s, %(email)s
    WHERE NOT EXISTS (SELECT FROM projects WHERE id = %(project_id)s AND user_id <> %(user_id)s)
    ON CONFLICT DO NOTHING
), project AS (
    INSERT INTO projects AS p (id, user_id, name, model, thread_id, preview_label)
    VALUES (%(project_id)s, %(user_id)s, %(name)s, %(model)s, %(thread_id)s, %(label)s)
    ON CONFLICT (id) DO UPDATE SET updated_at = now()
    WHERE p.user_id = excluded.user_id AND p.deleted_at IS NULL
    RETURNING p.*
), present AS (
    SELECT count(*) FILTER (WHERE r.status <> 'waiting_input') AS ahead,
        bool_or(r.status = 'waiting_input' OR (r.status = 'running' AND %(steers)s)) AS is_special
    FROM project JOIN runs r ON r.project_id = project.id
    WHERE r.status IN ('running', 'queued', 'waiting_input')
), start AS (
    SELECT ahead, %(worker_id)s::bigint IS NOT NULL AND ahead = 0 AND NOT EXISTS (
        SELECT FROM procrastinate_jobs WHERE lock = %(project_id)s AND status = 'doing'
    ) AS is_now
    FROM present WHERE is_special IS NOT TRUE
), run AS (
    INSERT INTO runs AS r (
        id, user_id, project_id, number, kind, input, model, last_seq,
        status, attempts, worker, lease_token, lease_expires_at, started_at
    )
    SELECT %(run_id)s, %(user_id)s, project.id,
        1 + coalesce((SELECT max(number) FROM runs WHERE project_id = %(project_id)s), 0),
        %(kind)s, %(message)s, %(model)s, 2,
        CASE WHEN is_now THEN 'running' ELSE 'queued' END, is_now::integer,
        CASE WHEN is_now THEN %(worker)s END, CASE WHEN is_now THEN %(token)s END,
        CASE WHEN is_now THEN now() + %(duration)s END, CASE WHEN is_now THEN now() END
    FROM project, start
    RETURNING r.*
), message AS (
    INSERT INTO messages (id, project_id, run_id, role, content, tool_calls)
    SELECT %(message_id)s, %(project_id)s, run.id, 'user', %(content)s, '[]' FROM run
), events AS (
    INSERT INTO run_events (run_id, seq, type, data)
    SELECT run.id, 1, 'user_message', %(user_message)s::json FROM run
    UNION ALL
    SELECT run.id, 2, 'run_queued',
        (%(run_queued)s::jsonb || jsonb_build_object('position', ahead))::json
    FROM run, start
    RETURNING type, data
), request AS (
    INSERT INTO idempotency_keys (user_id, key, fingerprint, run_id, first_seq)
    SELECT %(user_id)s, %(key)s, %(fingerprint)s, run.id, 1 FROM run
    WHERE %(key)s::text IS NOT NULL
), job AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id)
    SELECT %(queue)s, %(task)s, %(project_id)s, %(arguments)s::jsonb,
        CASE WHEN is_now THEN 'doing' ELSE 'todo' END::procrastinate_job_status,
        CASE WHEN is_now THEN %(worker_id)s::bigint END
    FROM run, start
    RETURNING id
)
SELECT job.id, start.is_now,
    (SELECT data::text FROM events WHERE type = 'run_queued'),
    {", ".join(f"run.{name}" for name in _RUN_COLUMNS)},
    {", ".join(f"project.{name}" for name in _PROJECT_COLUMNS)}
FROM job, start, run, project
"""  # noqa: S608 (names of our own columns)
# Nobody wants a run of a deleted project any more: its worker only closes it.
_BEFORE = {
    "cancel_cause": "coalesce(before.cancel_cause, CASE WHEN p.deleted_at IS NOT NULL THEN 'user' END)"
}
_CLAIM = f"""
WITH before AS (
    SELECT * FROM runs WHERE id = %(run_id)s FOR UPDATE
), claimed AS (
    UPDATE runs SET status = 'running', worker = %(worker)s,
        attempts = before.attempts + (before.lease_token IS DISTINCT FROM %(token)s)::integer,
        lease_token = %(token)s, lease_expires_at = now() + %(duration)s,
        started_at = coalesce(before.started_at, now())
    FROM before
    WHERE runs.id = before.id AND before.status IN ('queued', 'running')
        AND (before.attempts < %(max_attempts)s OR before.lease_token = %(token)s)
        AND NOT EXISTS (
            SELECT FROM runs w WHERE w.project_id = before.project_id AND w.status = 'waiting_input'
        )
    RETURNING runs.id, runs.attempts
)
SELECT claimed.attempts, {", ".join(_BEFORE.get(name, f"before.{name}") for name in _RUN_COLUMNS)},
    {", ".join(f"p.{name}" for name in _PROJECT_COLUMNS)}
FROM claimed JOIN before ON before.id = claimed.id JOIN projects p ON p.id = before.project_id
"""  # noqa: S608 (names of our own columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """`user_message` and `run_queued` are events as the log keeps them; the latter gets its position from the
    statement. `key` is the idempotency key, if one was given."""

    run_id: RunId
    message_id: str
    message: str
    kind: RunKind
    model: str | None
    user_message: str
    run_queued: str
    project_name: str
    email: str | None
    key: str | None
    fingerprint: str
    steers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOffer:
    """A worker that can begin the run at once: its id in the queue, its name, and the lease it would get."""

    worker_id: int
    worker: str
    token: str
    duration: timedelta


_NO_OFFER = {"worker_id": None, "worker": None, "token": None, "duration": timedelta()}

Claim = tuple[Lease, RunRecord, ProjectRecord]
"""A lease, and the run and its project as they were before it."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The run's job; the claim of the offered worker, if no run is ahead; and the event `run_queued` as it
    was stored."""

    job_id: int
    claim: Claim | None
    run_queued: str


class SubmissionRepository:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def submit(
        self, user_id: UserId, project_id: ProjectId, new: NewRun, offer: WorkerOffer | None
    ) -> Submitted | None:
        """User and project if unseen, message, run, first events and queue job, all or nothing.
        None: the message is no plain new run, and nothing was done."""
        offered = _NO_OFFER if offer is None else asdict(offer)
        values = {**_values(user_id, project_id, new), **offered}
        try:
            rows = await self._fetch(_SUBMIT, values)
        except (psycopg.errors.UniqueViolation, psycopg.errors.ForeignKeyViolation):
            # The key was used before, or another user has the address, or another run came between.
            return None
        if not rows:
            return None
        ((job_id, is_begun, run_queued, *row),) = rows
        if offer is None or not is_begun:
            return Submitted(job_id, None, run_queued)
        lease, run, project = _claim(row, offer.token, attempt=1)
        before = replace(run, status="queued", attempts=0, started_at=None)
        return Submitted(job_id, (lease, before, project), run_queued)

    async def claim(
        self, run_id: RunId, *, token: str, worker: str, duration: timedelta, max_attempts: int
    ) -> Claim | None:
        """Lease a run to a worker. None: something keeps it from being claimed. Repeated with the same token
        after a lost answer, it counts no further attempt."""
        values = {
            "run_id": run_id,
            "token": token,
            "worker": worker,
            "duration": duration,
            "max_attempts": max_attempts,
        }
        rows = await self._fetch(_CLAIM, values)
        if not rows:
            return None
        ((attempt, *row),) = rows
        return _claim(row, token, attempt=attempt)


def _claim(row: Sequence[Any], token: str, *, attempt: int) -> Claim:
    split = len(_RUN_COLUMNS)
    run = RunRecord(**dict(zip(_RUN_COLUMNS, row[:split], strict=True)))
    project = ProjectRecord(**dict(zip(_PROJECT_COLUMNS, row[split:], strict=True)))
    lease = Lease(
        run_id=run.id,
        project_id=run.project_id,
        user_id=run.user_id,
        token=token,
        attempt=attempt,
        last_seq=run.last_seq,
    )
    return lease, run, project


def _values(user_id: UserId, project_id: ProjectId, new: NewRun) -> Mapping[str, object]:
    return {
        "user_id": user_id,
        "email": new.email,
        "project_id": project_id,
        "name": new.project_name,
        "thread_id": new_id(),
        "label": new_label(),
        "run_id": new.run_id,
        "message": new.message,
        "kind": new.kind,
        "model": new.model,
        "message_id": new.message_id,
        "content": new.message.encode(),
        "user_message": new.user_message,
        "run_queued": new.run_queued,
        "key": new.key,
        "fingerprint": new.fingerprint,
        "steers": new.steers,
        "queue": QUEUE,
        "task": TASK,
        "arguments": dump_json({"run_id": new.run_id, "user_id": user_id}),
    }
