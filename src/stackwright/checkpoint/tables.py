"""LangGraph's own tables: whether they are there, and how they are made."""

import asyncio
import logging

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

log = logging.getLogger(__name__)

NEWEST = 9
"""LangGraph's newest migration; a test compares."""

_LOCK = 0x5357_0002
"""Advisory lock held while setting up the checkpoint tables."""
_LOCK_RETRY_S = 0.05


async def set_up(direct_url: str) -> None:
    """Create or migrate the tables. Processes that start together take turns.

    The lock is tried, not waited for: CREATE INDEX CONCURRENTLY waits for every older statement, so
    somebody waiting for the lock in the database would block its holder."""
    connection = await _connected(direct_url)
    async with connection:
        if await _is_current(connection):
            return
        await _lock(connection)
        # Imported late: it takes 25 MB and is not needed when the tables are current.
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: PLC0415

        await AsyncPostgresSaver(connection).setup()
    log.info("checkpoint_tables_ready")


async def are_current(direct_url: str) -> bool:
    async with await _connected(direct_url) as connection:
        return await _is_current(connection)


async def _connected(direct_url: str) -> AsyncConnection[DictRow]:
    return await AsyncConnection[DictRow].connect(
        direct_url, autocommit=True, row_factory=dict_row, prepare_threshold=None
    )


async def _is_current(connection: AsyncConnection[DictRow]) -> bool:
    there = await connection.execute("SELECT to_regclass('checkpoint_migrations') AS found")
    row = await there.fetchone()
    if row is None or row["found"] is None:
        return False
    newest = await connection.execute("SELECT max(v) AS version FROM checkpoint_migrations")
    row = await newest.fetchone()
    return row is not None and row["version"] == NEWEST


async def _lock(connection: AsyncConnection[DictRow]) -> None:
    """Hold the set-up lock until the connection closes."""
    while True:
        taken = await connection.execute("SELECT pg_try_advisory_lock(%s) AS taken", (_LOCK,))
        row = await taken.fetchone()
        if row is not None and row["taken"]:
            return
        await asyncio.sleep(_LOCK_RETRY_S)
