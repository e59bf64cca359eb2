"""What a user's runs have spent and may spend, and the one statement that keeps limits.

A user's row in `purses` is locked while a model call is reserved. Everything that parallel runs change
is in that row: a statement that waited for the lock sees it as it is then, and other tables as they
were when it began. A project has one running run, so what its other runs spent stands still.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from stackwright.core.events import BudgetScope
from stackwright.core.ids import RunId, UserId
from stackwright.db.engine import Fetch
from stackwright.db.run_records import Lease, LeaseLost

Unit = Literal["usd", "tokens"]

_RESERVE = """
WITH held AS (
    SELECT r.id, r.project_id, 'run:' || r.id AS run_key, 'project:' || r.project_id AS project_key,
        'day:' || (now() AT TIME ZONE 'UTC')::date AS day_key,
        (now() AT TIME ZONE 'UTC')::date AS today
    FROM runs r
    WHERE r.id = %(run_id)s AND r.user_id = %(user_id)s
        AND r.status = 'running' AND r.lease_token = %(token)s
), earlier AS (
    SELECT coalesce(sum(r.spent_usd), 0) AS usd, coalesce(sum(r.spent_tokens), 0) AS tokens
    FROM held JOIN runs r ON r.project_id = held.project_id AND r.id <> held.id
), purse AS (
    SELECT p.* FROM held, purses p WHERE p.user_id = %(user_id)s FOR UPDATE OF p
), mine AS (
    SELECT jsonb_build_object(
        'day', held.today,
        'usd', %(spent_usd)s::float8, 'tokens', %(spent_tokens)s::bigint,
        'day_usd', %(spent_usd)s - coalesce((e.entry->>'usd')::float8, 0)
            + CASE WHEN e.is_of_today THEN (e.entry->>'day_usd')::float8 ELSE 0 END,
        'day_tokens', %(spent_tokens)s - coalesce((e.entry->>'tokens')::bigint, 0)
            + CASE WHEN e.is_of_today THEN (e.entry->>'day_tokens')::bigint ELSE 0 END,
        'reserved_usd', %(usd)s::float8, 'reserved_tokens', %(tokens)s::bigint,
        'until', extract(epoch FROM clock_timestamp() + %(duration)s)
    ) AS entry
    FROM held, (
        SELECT live->%(run_id)s AS entry, live->%(run_id)s->>'day' = held.today::text AS is_of_today
        FROM purse, held
    ) e
), others AS (
    SELECT coalesce(sum((o.entry->>'usd')::float8), 0) AS usd,
        coalesce(sum((o.entry->>'tokens')::bigint), 0) AS tokens,
        coalesce(sum((o.entry->>'day_usd')::float8)
            FILTER (WHERE o.entry->>'day' = held.today::text), 0) AS day_usd,
        coalesce(sum((o.entry->>'day_tokens')::bigint)
            FILTER (WHERE o.entry->>'day' = held.today::text), 0) AS day_tokens,
        coalesce(sum((o.entry->>'reserved_usd')::float8) FILTER (WHERE o.is_valid), 0) AS held_usd,
        coalesce(sum((o.entry->>'reserved_tokens')::bigint) FILTER (WHERE o.is_valid), 0)
            AS held_tokens
    FROM held, (
        SELECT e.value AS entry,
            (e.value->>'until')::float8 > extract(epoch FROM clock_timestamp()) AS is_valid
        FROM purse, jsonb_each(purse.live) e WHERE e.key <> %(run_id)s
    ) o
), spent AS (
    SELECT v.* FROM held, earlier, purse, mine, others, LATERAL (VALUES
        ('run', 'usd', held.run_key, %(spent_usd)s::float8, 0::float8),
        ('run', 'tokens', held.run_key, %(spent_tokens)s, 0),
        ('project', 'usd', held.project_key, earlier.usd + %(spent_usd)s, 0),
        ('project', 'tokens', held.project_key, earlier.tokens + %(spent_tokens)s, 0),
        ('user', 'usd', 'user', purse.spent_usd + others.usd + %(spent_usd)s, others.held_usd),
        ('user', 'tokens', 'user', purse.spent_tokens + others.tokens + %(spent_tokens)s,
            others.held_tokens),
        ('day', 'usd', held.day_key, CASE WHEN purse.day = held.today THEN purse.day_usd ELSE 0 END
            + others.day_usd + (mine.entry->>'day_usd')::float8, others.held_usd),
        ('day', 'tokens', held.day_key,
            CASE WHEN purse.day = held.today THEN purse.day_tokens ELSE 0 END
            + others.day_tokens + (mine.entry->>'day_tokens')::float8, others.held_tokens),
        ('repair', 'usd', held.run_key || ':repair', %(repair_usd)s, 0),
        ('repair', 'tokens', held.run_key || ':repair', %(repair_tokens)s, 0)
    ) AS v(scope, unit, key, spent, reserved)
), limits AS (
    SELECT s.scope, s.unit, s.key, s.spent, s.reserved,
        l.most * (1 + coalesce((purse.raised->>s.key)::int, 0)) AS most,
        coalesce((purse.raised->>s.key)::int, 0) AS times,
        CASE s.unit WHEN 'usd' THEN %(usd)s ELSE %(tokens)s END AS next
    FROM purse, spent s
    JOIN unnest(%(scopes)s::text[], %(units)s::text[], %(mosts)s::float8[]) AS l(scope, unit, most)
        ON l.scope = s.scope AND l.unit = s.unit
), taken AS (
    UPDATE purses p SET live = jsonb_set(p.live, ARRAY[%(run_id)s], mine.entry)
    FROM mine
    WHERE p.user_id = %(user_id)s
        AND NOT EXISTS (SELECT FROM limits WHERE spent + reserved + next > most)
    RETURNING p.user_id
)
SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM purse), (SELECT count(*) FROM taken),
    l.scope, l.unit, l.key, l.spent, l.reserved, l.most, l.times, l.next
