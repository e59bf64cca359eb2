"""Where the agent's conversation state lives: LangGraph checkpoints in PostgreSQL.

A pool of its own, so that a burst of checkpoints never starves the API; one saver object per run,
because a saver serialises its calls with a lock.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import PoolTimeout

from stackwright.checkpoint.values import READ, values_in
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.postgres import Fence, fetch, make_pool
from stackwright.core.setting_groups import DatabaseSettings

if TYPE_CHECKING:
    from stackwright.checkpoint.saver import MayWait, RunSaver

_TIMEOUT_S = 10.0
_FORGET = """
WITH blobs AS (DELETE FROM checkpoint_blobs WHERE thread_id = %(thread)s),
    writes AS (DELETE FROM checkpoint_writes WHERE thread_id = %(thread)s)
DELETE FROM checkpoints WHERE thread_id = %(thread)s
"""


class CheckpointService:
    """Opened and closed by the composition root. LangGraph is loaded with the first saver."""

    def __init__(self, url: str, settings: DatabaseSettings) -> None:
        self._pool = make_pool(
            url,
            name="checkpoints",
            min_size=settings.checkpoint_pool_min,
            max_size=settings.checkpoint_pool_max,
            timeout_s=settings.pool_timeout_s,
            row_factory=dict_row,
        )

    async def open(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    async def check_health(self) -> None:
        """Raise DatabaseUnavailable unless the pool gives a working connection soon."""
        try:
            async with self._pool.connection(timeout=_TIMEOUT_S) as connection:
                await connection.execute("SELECT 1 FROM checkpoints LIMIT 1")
        except (psycopg.Error, PoolTimeout) as error:
            raise DatabaseUnavailable from error

    def saver_for_run(
        self, fence: Fence | None = None, may_wait: "MayWait | None" = None
    ) -> "RunSaver":
        """A saver of one run's own. With a fence, every write asks it in the same statement.
        Checkpoints that `may_wait` are written within 50 ms or with the next one."""
        from stackwright.checkpoint.saver import RunSaver  # noqa: PLC0415

        return RunSaver(self._pool, fence, may_wait)

    async def values(self, thread_id: str, names: Sequence[str]) -> dict[str, Any]:
        """Values of these channels in the newest checkpoint, by name. Raises DatabaseUnavailable."""
        rows = await fetch(self._pool, READ, {"thread": thread_id, "names": list(names)})
        return values_in(rows)

    async def forget(self, thread_id: str) -> None:
        """Delete everything of a thread. Raises DatabaseUnavailable."""
        await fetch(self._pool, _FORGET, {"thread": thread_id})
