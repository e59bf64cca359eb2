"""The event log: dense per run, append-only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from stackwright.core.events import Usage
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.db.engine import Fetch, Rows
from stackwright.db.run_records import ENDED, Lease, LeaseLost

EVENTS_CHANNEL = "stackwright_run_events"
"""NOTIFY channel; the payload names the writer and the runs whose logs have grown:
`<writer>:<run_id> <last seq>,…`."""
MAX_BATCHES = 100
"""Runs per statement: their notification must fit into 8000 bytes."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the log: its type, and all of it as JSON in ASCII."""

    type: str
    data: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one run; they follow position `base` of its log. `token` None: no worker has it."""

    run_id: RunId
    user_id: UserId
    token: str | None
    base: int
    events: Sequence[NewEvent]

    @classmethod
    def of(cls, lease: Lease, base: int, events: Sequence[NewEvent]) -> Self:
        return cls(lease.run_id, lease.user_id, lease.token, base, events)

    @property
    def end(self) -> int:
        """The position of the last of them."""
        return self.base + len(self.events)


class EventsLost(Exception):
    """The database crashed and lost the events after `position`, which were written without waiting
    for its disk. The worker still has the run."""

    def __init__(self, position: int) -> None:
        super().__init__(f"the log ends at {position}")
        self.position = position


@dataclass(frozen=True, slots=True)
class EventRecord:
    seq: int
    type: str
    data: bytes
    created_at: datetime


# One statement for any number of runs: the row lock on a run makes its seq dense, the lease and the
# expected position make a repetition after a lost answer harmless, NOTIFY goes out with the commit.
_APPEND = """
WITH batch AS (
    SELECT * FROM unnest(
        %(runs)s::text[], %(users)s::text[], %(tokens)s::text[], %(bases)s::int[],
        %(ends)s::int[], %(calls)s::int[], %(usd)s::float8[], %(tokens_used)s::bigint[],
        %(repair_usd)s::float8[], %(repair_tokens)s::bigint[]
    ) WITH ORDINALITY AS b(
        run_id, user_id, token, base, last, calls, usd, tokens, repair_usd, repair_tokens, place
    )
), run AS (
    UPDATE runs r SET last_seq = b.last, model_calls = r.model_calls + b.calls,
        spent_usd = r.spent_usd + b.usd, spent_tokens = r.spent_tokens + b.tokens,
        repair_usd = r.repair_usd + b.repair_usd, repair_tokens = r.repair_tokens + b.repair_tokens
    FROM batch b
    WHERE r.id = b.run_id AND r.user_id = b.user_id AND r.last_seq = b.base
        AND (b.token IS NULL OR (r.status = 'running' AND r.lease_token = b.token))
    RETURNING r.id, r.last_seq, b.place
), added AS (
    INSERT INTO run_events (run_id, seq, type, data)
    SELECT run.id, e.seq, e.type, e.data
    FROM unnest(%(places)s::int[], %(seqs)s::int[], %(types)s::text[], %(data)b::json[])
        AS e(place, seq, type, data)
    JOIN run ON run.place = e.place
), told AS (
    SELECT pg_notify(
            %(channel)s, %(writer)s || ':' || string_agg(run.id || ' ' || run.last_seq, ',')
        ),
        set_config('synchronous_commit', %(durability)s, true)
    FROM run HAVING count(*) > 0
)
SELECT run.id, now() FROM run, told
"""

_POSITION = """
SELECT last_seq FROM runs WHERE id = %(run_id)s AND user_id = %(user_id)s
    AND status = 'running' AND lease_token = %(token)s
"""

_READ = """
SELECT e.seq, e.type, e.data::text, e.created_at
FROM run_events e JOIN runs r ON r.id = e.run_id
WHERE e.run_id = %(run_id)s AND r.user_id = %(user_id)s AND r.project_id = %(project_id)s
    AND e.seq > %(after)s AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s))
ORDER BY e.seq LIMIT %(limit)s
"""

_NEWEST = """
SELECT e.seq, e.type, e.data::text, e.created_at
FROM runs r CROSS JOIN LATERAL (
    SELECT * FROM run_events
    WHERE run_id = r.id AND type = ANY(%(types)s::text[])
    ORDER BY seq DESC LIMIT %(limit)s
) e
WHERE r.user_id = %(user_id)s AND r.project_id = %(project_id)s AND r.status = 'running'
ORDER BY e.seq
"""

_MAY_GROW = """
SELECT 1 FROM runs r JOIN projects p ON p.id = r.project_id
WHERE r.id = %(run_id)s AND r.user_id = %(user_id)s AND r.project_id = %(project_id)s
    AND p.deleted_at IS NULL AND (r.status <> ALL(%(ended)s) OR r.last_seq > %(after)s)
