"""Pools of psycopg connections, and what is cheap to know about a connection.

The same for everybody who talks to PostgreSQL: autocommit, no trust in a connection that the server
closed, and statements prepared only where that is safe.
"""

import asyncio
import logging
import select
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import AsyncRowFactory, scalar_row, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from stackwright.core.errors import DatabaseUnavailable
from stackwright.core.killpoints import reached

log = logging.getLogger(__name__)

T = TypeVar("T")
CONNECT_TIMEOUT_S = 10
PREPARE_AFTER = 2
"""Uses of a statement on one connection before the server keeps its plan."""
RETRY_S = 0.5
ASK_AGAIN_S, REFUSED_AFTER_S = 0.5, 2.0
"""Interval between connection attempts, and when a refusing server counts as down."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A condition under which something may be written, as a part of the writing statement.

    `query` returns a row while the writer is entitled and locks what entitles it until the
    transaction ends; its placeholders are the names in `values`. `error` is raised when it is not."""

    query: str
    values: Mapping[str, object]
    error: Exception


LOST = (PoolTimeout, psycopg.OperationalError, ConnectionError)
"""What a database raises that is away."""


class Pool(AsyncConnectionPool[AsyncConnection[Any]]):
    """Gives out no connection that the server closed, without a round trip to find out.

    The stock pool tries ever more seldom to reach a server that is away, so that it comes back up to
    a minute late, and meanwhile keeps everybody waiting. This one tries when somebody asks."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options, reconnect_timeout=0)
        self._refusals = 0

    async def getconn(self, timeout: float | None = None) -> AsyncConnection[Any]:  # noqa: ASYNC109 (the base class has it)
        """Raises PoolTimeout, soon if the server refuses."""
        clock = asyncio.get_running_loop().time
        began, refusals = clock(), self._refusals
        while True:
            try:
                connection = await super().getconn(ASK_AGAIN_S)
            except PoolTimeout:
                is_refused = self._refusals > refusals and clock() - began > REFUSED_AFTER_S
                if is_refused or clock() - began > (timeout or self.timeout):
                    raise
                continue
            if not was_closed(connection):
                return connection
            await connection.close()
            await self.putconn(connection)

    async def reconnect_failed(self) -> None:
        self._refusals += 1
        await super().reconnect_failed()


def make_pool(
    url: str,
    *,
    name: str,
    min_size: int,
    max_size: int,
    timeout_s: float,
    row_factory: AsyncRowFactory[Any] = tuple_row,
) -> Pool:
    """A closed pool: `open()` it."""
    return Pool(
        url,
        connection_class=AsyncConnection[Any],
        min_size=min_size,
        max_size=max_size,
        kwargs={
            "autocommit": True,
            "prepare_threshold": None,
            "row_factory": row_factory,
            "connect_timeout": CONNECT_TIMEOUT_S,
        },
        configure=_prepare_when_direct,
        timeout=timeout_s,
        name=name,
        open=False,
    )


async def fetch(
    pool: Pool, statement: str, values: Mapping[str, object], *, binary: bool = False
) -> list[Any]:
    """Run one statement, which is a transaction by itself. `binary` is quicker for rows with much in
    them. Raises DatabaseUnavailable."""
    reached("db.statement.before")
    try:
        async with pool.connection() as connection:
            done = await connection.execute(statement.encode(), values, binary=binary)
            rows = await done.fetchall() if done.description else []
    except LOST as error:
        raise DatabaseUnavailable from error
    reached("db.statement.after")
    return rows


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try again until the database is back. Only for what may be done twice: an answer can be lost
    after the work was done."""
    while True:
        try:
            return await attempt()
        except DatabaseUnavailable:
            log.warning("waiting_for_database")
            await asyncio.sleep(RETRY_S)


def was_closed(connection: AsyncConnection[Any]) -> bool:
    """Whether an idle connection is of no use: it is closed here, or its socket has something to read,
    which means that the server has ended it."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


async def _prepare_when_direct(connection: AsyncConnection[Any]) -> None:
    """Let the server keep plans, unless a pooler is in between: there the next statement may reach
    another server process. A pooler tells its clients a process id that no server process has."""
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute("SELECT pg_backend_pid()")
    if await cursor.fetchone() == connection.info.backend_pid:
        connection.prepare_threshold = PREPARE_AFTER
