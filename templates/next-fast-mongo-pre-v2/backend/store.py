"""Reading and writing records of one owner: lists, references, totals and deletion rules."""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from bson import ObjectId
from fastapi import Depends, Query
from pydantic import ValidationError

from access import EVERYTHING, Access, Action
from database import Document, collection
from entity import Entity
from fields import Input, Record, stored
from links import delete_with_dependents, matching_ids, refuse_unknown_references, with_links
from order import NewPlace, last_place, moved, numbered
from problems import InvalidFields, RecordMissing
from refuse import refuse_broken_rules, writing

log = logging.getLogger(__name__)
R = TypeVar("R", bound=Record)
CASELESS = {"locale": "en", "strength": 2}


@dataclass(frozen=True)
class Paging:
    """Which part of a list is wanted."""

    q: str
    page: int
    page_size: int


async def paging(
    q: Annotated[str, Query(max_length=200, description="Words to look for.")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Paging:
    return Paging(q=q.replace("\0", "").strip(), page=page, page_size=page_size)


PagingQuery = Annotated[Paging, Depends(paging)]


@dataclass(frozen=True)
class Listing(Generic[R]):
    items: list[R]
    total: int
    page: int
    page_size: int


class Store(Generic[R]):
    """The records of `entity` that belong to `owner`, as far as `access` allows it."""

    def __init__(
        self, entity: Entity, model: type[R], owner: str, access: Access = EVERYTHING
    ) -> None:
        self.entity = entity
        self.model = model
        self.owner = owner
        self.access = access
        self.records = collection(entity.name)

    async def page(self, paging: Paging, sort: str, where: Mapping[str, Any]) -> Listing[R]:
        query = self.visible(where)
        if paging.q:
            query["$or"] = await self._matches(paging.q)
        key, direction = sort.lstrip("-"), -1 if sort.startswith("-") else 1
        found = (
            self.records.find(query)
            .collation(CASELESS)
            .sort([(key, direction), ("_id", direction)])
            .skip((paging.page - 1) * paging.page_size)
            .limit(paging.page_size)
        )
        items = await self._present(await found.to_list())
        total = await self.records.count_documents(query, collation=CASELESS)
        return Listing(items, total, paging.page, paging.page_size)

    def visible(self, where: Mapping[str, Any]) -> Document:
        """The query for those of the records that may be seen."""
        return {**where, **self._allowed("read")}

    async def get(self, record_id: str) -> R:
        document = await self.records.find_one({"_id": record_id, **self._allowed("read")})
        if document is None:
            raise RecordMissing(self.entity.label)
        return (await self._present([document]))[0]

    async def create(self, body: Input) -> R:
        self.access.where(self.entity.name, "add")
        values = _values(body.model_dump(by_alias=True))
        await refuse_unknown_references(self.entity, values, self.owner, self.access)
        document = self._document(values)
        async with writing(self.entity, self.owner):
            await refuse_broken_rules(self.entity, "create", {}, values, self.owner)
            place = await last_place(self.entity, self.owner, values)
            await self.records.insert_one({**document, **place})
        return await self.get(document["_id"])

    async def create_many(self, bodies: Sequence[Input]) -> list[InvalidFields | None]:
        """Store those that no rule refuses; for each its refusal, or None once it is stored."""
        self.access.where(self.entity.name, "add")
        refused: list[InvalidFields | None] = []
        fresh: list[Document] = []
        async with writing(self.entity, self.owner):
            for body in bodies:
                values = _values(body.model_dump(by_alias=True))
                try:
                    await refuse_unknown_references(self.entity, values, self.owner, self.access)
                    await refuse_broken_rules(self.entity, "create", {}, values, self.owner)
                except InvalidFields as error:
                    refused.append(error)
                    continue
                refused.append(None)
                place = await last_place(self.entity, self.owner, values)
                fresh.append({**self._document(values), **place})
                if self.entity.rules or place:  # the next one depends on this one
                    await self.records.insert_one(fresh.pop())
            if fresh:
                await self.records.insert_many(fresh)
        return refused

    def _document(self, values: Document) -> Document:
        now = _now()
        own = {"_id": str(ObjectId()), "_owner": self.owner, **self.access.mark()}
        return {**values, **own, "created_at": now, "updated_at": now}

    async def update(self, record_id: str, body: Input) -> R:
        allowed = self._allowed("change")
        values = _values(body.model_dump(by_alias=True, exclude_unset=True))
        await refuse_unknown_references(self.entity, values, self.owner, self.access)
        mine = {"_id": record_id, **allowed}
        async with writing(self.entity, self.owner):
            is_plain = not (self.entity.rules or self.entity.ordered)
            before = {} if is_plain else await self.records.find_one(mine)
            if before:
                await refuse_broken_rules(self.entity, "change", before, values, self.owner)
            place = await self._place_elsewhere(before or {}, values)
            changes = {**values, **place, "updated_at": _now()}
            result = await self.records.update_one(mine, {"$set": changes})
            if place and before:
                await numbered(self.entity, self.owner, before.get(self.entity.ordered))
        if result.matched_count == 0:
            raise await self._refusal(record_id, "change")
        return await self.get(record_id)

    async def check(self, record_id: str, action: Action) -> None:
        """Raises RecordMissing or Refused unless this may be done with the record."""
        query = {"_id": record_id, **self._allowed(action)}
        if await self.records.find_one(query, {"_id": 1}) is None:
            raise await self._refusal(record_id, action)

    async def _place_elsewhere(self, before: Document, values: Document) -> Document:
        """A record that comes to another list stands last there."""
        key = self.entity.ordered
        is_moved = before and key in values and values[key] != before.get(key)
        return await last_place(self.entity, self.owner, values) if is_moved else {}

    async def move(self, record_id: str, place: NewPlace) -> R:
        """Put a record of an ordered list to another place."""
        mine = {"_id": record_id, **self._allowed("change")}
        async with writing(self.entity, self.owner):
            record = await self.records.find_one(mine)
            if record is not None:
                await moved(self.entity, self.owner, record, place.to)
        if record is None:
            raise await self._refusal(record_id, "change")
        return await self.get(record_id)

    async def delete(self, record_id: str) -> None:
        query = {"_id": record_id, **self._allowed("delete")}
        before = await self.records.find_one(query)
        if before is None:
            raise await self._refusal(record_id, "delete")
        await refuse_broken_rules(self.entity, "delete", before, {}, self.owner)
        await delete_with_dependents(self.entity, record_id, self.owner)

    def _allowed(self, action: Action) -> Document:
        return {"_owner": self.owner, **self.access.where(self.entity.name, action)}

    async def _refusal(self, record_id: str, action: Action) -> Exception:
        """Raises RecordMissing for a record that may not even be seen."""
        await self.get(record_id)
        return self.access.refuse(self.entity.name, action)

    async def _matches(self, text: str) -> list[Document]:
        pattern = {"$regex": re.escape(text), "$options": "i"}
        options: list[Document] = [{key: pattern} for key in self.entity.search]
        for reference in self.entity.references:
            ids = await matching_ids(reference.target, text, self.owner, self.access)
            options.append({reference.field: {"$in": ids}})
        return options or [{"_id": None}]

    async def _present(self, documents: list[Document]) -> list[R]:
        await with_links(self.entity, documents, self.owner, self.access)
        await self.access.describe(documents)
        return [_readable(self.model, document) for document in documents]


def conditions(*parts: tuple[str, str, Any]) -> Document:
    """A query from (stored key, operator, value) triples; a value of None asks for nothing.

    Operators: "is", "has" (text within), "from" (at least) and "to" (at most).
    """
    query: Document = {}
    for key, operator, value in parts:
        if value is None:
            continue
        wanted = stored(value)
        match operator:
            case "has":
                query[key] = {"$regex": re.escape(str(wanted).replace("\0", "")), "$options": "i"}
            case "from":
                query.setdefault(key, {})["$gte"] = wanted
            case "to":
                query.setdefault(key, {})["$lte"] = wanted
            case _:
                query[key] = wanted
    return query


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _values(body: Mapping[str, Any]) -> Document:
    return {key: stored(value) for key, value in body.items()}


def _readable(model: type[R], document: Document) -> R:
    """The record as `model`. A stored value of an earlier version that no longer fits is left out."""
    record = {**document, "id": document["_id"]}
    try:
        return model.model_validate(record)
    except ValidationError as error:
        unreadable = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        log.warning("record %s: unreadable %s", document["_id"], ", ".join(sorted(unreadable)))
        return model.model_validate(_without(record, unreadable))


def _without(record: Document, keys: Iterable[str]) -> Document:
    dropped = set(keys)
    return {key: value for key, value in record.items() if key not in dropped}


def page_of(listing: Listing[R]) -> dict[str, Any]:
    """The fields of a page model."""
    return {
        "items": listing.items,
        "total": listing.total,
        "page": listing.page,
        "page_size": listing.page_size,
    }
