"""The lease, asked on connections that are not SQLAlchemy's."""

from collections.abc import Awaitable, Callable
from typing import Any

from psycopg import AsyncConnection

from stackwright.db.run_records import Lease, LeaseLost

_HELD = """
SELECT 1 FROM runs
WHERE id = %s AND user_id = %s AND status = 'running' AND lease_token = %s
FOR KEY SHARE
"""


def lease_guard(lease: Lease) -> Callable[[AsyncConnection[Any]], Awaitable[None]]:
    """For `CheckpointService.saver_for_run`: raises LeaseLost when the run is another worker's."""

    async def check(connection: AsyncConnection[Any]) -> None:
        held = await connection.execute(_HELD, (lease.run_id, lease.user_id, lease.token))
        if await held.fetchone() is None:
            raise LeaseLost(lease.run_id)

    return check