"""


class RunEventRepository:
    def __init__(self, fetch: Fetch, *, writer: str = "") -> None:
        """`writer` is the name that notifications carry."""
        self._fetch = fetch
        self._writer = writer

    async def append_all(
        self, batches: Sequence[Batch], *, durable: bool
    ) -> Mapping[RunId, datetime]:
        """Add the events of at most MAX_BATCHES runs; when each run got them.

        A run that is not in the answer got none: its lease is lost, or they are there already."""
        values = {**_values(batches, durable=durable), "writer": self._writer}
        return {RunId(run_id): at for run_id, at in await self._fetch(_APPEND, values)}

    async def append(self, batch: Batch, *, durable: bool) -> datetime | None:
        """Add events to one run. Raises LeaseLost, EventsLost.

        None: they are there already. Repeating a call whose answer was lost adds nothing."""
        added = await self.append_all([batch], durable=durable)
        if not added:
            await self._check_written(batch)
        return added.get(batch.run_id)

    async def append_unclaimed(
        self, user_id: UserId, run_id: RunId, events: Sequence[NewEvent], *, base: int
    ) -> int:
        """Append to the log of a run that no worker holds and that the caller has locked; returns the new
        position."""
        batch = Batch(run_id, user_id, None, base, events)
        added = await self.append_all([batch], durable=True)
        assert added, "the run moved although it was locked"
        return batch.end

    async def _check_written(self, batch: Batch) -> None:
        """Raises LeaseLost unless the log ends with the batch and its worker still has the run, and
        EventsLost if it ends too early."""
        values = {"run_id": batch.run_id, "user_id": batch.user_id, "token": batch.token}
        found = await self._fetch(_POSITION, values)
        if found and found[0][0] < batch.base:
            raise EventsLost(found[0][0])
        if found != [(batch.end,)]:
            raise LeaseLost(batch.run_id)

    async def read(
        self,
        user_id: UserId,
        project_id: ProjectId,
        run_id: RunId,
        *,
        after: int,
        limit: int,
        types: Collection[str] | None = None,
    ) -> list[EventRecord]:
        """Events with a higher seq, of all types or some, in order. Nothing for a run of another
        user."""
        values = {
            "run_id": run_id,
            "user_id": user_id,
            "project_id": project_id,
            "after": after,
            "limit": limit,
            "types": None if types is None else list(types),
        }
        return _records(await self._fetch(_READ, values))

    async def read_newest(
        self, user_id: UserId, project_id: ProjectId, *, types: Collection[str], limit: int
    ) -> list[EventRecord]:
        """The last events of these types of the run that works on the project, in order."""
        values = {
            "user_id": user_id,
            "project_id": project_id,
            "types": list(types),
            "limit": limit,
        }
        return _records(await self._fetch(_NEWEST, values))

    async def may_grow(
        self, user_id: UserId, project_id: ProjectId, run_id: RunId, *, after: int
    ) -> bool:
        """Whether there are events with a higher seq, or there may be. Not for another's run, and not
        in a deleted project."""
        values = {
            "run_id": run_id,
            "user_id": user_id,
            "project_id": project_id,
            "after": after,
            "ended": list(ENDED),
        }
        return bool(await self._fetch(_MAY_GROW, values))


def _records(rows: Rows) -> list[EventRecord]:
    return [EventRecord(seq, type_, data.encode(), at) for seq, type_, data, at in rows]


def _values(batches: Sequence[Batch], *, durable: bool) -> dict[str, object]:
    placed = [
        (place, batch.base + number, event)
        for place, batch in enumerate(batches, 1)
        for number, event in enumerate(batch.events, 1)
    ]
    used = [
        [Usage.model_validate_json(e.data) for e in b.events if e.type == "usage"] for b in batches
    ]
    repairs = [[usage for usage in batch if usage.purpose == "repair"] for batch in used]
    return {
        "runs": [batch.run_id for batch in batches],
        "users": [batch.user_id for batch in batches],
        "tokens": [batch.token for batch in batches],
        "bases": [batch.base for batch in batches],
        "ends": [batch.end for batch in batches],
        "calls": [len(batch) for batch in used],
        "usd": [_usd(batch) for batch in used],
        "tokens_used": [_tokens(batch) for batch in used],
        "repair_usd": [_usd(batch) for batch in repairs],
        "repair_tokens": [_tokens(batch) for batch in repairs],
        "places": [place for place, _, _ in placed],
        "seqs": [seq for _, seq, _ in placed],
        "types": [event.type for _, _, event in placed],
        "data": [event.data for _, _, event in placed],
        "channel": EVENTS_CHANNEL,
        "durability": "on" if durable else "off",
    }


def _usd(calls: Sequence[Usage]) -> float:
    return sum(
        (call.cost_usd or 0.0 for call in calls), 0.0
    )  # a list of float and int cannot be sent


def _tokens(calls: Sequence[Usage]) -> int:
    return sum(call.tokens for call in calls)
