"""Transactions on the platform's database. The only way to it: `Database.transaction()`."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import psycopg
from psycopg_pool import PoolTimeout
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.killpoints import reached
from stackwright.core.settings import DatabaseSettings
from stackwright.db.address import sqlalchemy_address

Transaction = AsyncConnection
"""What repositories work on; it commits when its `Database.transaction()` block ends."""


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


class Database:
    """A pool of connections. Works through PgBouncer: no statement is prepared."""

    def __init__(self, url: str, settings: DatabaseSettings) -> None:
        self._engine = create_async_engine(
            sqlalchemy_address(url),
            echo=settings.echo,
            pool_size=settings.pool_size,
            max_overflow=settings.max_overflow,
            pool_timeout=settings.pool_timeout_s,
            pool_pre_ping=True,
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args={"prepare_threshold": None, "connect_timeout": 10},
        )

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

    @asynccontextmanager
    async def autocommit(self) -> AsyncGenerator[Transaction, None]:
        """For one statement that is a transaction by itself: saves the round trips around it."""
        reached("db.statement.before")
        with unavailability():
            async with self._engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
        reached("db.statement.after")

    async def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""
        async with self.transaction() as transaction:
            await transaction.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._engine.dispose()