FROM (VALUES (1)) AS one LEFT JOIN limits l ON true
"""
_BEGIN = "INSERT INTO purses (user_id) VALUES (%(user_id)s) ON CONFLICT DO NOTHING"

# The entry may be a later call's by now: only the one that was reserved with this much spent changes.
_SETTLE = """
UPDATE purses p SET live = jsonb_set(p.live, ARRAY[%(run_id)s], p.live->%(run_id)s || jsonb_build_object(
    'usd', %(spent_usd)s::float8, 'tokens', %(spent_tokens)s::bigint,
    'day_usd', (p.live->%(run_id)s->>'day_usd')::float8 + %(spent_usd)s
        - (p.live->%(run_id)s->>'usd')::float8,
    'day_tokens', (p.live->%(run_id)s->>'day_tokens')::bigint + %(spent_tokens)s
        - (p.live->%(run_id)s->>'tokens')::bigint,
    'until', 0
))
WHERE p.user_id = %(user_id)s AND jsonb_exists(p.live, %(run_id)s)
    AND (p.live->%(run_id)s->>'tokens')::bigint <= %(spent_tokens)s
    AND EXISTS (
        SELECT FROM runs r WHERE r.id = %(run_id)s AND r.status = 'running'
            AND r.lease_token = %(token)s
    )
"""
_RAISE = """
UPDATE purses SET raised = jsonb_set(raised, ARRAY[%(key)s], to_jsonb(%(times)s::int))
WHERE user_id = %(user_id)s
"""
_FORGET_RAISED = "UPDATE purses SET raised = raised - %(key)s WHERE user_id = %(user_id)s"

FOLD = """
INSERT INTO purses AS p (user_id, spent_usd, spent_tokens, day, day_usd, day_tokens)
SELECT user_id, spent_usd, spent_tokens, (now() AT TIME ZONE 'UTC')::date, spent_usd, spent_tokens
FROM {run} AS ended
WHERE spent_tokens > 0 OR EXISTS (
    SELECT FROM purses b WHERE b.user_id = ended.user_id AND jsonb_exists(b.live, ended.id)
)
ON CONFLICT (user_id) DO UPDATE SET
    spent_usd = p.spent_usd + excluded.spent_usd,
    spent_tokens = p.spent_tokens + excluded.spent_tokens,
    day = excluded.day,
    day_usd = CASE WHEN p.day = excluded.day THEN p.day_usd ELSE 0 END + excluded.spent_usd
        - coalesce((p.live->%(run_id)s->>'usd')::float8, 0)
        + CASE WHEN p.live->%(run_id)s->>'day' = excluded.day::text
            THEN (p.live->%(run_id)s->>'day_usd')::float8 ELSE 0 END,
    day_tokens = CASE WHEN p.day = excluded.day THEN p.day_tokens ELSE 0 END
        + excluded.spent_tokens - coalesce((p.live->%(run_id)s->>'tokens')::bigint, 0)
        + CASE WHEN p.live->%(run_id)s->>'day' = excluded.day::text
            THEN (p.live->%(run_id)s->>'day_tokens')::bigint ELSE 0 END,
    live = p.live - %(run_id)s,
    raised = p.raised - ('run:' || %(run_id)s) - ('run:' || %(run_id)s || ':repair')
