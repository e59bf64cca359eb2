"""What a worker says and asks while it works on a run, in one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from stackwright.db.engine import Fetch
from stackwright.db.run_records import Lease, LeaseLost


@dataclass(frozen=True, slots=True)
class WishesRecord:
    """What the person wants of a run: that it stops, and messages that steer it (number, text)."""

    cancel_cause: str | None
    steering: list[tuple[int, str]]


# Not worth waiting for the disk: a lease that a crash of the database shortens is renewed soon.
_RENEW = """
WITH run AS (
    UPDATE runs SET lease_expires_at = now() + %(duration)s
    WHERE id = %(run_id)s AND user_id = %(user_id)s
        AND status = 'running' AND lease_token = %(token)s
    RETURNING id, cancel_cause
)
SELECT run.cancel_cause, i.id, i.text, set_config('synchronous_commit', 'off', true)
FROM run LEFT JOIN run_inbox i ON i.run_id = run.id
ORDER BY i.id
"""

_UNREAD = """
SELECT i.message_id, i.text
FROM run_inbox i JOIN runs r ON r.id = i.run_id
WHERE r.id = %(run_id)s AND r.user_id = %(user_id)s AND i.id <> ALL(%(known)s::bigint[])
ORDER BY i.id
"""


class RunTurnRepository:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def renew(self, lease: Lease, *, duration: timedelta) -> WishesRecord:
        """Prolong the lease, and look for what the person wants. Raises LeaseLost."""
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
        return WishesRecord(rows[0][0], steering)

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
