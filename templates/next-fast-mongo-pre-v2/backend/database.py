"""The one connection to MongoDB. Opened when the application starts, closed when it stops.

The application works without its database being there: until it is, every request is answered with
status 503, and nothing has to be restarted when it comes or comes back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure
from starlette.types import ASGIApp, Receive, Scope, Send

from migrate import apply_migrations
from migrations import MIGRATIONS
from registry import ENTITIES
from settings import settings

Document = dict[str, Any]

SELECTION_TIMEOUT_MS = 3000
START_LIMIT_S = 5.0
"""A database that is there is ready by then; after that requests are answered without it."""

COMING_LIMIT_S = 4.0
"""How long a request waits for a database that is just coming, as after the machine woke."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0

log = logging.getLogger(__name__)


class Connection:
    """Lends the database out once its stored records are up to date."""

    def __init__(self) -> None:
        self.client: AsyncMongoClient[Document] | None = None
        self.is_ready = False
        self.failure: Exception | None = None
        self.coming: asyncio.Future[None] | None = None
        """Done when the database is there."""

    @property
    def database(self) -> AsyncDatabase[Document]:
        """Raises ConnectionFailure while the database has not been there yet."""
        if self.client is None:
            raise RuntimeError("the application has not started yet")
        if self.failure is not None:
            raise RuntimeError("stored records cannot be brought up to date") from self.failure
        if not self.is_ready:
            raise ConnectionFailure("it has not been there since the start")
        return self.client[settings.mongodb_db]


connection = Connection()


def collection(name: str) -> AsyncCollection[Document]:
    """The collection `name` of the application's database."""
    return connection.database[name]


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Connect, bring stored records up to date, build indexes; close at the end."""
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        settings.mongodb_url, serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS, tz_aware=True
    )
    connection.client, connection.is_ready, connection.failure = client, False, None
    preparing = asyncio.create_task(_prepare_when_there(client[settings.mongodb_db]))
    connection.coming = preparing
    try:
        await asyncio.wait({preparing}, timeout=START_LIMIT_S)
        if preparing.done():
            preparing.result()  # a migration that fails ends the start with its traceback
        yield
    finally:
        preparing.cancel()
        await asyncio.gather(preparing, return_exceptions=True)
        connection.client = connection.coming = None
        await client.close()


class DatabaseFirst:
    """Lets requests wait a moment for a database that is just coming."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and connection.coming and not connection.coming.done():
            await asyncio.wait({connection.coming}, timeout=COMING_LIMIT_S)
        await self.app(scope, receive, send)


async def _prepare_when_there(database: AsyncDatabase[Document]) -> None:
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            await _prepare(database)
        except ConnectionFailure as error:
            if pause_s == FIRST_PAUSE_S:
                log.warning("waiting for the database: %s", str(error)[:300])
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        except Exception as error:
            connection.failure = error
            log.exception("stored records cannot be brought up to date")
            raise
        else:
            break
    connection.is_ready = True
    if pause_s > FIRST_PAUSE_S:
        log.warning("the database is there")


async def _prepare(database: AsyncDatabase[Document]) -> None:
    await apply_migrations(database, MIGRATIONS)
    for entity in ENTITIES.values():
        for keys in entity.indexes:
            await database[entity.name].create_index(list(keys))