"""
"""Part of a statement that ends a run: what it spent becomes the user's for good. `run` has its row."""

_FOLD = f"""
WITH run AS (
    SELECT id, user_id, spent_usd, spent_tokens FROM runs
    WHERE id = %(run_id)s AND user_id = %(user_id)s
)
{FOLD.format(run="run")}
"""  # noqa: S608 (a part of our own)


@dataclass(frozen=True, slots=True)
class Amount:
    """US dollars and tokens."""

    usd: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class LimitState:
    """A limit as it stood when a call asked for room: `next` is what the call may cost."""

    scope: BudgetScope
    unit: Unit
    key: str
    spent: float
    reserved: float
    """By other runs' calls under way."""
    most: float
    times: int
    """How often it was raised."""
    next: float

    @property
    def is_passed(self) -> bool:
        """Whether the call has no room even when no other call is under way."""
        return self.spent + self.next > self.most


@dataclass(frozen=True, slots=True)
class Reservation:
    """Whether there was room for the call; and the limits, in the order that was asked."""

    is_taken: bool
    limits: tuple[LimitState, ...]


class PurseRepository:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def reserve(
        self,
        lease: Lease,
        worst: Amount,
        *,
        spent: Amount,
        repaired: Amount,
        limits: Mapping[tuple[BudgetScope, Unit], float],
        duration: timedelta,
    ) -> Reservation:
        """Reserve what a call may cost if every limit has room for it, instead of what the run reserved
        before. `spent` and `repaired` are what the run spent so far. Raises LeaseLost."""
        values = {
            **_run(lease),
            "usd": worst.usd,
            "tokens": worst.tokens,
            "spent_usd": spent.usd,
            "spent_tokens": spent.tokens,
            "repair_usd": repaired.usd,
            "repair_tokens": repaired.tokens,
            "scopes": [scope for scope, _ in limits],
            "units": [unit for _, unit in limits],
            "mosts": list(limits.values()),
            "duration": duration,
        }
        rows = await self._fetch(_RESERVE, values)
        if rows[0][0] == 0:
            raise LeaseLost(lease.run_id)
        if rows[0][1] == 0:
            await self._fetch(_BEGIN, {"user_id": lease.user_id})
            rows = await self._fetch(_RESERVE, values)
        states = tuple(LimitState(*row[3:]) for row in rows if row[3] is not None)
        return Reservation(rows[0][2] > 0, states)

    async def settle(self, lease: Lease, spent: Amount) -> None:
        """Free what the run's last call did not use."""
        values = {**_run(lease), "spent_usd": spent.usd, "spent_tokens": spent.tokens}
        await self._fetch(_SETTLE, values)

    async def fold(self, user_id: UserId, run_id: RunId) -> None:
        """What a run without a worker spent becomes the user's; its caller ends it."""
        await self._fetch(_FOLD, {"user_id": user_id, "run_id": run_id})

    async def raise_limit(self, lease: Lease, key: str, times: int) -> None:
        """Let the limit of this key be `times` as much again. May be repeated."""
        values = {"user_id": lease.user_id, "key": key, "times": times}
        await self._fetch(_RAISE, values)

    async def forget_raised(self, user_id: UserId, key: str) -> None:
        """Let the limit of this key be what it was before anybody raised it."""
        await self._fetch(_FORGET_RAISED, {"user_id": user_id, "key": key})


def _run(lease: Lease) -> dict[str, object]:
    return {"run_id": lease.run_id, "user_id": lease.user_id, "token": lease.token}
