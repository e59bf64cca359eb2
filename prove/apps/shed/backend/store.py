"""The database of one process, and what all bodies of requests have in common."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict
from pymongo import AsyncMongoClient

ADDRESS = os.environ.get("MONGODB_URL") or "mongodb://127.0.0.1:27017"
DATABASE = os.environ.get("MONGODB_DB") or "app"
NO_CASE = {"locale": "en", "strength": 2}


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    client: AsyncMongoClient = AsyncMongoClient(ADDRESS, serverSelectionTimeoutMS=3000)
    app.state.db = client[DATABASE]
    yield
    await client.close()


def database(request: Request) -> Any:
    return request.app.state.db


Db = Annotated[Any, Depends(database)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
