"""The event log: dense per run, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Transaction
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
_APPEND = text(
    """
WITH run AS (
    UPDATE runs SET last_seq = last_seq + :count
    WHERE id = :run_id AND user_id = :user_id AND last_seq = :base
        AND (CAST(:token AS text) IS NULL OR (status = 'running' AND lease_token = :token))
    RETURNING id
), added AS (
    INSERT INTO run_events (run_id, seq, type, data)
    SELECT run.id, :base + e.place, e.type, e.data
    FROM run, unnest(CAST(:types AS text[]), CAST(:data AS json[]))
        WITH ORDINALITY AS e(type, data, place)
    RETURNING 1
)
SELECT (SELECT count(*) FROM added) AS added, pg_notify(:channel, run.id),
    set_config('synchronous_commit', :durability, true)
FROM run
"""
).bindparams(bindparam("types", type_=ARRAY(Text)), bindparam("data", type_=ARRAY(Text)))

_POSITION = text(
    "SELECT last_seq FROM runs WHERE id = :run_id AND user_id = :user_id"
    " AND status = 'running' AND lease_token = :token"
)

_READ = text(
    """
SELECT e.seq, e.type, e.data::text AS data, e.created_at
FROM run_events e JOIN runs r ON r.id = e.run_id
WHERE e.run_id = :run_id AND r.user_id = :user_id AND r.project_id = :project_id
    AND e.seq > :after
ORDER BY e.seq LIMIT :limit
"""
)


class RunEventRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(
        self, lease: Lease, events: Sequence[NewEvent], *, base: int, durable: bool
    ) -> int:
        """Add events after position `base` and return the new position. Raises LeaseLost.

        Repeating a call whose answer was lost adds nothing."""
        values = _values(lease.run_id, lease.user_id, events, base, durable=durable)
        added = await self._transaction.execute(_APPEND, {**values, "token": lease.token})
        if added.first() is None:
            await self._check_already_there(lease, base + len(events))
        return base + len(events)

    async def append_unclaimed(
        self, user_id: UserId, run_id: RunId, events: Sequence[NewEvent], *, base: int
    ) -> int:
        """The same for a run no worker holds; the caller has it locked."""
        values = _values(run_id, user_id, events, base, durable=True)
        added = await self._transaction.execute(_APPEND, {**values, "token": None})
        assert added.first() is not None, "the run moved although it was locked"
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
        rows = await self._transaction.execute(_READ, values)
        return [EventRecord(row.seq, row.type, row.data.encode(), row.created_at) for row in rows]

    async def _check_already_there(self, lease: Lease, position: int) -> None:
        values = {"run_id": lease.run_id, "user_id": lease.user_id, "token": lease.token}
        if await self._transaction.scalar(_POSITION, values) != position:
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
