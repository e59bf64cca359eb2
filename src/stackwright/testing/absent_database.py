"""A database that goes away while everything else of its server stays."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@asynccontextmanager
async def absent(url: str) -> AsyncGenerator[None]:
    """During the block no connection to the database lives and none can be made."""
    await asyncio.to_thread(_allow_connections, url, allowed=False)
    try:
        yield
    finally:
        await asyncio.to_thread(_allow_connections, url, allowed=True)


def cut_off(url: str) -> None:
    """End all connections to the database; new ones can be made at once."""
    with _of_server(url) as connection:
        _terminate(connection, url)


def _allow_connections(url: str, *, allowed: bool) -> None:
    with _of_server(url) as connection:
        change = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(change.format(sql.Identifier(_name(url)), sql.Literal(allowed)))
        if not allowed:
            _terminate(connection, url)


def _terminate(connection: psycopg.Connection, url: str) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
        (_name(url),),
    )


def _of_server(url: str) -> psycopg.Connection:
    server = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    return psycopg.connect(server, autocommit=True)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")
