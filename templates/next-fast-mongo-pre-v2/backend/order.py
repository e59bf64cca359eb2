"""Records that stand in an order people choose, each list by itself: those that refer to one record.

They are numbered 1, 2, 3 under the lock of their kind, whatever number of people move them at once.
A process that is killed while it numbers leaves gaps or twins; the next change of the list mends them.
"""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from pydantic import Field
from pymongo import UpdateOne

from database import Document, collection
from entity import Entity
from fields import Input
from locks import locked

POSITION = "record_position"


class NewPlace(Input):
    """Where a record is moved to: 1 is the first place; beyond the last is the last."""

    to: Annotated[int, Field(ge=1, le=1_000_000)]


def lock_of(entity: Entity, owner: str) -> str:
    return f"{entity.name}/{owner}"


async def last_place(entity: Entity, owner: str, values: Document) -> Document:
    """What is stored with a record that comes to a list: its place behind all others."""
    if not entity.ordered:
        return {}
    mine = {"_owner": owner, entity.ordered: values.get(entity.ordered)}
    found = collection(entity.name).find(mine, {POSITION: 1}).sort(POSITION, -1).limit(1)
    last = [one.get(POSITION) or 0 async for one in found]
    count = await collection(entity.name).count_documents(mine)
    return {POSITION: max([*last, count]) + 1}


async def moved(entity: Entity, owner: str, record: Document, to: int) -> None:
    """Put a record to another place of its list. Only under the lock."""
    rows = await _rows(entity, owner, record.get(entity.ordered))
    ids = [row["_id"] for row in rows if row["_id"] != record["_id"]]
    ids.insert(to - 1, record["_id"])
    await _number(entity, rows, ids)


@asynccontextmanager
async def closing_gaps(
    doomed: Iterable[tuple[Entity, set[str]]], owner: str
) -> AsyncGenerator[None]:
    """Number the lists anew that records are deleted from."""
    lists: list[tuple[Entity, list[Any]]] = []
    for entity, ids in doomed:
        if entity.ordered and ids:
            query = {"_id": {"$in": list(ids)}, "_owner": owner}
            lists.append((entity, await collection(entity.name).distinct(entity.ordered, query)))
    yield
    for entity, groups in lists:
        async with locked(lock_of(entity, owner)):
            for group in groups:
                await numbered(entity, owner, group)


async def numbered(entity: Entity, owner: str, group: Any) -> None:
    """Number a list anew in the order that it has. Only under the lock."""
    rows = await _rows(entity, owner, group)
    await _number(entity, rows, [row["_id"] for row in rows])


async def _rows(entity: Entity, owner: str, group: Any) -> list[Document]:
    query = {"_owner": owner, entity.ordered: group}
    order = [(POSITION, 1), ("created_at", 1), ("_id", 1)]
    return await collection(entity.name).find(query, {POSITION: 1}).sort(order).to_list()


async def _number(entity: Entity, rows: list[Document], ids: list[str]) -> None:
    before = {row["_id"]: row.get(POSITION) for row in rows}
    changes = [
        UpdateOne({"_id": one}, {"$set": {POSITION: place}})
        for place, one in enumerate(ids, 1)
        if before[one] != place
    ]
    if changes:
        await collection(entity.name).bulk_write(changes)
