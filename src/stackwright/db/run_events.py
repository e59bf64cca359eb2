"""The event log: dense per run, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Fetch
from stackwright.db.run_records import Lease, LeaseLost

EVENTS_CHANNEL = "stackwright_run_events"
"""NOTIFY channel; the payload is the id of a run whose log has grown."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the log: its type, and all of it as JSON in ASCII."""

    type: str
    data: str


@dataclass(frozen=True, slots=True)
class EventRecord:
    seq: int
    type: str
    data: bytes
    created_at: datetime


# One statement, one round trip: the row lock on the run makes seq dense, the lease and the expected
# position make a repetition after a lost answer harmless, NOTIFY goes out with the commit.
_APPEND = """
WITH run AS (
    UPDATE runs SET last_seq = last_seq + %(count)s
    WHERE id = %(run_id)s AND user_id = %(user_id)s AND last_seq = %(base)s
        AND (%(token)s::text IS NULL OR (status = 'running' AND lease_token = %(token)s))
    RETURNING id
), added AS (
    INSERT INTO run_events (run_id, seq, type, data)
    SELECT run.id, %(base)s + e.place, e.type, e.data
    FROM run, unnest(%(types)s::text[], %(data)s::json[])
        WITH ORDINALITY AS e(type, data, place)
    RETURNING 1
)
SELECT (SELECT count(*) FROM added), pg_notify(%(channel)s, run.id),
    set_config('synchronous_commit', %(durability)s, true)
FROM run
"""

_POSITION = """
SELECT last_seq FROM runs WHERE id = %(run_id)s AND user_id = %(user_id)s
    AND status = 'running' AND lease_token = %(token)s
"""

_READ = """
SELECT e.seq, e.type, e.data::text, e.created_at
FROM run_events e JOIN runs r ON r.id = e.run_id
WHERE e.run_id = %(run_id)s AND r.user_id = %(user_id)s AND r.project_id = %(project_id)s
    AND e.seq > %(after)s
ORDER BY e.seq LIMIT %(limit)s
"""


class RunEventRepository:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def append(
        self, lease: Lease, events: Sequence[NewEvent], *, base: int, durable: bool
    ) -> int:
        """Add events after position `base` and return the new position. Raises LeaseLost.

        Repeating a call whose answer was lost adds nothing."""
        values = _values(lease.run_id, lease.user_id, events, base, durable=durable)
        if not await self._fetch(_APPEND, {**values, "token": lease.token}):
            await self._check_already_there(lease, base + len(events))
        return base + len(events)

    async def append_unclaimed(
        self, user_id: UserId, run_id: RunId, events: Sequence[NewEvent], *, base: int
    ) -> int:
        """The same for a run no worker holds; the caller has it locked."""
        values = _values(run_id, user_id, events, base, durable=True)
        added = await self._fetch(_APPEND, {**values, "token": None})
        assert added, "the run moved although it was locked"
        return base + len(events)

    async def read(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, after: int, limit: int
    ) -> list[EventRecord]:
        """Events with a higher seq, in order. Nothing for a run of another user."""
        values = {
            "run_id": run_id,
            "user_id": user_id,
            "project_id": project_id,
            "after": after,
            "limit": limit,
        }
        return [
            EventRecord(seq, type_, data.encode(), created_at)
            for seq, type_, data, created_at in await self._fetch(_READ, values)
        ]

    async def _check_already_there(self, lease: Lease, position: int) -> None:
        values = {"run_id": lease.run_id, "user_id": lease.user_id, "token": lease.token}
        if await self._fetch(_POSITION, values) != [(position,)]:
            raise LeaseLost(lease.run_id)


def _values(
    run_id: RunId, user_id: UserId, events: Sequence[NewEvent], base: int, *, durable: bool
) -> dict[str, object]:
    return {
        "run_id": run_id,
        "user_id": user_id,
        "base": base,
        "count": len(events),
        "types": [event.type for event in events],
        "data": [event.data for event in events],
        "channel": EVENTS_CHANNEL,
        "durability": "on" if durable else "off",
    }
