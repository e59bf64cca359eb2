"""Keeps files in the database (GridFS), beside the records that they belong to."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bson import Binary, ObjectId
from gridfs.asynchronous import AsyncGridFSBucket
from pydantic import BaseModel

from attachments.contents import Content
from attachments.slots import Slot
from database import Document, collection, connection

BUCKET = "_attachments"
MAX_FILES = 50


class FileInfo(BaseModel):
    """`width` and `height` are 0 for what is no picture."""

    id: str
    slot: str
    name: str
    type: str
    size: int
    width: int
    height: int


def _bucket() -> AsyncGridFSBucket:
    return AsyncGridFSBucket(connection.database, BUCKET)


async def put(slot: Slot, record_id: str, owner: str, name: str, content: Content) -> FileInfo:
    """Store a file; of a slot for one file the one before is deleted once the new one is there."""
    before = [] if slot.many else await files_of(slot.entity, record_id, owner, slot.name)
    meta = {
        "owner": owner,
        "entity": slot.entity,
        "record": record_id,
        "slot": slot.name,
        "type": content.type,
        "width": content.width,
        "height": content.height,
        "thumbnail": Binary(content.thumbnail),
        "added_at": datetime.now(UTC),
    }
    file_id = await _bucket().upload_from_stream(name, content.data, metadata=meta)
    for one in before:
        await _bucket().delete(one["_id"])
    return info_of(
        {"_id": file_id, "filename": name, "length": len(content.data), "metadata": meta}
    )


async def files_of(entity: str, record: Any, owner: str, slot: str = "") -> list[Document]:
    """`record` is an id, or a query for several. Oldest first."""
    query = {"metadata.owner": owner, "metadata.entity": entity, "metadata.record": record}
    if slot:
        query["metadata.slot"] = slot
    found = collection(f"{BUCKET}.files").find(query, {"metadata.thumbnail": 0}).sort("_id", 1)
    return await found.limit(1000).to_list()


async def find(file_id: str, owner: str) -> Document | None:
    if not ObjectId.is_valid(file_id):
        return None
    query = {"_id": ObjectId(file_id), "metadata.owner": owner}
    return await collection(f"{BUCKET}.files").find_one(query)


async def read(found: Document) -> bytes:
    stream = await _bucket().open_download_stream(found["_id"])
    return await stream.read()


async def delete(found: Document) -> None:
    await _bucket().delete(found["_id"])


async def delete_of(entity: str, record_ids: Iterable[str], owner: str) -> None:
    """What goes when records go."""
    query = {
        "metadata.owner": owner,
        "metadata.entity": entity,
        "metadata.record": {"$in": list(record_ids)},
    }
    async for one in collection(f"{BUCKET}.files").find(query, {"_id": 1}):
        await _bucket().delete(one["_id"])


def info_of(found: Document) -> FileInfo:
    meta = found["metadata"]
    return FileInfo(
        id=str(found["_id"]),
        slot=meta["slot"],
        name=found["filename"],
        type=meta["type"],
        size=found["length"],
        width=meta["width"],
        height=meta["height"],
    )
