"""The one connection to MongoDB. Opened when the application starts, closed when it stops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from migrate import apply_migrations
from migrations import MIGRATIONS
from registry import ENTITIES
from settings import settings

Document = dict[str, Any]


class Connection:
    client: AsyncMongoClient[Document] | None = None

    @property
    def database(self) -> AsyncDatabase[Document]:
        if self.client is None:
            raise RuntimeError("the application has not started yet")
        return self.client[settings.mongodb_db]


connection = Connection()


def collection(name: str) -> AsyncCollection[Document]:
    """The collection `name` of the application's database."""
    return connection.database[name]


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Connect, bring stored records up to date, build indexes; close at the end."""
    connection.client = AsyncMongoClient(
        settings.mongodb_url, serverSelectionTimeoutMS=5000, tz_aware=True
    )
    try:
        await apply_migrations(connection.database, MIGRATIONS)
        for entity in ENTITIES.values():
            for keys in entity.indexes:
                await collection(entity.name).create_index(list(keys))
        yield
    finally:
        await connection.client.close()
        connection.client = None
