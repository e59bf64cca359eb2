"""What a worker asks and says before each turn of the model, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.db.engine import Fetch
from stackwright.db.run_records import Lease, LeaseLost


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """`steering` are the messages for this run that are not in its conversation yet: id and text."""

    model_calls: int
    cancel_cause: str | None
    steering: list[tuple[int, str]]


# Not worth waiting for the disk: a count lost in a crash of the database is no loss.
_BEGIN_TURN = """
WITH run AS (
    UPDATE runs SET model_calls = model_calls + 1
    WHERE id = %(run_id)s AND user_id = %(user_id)s
        AND status = 'running' AND lease_token = %(token)s
    RETURNING id, model_calls, cancel_cause
)
SELECT run.model_calls, run.cancel_cause, i.id, i.text,
    set_config('synchronous_commit', 'off', true)
FROM run LEFT JOIN run_inbox i ON i.run_id = run.id AND i.id <> ALL(%(known)s::bigint[])
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

    async def begin(self, lease: Lease, known_steering: Sequence[int]) -> TurnRecord:
        """Count a model call, and look for what the person wants. Raises LeaseLost.

        A steering message counts as taken once a checkpoint knows its id: no crash loses one."""
        values = {
            "run_id": lease.run_id,
            "user_id": lease.user_id,
            "token": lease.token,
            "known": list(known_steering),
        }
        rows = await self._fetch(_BEGIN_TURN, values)
        if not rows:
            raise LeaseLost(lease.run_id)
        steering = [(number, text) for _, _, number, text, _ in rows if number is not None]
        return TurnRecord(rows[0][0], rows[0][1], steering)

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
