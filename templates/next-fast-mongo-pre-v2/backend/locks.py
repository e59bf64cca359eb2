"""One writer at a time, for whatever number of processes: a document in the database is the lock."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from pymongo.errors import DuplicateKeyError

from database import collection
from problems import Busy

HOLD = timedelta(seconds=20)
"""A holder that is gone for so long has died; the next one takes over."""

PATIENCE_S = 15.0
_here: dict[str, asyncio.Lock] = {}


@asynccontextmanager
async def locked(name: str) -> AsyncGenerator[None]:
    """Hold the lock `name`. Raises Busy when others hold it for too long."""
    async with _here.setdefault(name, asyncio.Lock()):
        token = await _take(name)
        try:
            yield
        finally:
            await collection("_locks").delete_one({"_id": name, "token": token})


async def _take(name: str) -> str:
    token = uuid.uuid4().hex
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    pause_s = 0.005
    while True:
        now = datetime.now(UTC)
        lock = {"_id": name, "token": token, "until": now + HOLD}
        try:
            await collection("_locks").insert_one(lock)
        except DuplicateKeyError:
            await collection("_locks").delete_one({"_id": name, "until": {"$lt": now}})
        else:
            return token
        if asyncio.get_running_loop().time() > deadline:
            raise Busy
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, 0.1)
