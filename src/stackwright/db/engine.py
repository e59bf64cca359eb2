"""The ways to the platform's database: transactions, and single statements where time counts."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import QueuePool

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.killpoints import reached
from stackwright.core.postgres import PREPARE_AFTER, fetch, make_pool, was_closed
from stackwright.core.setting_groups import DatabaseSettings
from stackwright.db.address import sqlalchemy_address

Transaction = AsyncConnection
"""What repositories work on; it commits when its `Database.transaction()` block ends."""

Rows = list[tuple[Any, ...]]
Fetch = Callable[[str, Mapping[str, object]], Awaitable[Rows]]
"""Runs one statement with `%(name)s` placeholders: by itself (`Database.fetch`) or `within` a
transaction."""


def within(transaction: Transaction) -> Fetch:
    """Runs single statements as a part of the transaction."""

    async def fetch(statement: str, values: Mapping[str, object]) -> Rows:
        found = await transaction.exec_driver_sql(statement, dict(values))
        return [tuple(row) for row in found] if found.returns_rows else []

    return fetch


@contextmanager
def unavailability() -> Generator[None, None, None]:
    """Turn the failures that mean "no database now" into DatabaseUnavailable."""
    try:
        yield
    except (PoolExhausted, PoolTimeout, psycopg.OperationalError, ConnectionError) as error:
        raise DatabaseUnavailable from error
    except (OperationalError, InterfaceError) as error:
        raise DatabaseUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable from error
        raise


STATEMENT_CONNECTIONS = 8
"""For single statements: enough for any number of runs, since each takes about a millisecond."""


class Database:
    """Pools of connections. Works through PgBouncer: there, no statement is prepared."""

    def __init__(self, url: str, settings: DatabaseSettings) -> None:
        self._engine = create_async_engine(
            sqlalchemy_address(url),
            echo=settings.echo,
            pool_size=settings.pool_size,
            max_overflow=settings.max_overflow,
            pool_timeout=settings.pool_timeout_s,
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args={"prepare_threshold": None, "connect_timeout": 10},
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        event.listen(self._engine.sync_engine, "connect", _prepare_when_direct)
        timeout_s = settings.pool_timeout_s
        self._statements = make_pool(
            url, name="statements", min_size=1, max_size=STATEMENT_CONNECTIONS, timeout_s=timeout_s
        )
        self._urgent = make_pool(url, name="urgent", min_size=1, max_size=1, timeout_s=timeout_s)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction, None]:
        """Commit at the end, roll back on any exception. A lost or silent database becomes
        DatabaseUnavailable; what the database says about the data flies as it is."""
        reached("db.begin.before")
        with unavailability():
            async with self._engine.begin() as connection:
                reached("db.begin.after")
                yield connection
                reached("db.commit.before")
        reached("db.commit.after")

    async def fetch(self, statement: str, values: Mapping[str, object]) -> Rows:
        """The rows of one statement that is a transaction by itself: one round trip.

        Placeholders are `%(name)s`. Raises DatabaseUnavailable."""
        if self._statements.closed:
            await self._statements.open()
        return await fetch(self._statements, statement, values)

    async def fetch_at_once(self, statement: str, values: Mapping[str, object]) -> Rows:
        """Like `fetch`, on a connection that no other statement keeps: for what is late otherwise.
        The statement must not wait for the disk itself."""
        if self._urgent.closed:
            await self._urgent.open()
        return await fetch(self._urgent, statement, values)

    async def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""
        await self.fetch("SELECT 1", {})

    @property
    def connections_in_use(self) -> int:
        """Connections of this process's pool that are in use: DB_POOL_SIZE + DB_MAX_OVERFLOW at most."""
        pool = self._engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    async def close(self) -> None:
        await self._statements.close()
        await self._urgent.close()
        await self._engine.dispose()


def _prepare_when_direct(connection: Any, _record: Any) -> None:
    """Like `core.postgres.prepare_when_direct`, for SQLAlchemy's connections."""
    cursor = connection.cursor()
    cursor.execute("SELECT pg_backend_pid()")
    (pid,) = cursor.fetchone()
    cursor.close()
    connection.rollback()
    driver = connection.driver_connection
    if pid == driver.info.backend_pid:
        driver.prepare_threshold = PREPARE_AFTER


def _refuse_closed(_connection: Any, record: Any, _proxy: Any) -> None:
    """Have the pool replace a connection that was closed while nobody used it."""
    if was_closed(record.driver_connection):
        raise DisconnectionError
