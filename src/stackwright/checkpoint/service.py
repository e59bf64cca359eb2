"""Where the agent's conversation state lives: LangGraph checkpoints in PostgreSQL.

A pool of its own, so that a burst of checkpoints never starves the API; one saver object per run,
because a saver serialises its calls with a lock.
"""

import asyncio
import logging

import psycopg
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import PoolTimeout

from stackwright.checkpoint.saver import MayWait, StepSaver
from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.postgres import Fence, make_pool
from stackwright.core.settings import DatabaseSettings

log = logging.getLogger(__name__)

_LOCK = 0x5357_0002
"""Advisory lock of everybody who sets the checkpoint tables up."""
_LOCK_RETRY_S = 0.05
_TIMEOUT_S = 10.0


class CheckpointService:
    """Opened and closed by the composition root; `setup` once per start, on a direct address."""

    def __init__(self, url: str, direct_url: str, settings: DatabaseSettings) -> None:
        self._direct_url = direct_url
        self._serde = strict_serializer()
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

    async def setup(self) -> None:
        """Create or migrate LangGraph's tables. Processes that start together take turns.

        The lock is tried, not waited for: CREATE INDEX CONCURRENTLY waits for every older
        statement, so somebody waiting for the lock in the database would block its holder."""
        connection = await AsyncConnection[DictRow].connect(
            self._direct_url, autocommit=True, row_factory=dict_row, prepare_threshold=None
        )
        async with connection:
            if await _is_set_up(connection):
                return
            await _lock(connection)
            await AsyncPostgresSaver(connection).setup()
        log.info("checkpoint_tables_ready")

    async def check_health(self) -> None:
        """Raise DatabaseUnavailable unless the pool gives a working connection soon."""
        try:
            async with self._pool.connection(timeout=_TIMEOUT_S) as connection:
                await connection.execute("SELECT 1 FROM checkpoints LIMIT 1")
        except (psycopg.Error, PoolTimeout) as error:
            raise DatabaseUnavailable from error

    def saver_for_run(
        self, fence: Fence | None = None, may_wait: MayWait | None = None
    ) -> StepSaver:
        """A saver of one run's own. With a fence, every write asks it in the same statement.
        Checkpoints that `may_wait` are written within 50 ms or with the next one."""
        return StepSaver(self._pool, self._serde, fence, may_wait)

    async def forget(self, thread_id: str) -> None:
        """Delete everything of a thread."""
        await self.saver_for_run().adelete_thread(thread_id)


def strict_serializer() -> JsonPlusSerializer:
    """Only the safe built-in types are read back, and never a pickle: what
    LANGGRAPH_STRICT_MSGPACK=true does, without depending on the environment."""
    return JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=None)


async def _is_set_up(connection: AsyncConnection[DictRow]) -> bool:
    there = await connection.execute("SELECT to_regclass('checkpoint_migrations') AS found")
    row = await there.fetchone()
    if row is None or row["found"] is None:
        return False
    newest = await connection.execute("SELECT max(v) AS version FROM checkpoint_migrations")
    row = await newest.fetchone()
    return row is not None and row["version"] == len(AsyncPostgresSaver.MIGRATIONS) - 1


async def _lock(connection: AsyncConnection[DictRow]) -> None:
    """Hold the set-up lock until the connection closes."""
    while True:
        taken = await connection.execute("SELECT pg_try_advisory_lock(%s) AS taken", (_LOCK,))
        row = await taken.fetchone()
        if row is not None and row["taken"]:
            return
        await asyncio.sleep(_LOCK_RETRY_S)
