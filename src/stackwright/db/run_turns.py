"""What a worker and a person tell each other while a run works, in one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from stackwright.core.ids import RunId, UserId, new_id
from stackwright.db.columns import dump_json
from stackwright.db.engine import Fetch
from stackwright.db.notifications import CONTROL_CHANNEL
from stackwright.db.purses import FOLD
from stackwright.db.run_records import Lease, LeaseLost, RunStatus, RunSummary, RunTotals


@dataclass(frozen=True, slots=True)
class RunControlRecord:
    """The person's cancel request (to delete the project is one) and steering messages (number, text)."""

    cancel_cause: str | None
    steering: list[tuple[int, str]]


# Not worth waiting for the disk: a lease that a crash of the database shortens is renewed soon.
_RENEW = """
WITH run AS (
    UPDATE runs SET lease_expires_at = now() + %(duration)s
    WHERE id = %(run_id)s AND user_id = %(user_id)s
        AND status = 'running' AND lease_token = %(token)s
    RETURNING id, project_id, cancel_cause
)
SELECT coalesce(run.cancel_cause, CASE WHEN p.deleted_at IS NOT NULL THEN 'user' END),
    i.id, i.text, set_config('synchronous_commit', 'off', true)
FROM run JOIN projects p ON p.id = run.project_id LEFT JOIN run_inbox i ON i.run_id = run.id
ORDER BY i.id
"""

_UNREAD = """
SELECT i.message_id, i.text
FROM run_inbox i JOIN runs r ON r.id = i.run_id
WHERE r.id = %(run_id)s AND r.user_id = %(user_id)s AND i.id <> ALL(%(known)s::bigint[])
ORDER BY i.id
"""

_STEER = """
WITH run AS (
    SELECT id FROM runs
    WHERE id = %(run_id)s AND user_id = %(user_id)s AND status = 'running'
    FOR SHARE
)
INSERT INTO run_inbox (run_id, message_id, text)
SELECT run.id, %(message_id)s, %(text)s FROM run
RETURNING pg_notify(%(channel)s, run_id)
"""

# The log knows what each of the run's workers used.
_END = f"""
WITH used AS (
    SELECT sum((data->>'cost_usd')::double precision) AS cost_usd,
        json_build_object(
            'input_tokens', coalesce(sum((data->>'input_tokens')::bigint), 0),
            'output_tokens', coalesce(sum((data->>'output_tokens')::bigint), 0),
            'cache_read_tokens', coalesce(sum((data->>'cache_read_tokens')::bigint), 0),
            'cache_write_tokens', coalesce(sum((data->>'cache_write_tokens')::bigint), 0),
            'model_calls', count(*)
        ) AS usage
    FROM run_events WHERE run_id = %(run_id)s AND type = 'usage'
), run AS (
    UPDATE runs SET status = %(status)s, ended_at = now(), lease_token = NULL,
        usage = used.usage, cost_usd = used.cost_usd, error = %(error)s::json,
        report = %(report)s::json
    FROM used
    WHERE id = %(run_id)s AND user_id = %(user_id)s
        AND status = 'running' AND lease_token = %(token)s
    RETURNING id, user_id, project_id, spent_usd, spent_tokens
), folded AS (
    {FOLD.format(run="run")}
)
INSERT INTO messages (id, project_id, run_id, role, content, tool_calls, status)
SELECT %(message_id)s, run.project_id, run.id, 'assistant', %(content)s, %(tool_calls)s::json,
    %(status)s
FROM run
RETURNING run_id
"""  # noqa: S608 (a part of our own)


class RunTurnRepository:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def renew(self, lease: Lease, *, duration: timedelta) -> RunControlRecord:
        """Renew the lease and read cancel request and steering. Raises LeaseLost."""
        values = {
            "run_id": lease.run_id,
            "user_id": lease.user_id,
            "token": lease.token,
            "duration": duration,
        }
        rows = await self._fetch(_RENEW, values)
        if not rows:
            raise LeaseLost(lease.run_id)
        steering = [(number, text) for _, number, text, _ in rows if number is not None]
        return RunControlRecord(rows[0][0], steering)

    async def list_unread(
        self, lease: Lease, known_steering: Sequence[int]
    ) -> list[tuple[str, str]]:
        """Message id and text of each steering message other than the known ones."""
        values = {
            "run_id": lease.run_id,
            "user_id": lease.user_id,
            "known": list(known_steering),
        }
        return [(message_id, text) for message_id, text in await self._fetch(_UNREAD, values)]

    async def steer(self, user_id: UserId, run_id: RunId, *, message_id: str, message: str) -> bool:
        """Send a message to the worker of a running run. False: the run does not run any more."""
        values = {
            "run_id": run_id,
            "user_id": user_id,
            "message_id": message_id,
            "text": message,
            "channel": CONTROL_CHANNEL,
        }
        return bool(await self._fetch(_STEER, values))

    async def end(
        self, lease: Lease, summary: RunSummary, totals: RunTotals, *, status: RunStatus
    ) -> None:
        """The run's ending with what it used, and the run as a message of the conversation. Raises LeaseLost."""
        values = {
            "run_id": lease.run_id,
            "user_id": lease.user_id,
            "token": lease.token,
            "status": status,
            "error": _json(totals.error),
            "report": _json(totals.report),
            "message_id": new_id(),
            "content": summary.text.encode("utf-8", "surrogatepass"),
            "tool_calls": dump_json(summary.tool_calls),
        }
        if not await self._fetch(_END, values):
            raise LeaseLost(lease.run_id)


def _json(value: object) -> str | None:
    return None if value is None else dump_json(value)
