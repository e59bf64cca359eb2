"""What ties records together: titles of references, totals over children, deletion rules."""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from access import EVERYTHING, Access
from after_delete import forget
from database import Document, collection
from entity import Entity, Reference, Total
from formulas import add_formulas, product_of, rounded
from order import closing_gaps
from problems import FieldProblem, InvalidFields, StillReferenced
from registry import ENTITIES

DEPTH = 4
"""How far titles are followed when a record is named by another record."""


async def with_links(
    entity: Entity, documents: list[Document], owner: str, access: Access = EVERYTHING
) -> None:
    """Add to each document the titles of what it refers to, and its totals."""
    for document in documents:
        document["titles"] = {}
    for reference in entity.references:
        ids = {one for document in documents for one in ids_in(document, reference.field)}
        titles = await titles_of(ENTITIES[reference.target], ids, owner, access)
        for document in documents:
            for one in ids_in(document, reference.field):
                if one in titles:
                    key = one if reference.many else reference.field
                    document["titles"][key] = titles[one]
    await with_totals(entity, documents, owner)
    await with_formulas(entity, documents, owner)


async def with_formulas(entity: Entity, documents: list[Document], owner: str) -> None:
    """Add the figures out of a record's own numbers and out of those of the records it refers to."""
    linked = {name for formula in entity.formulas for name in formula.fields if "." in name}
    for name in linked:
        reference, _, number = name.partition(".")
        target = next(one.target for one in entity.references if one.field == reference)
        ids = list({document.get(reference) for document in documents})
        found = collection(target).find({"_id": {"$in": ids}, "_owner": owner}, {number: 1})
        numbers = {one["_id"]: one.get(number) async for one in found}
        for document in documents:
            document[name] = numbers.get(document.get(reference))
    for document in documents:
        add_formulas(entity, document)
        for name in linked:
            del document[name]


def ids_in(document: Document, field: str) -> list[str]:
    """The ids that a field refers to: none, one, or many."""
    value = document.get(field)
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


async def titles_of(
    entity: Entity,
    ids: Iterable[Any],
    owner: str,
    access: Access = EVERYTHING,
    depth: int = DEPTH,
) -> dict[str, str]:
    """What people read for each of `ids` that exists and may be seen."""
    wanted = list(ids)
    seen = access.sees(entity.name)
    if not wanted or depth == 0 or seen is None:
        return {}
    found = (
        await collection(entity.name)
        .find({"_id": {"$in": wanted}, "_owner": owner, **seen}, {entity.title: 1})
        .to_list()
    )
    values = {document["_id"]: document.get(entity.title) for document in found}
    named_by = next((r for r in entity.references if r.field == entity.title), None)
    if named_by is not None:
        target = ENTITIES[named_by.target]
        names = await titles_of(target, set(values.values()) - {None}, owner, access, depth - 1)
        values = {key: names.get(value, "") for key, value in values.items()}
    return {key: readable(value) for key, value in values.items()}


def readable(value: Any) -> str:
    if value in (None, "", []):
        return "Untitled"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


async def with_totals(entity: Entity, documents: list[Document], owner: str) -> None:
    """Add the computed sums; they are never stored, so they cannot be out of date."""
    ids = [document["_id"] for document in documents]
    for total in entity.totals:
        child = ENTITIES[total.child]
        rows = (
            await collection(child.name)
            .find({total.reference: {"$in": ids}, "_owner": owner, **_counted(total)})
            .to_list()
        )
        computed = {one.field for one in (*child.totals, *child.formulas)}
        if computed.intersection(total.factors):
            await with_totals(child, rows, owner)
            await with_formulas(child, rows, owner)
        values: defaultdict[str, list[Decimal]] = defaultdict(list)
        for row in rows:
            if total.kind != "average" or row.get(total.factors[0]) is not None:
                for one in ids_in(row, total.reference):
                    values[one].append(product_of(row, total.factors))
        for document in documents:
            document[total.field] = _figure(values[document["_id"]], total)


def _counted(total: Total) -> Document:
    """The records that count; one without an answer to a yes-or-no question says no."""
    if not total.only:
        return {}
    among: list[Any] = [*total.among, *([None] if False in total.among else [])]
    return {total.only: {"$in": among}}


def _figure(values: list[Decimal], total: Total) -> int | float | None:
    if total.kind == "count":
        return len(values)
    if total.kind == "average" and not values:
        return None
    amount = sum(values, Decimal(0))
    return rounded(amount / len(values) if total.kind == "average" else amount, total.decimals)


async def matching_ids(
    name: str, text: str, owner: str, access: Access = EVERYTHING, depth: int = DEPTH
) -> list[str]:
    """Ids of the records of `name` that may be seen and whose title contains `text`."""
    entity = ENTITIES[name]
    seen = access.sees(name)
    if seen is None:
        return []
    condition: Document = {entity.title: {"$regex": re.escape(text), "$options": "i"}}
    named_by = next((r for r in entity.references if r.field == entity.title), None)
    if named_by is not None:
        if depth == 0:
            return []
        inner = await matching_ids(named_by.target, text, owner, access, depth - 1)
        condition = {entity.title: {"$in": inner}}
    found = collection(name).find({"_owner": owner, **seen, **condition}, {"_id": 1}).limit(500)
    return [document["_id"] async for document in found]


async def refuse_unknown_references(
    entity: Entity, values: Document, owner: str, access: Access = EVERYTHING
) -> None:
    """Raise InvalidFields if `values` point at a record that is not there, or may not be seen."""
    problems: list[FieldProblem] = []
    for reference in entity.references:
        wanted = ids_in(values, reference.field)
        if not wanted:
            continue
        seen = access.sees(reference.target)
        query = {"_id": {"$in": wanted}, "_owner": owner, **(seen or {})}
        found = await collection(reference.target).count_documents(query)
        if seen is None or found < len(wanted):
            message = f"{reference.label} was not found; please choose another."
            problems.append(FieldProblem(field=reference.field, message=message))
    if problems:
        raise InvalidFields(problems)


def referrers(name: str) -> list[tuple[Entity, Reference]]:
    return [
        (entity, reference)
        for entity in ENTITIES.values()
        for reference in entity.references
        if reference.target == name
    ]


async def delete_with_dependents(entity: Entity, record_id: str, owner: str) -> None:
    """Delete a record by the rules of what refers to it; all rules are checked before any change."""
    doomed: dict[str, set[str]] = {entity.name: {record_id}}
    await _collect(entity, {record_id}, owner, doomed)
    await _refuse_kept(entity, owner, doomed)
    for name, ids in doomed.items():
        for other, reference in referrers(name):
            if reference.on_delete == "unlink":
                gone = {"$in": list(ids)}
                await collection(other.name).update_many(
                    {reference.field: gone, "_owner": owner},
                    {"$pull": {reference.field: gone}}
                    if reference.many
                    else {"$set": {reference.field: None}},
                )
    async with closing_gaps([(ENTITIES[name], ids) for name, ids in doomed.items()], owner):
        for name, ids in reversed(doomed.items()):
            await collection(name).delete_many({"_id": {"$in": list(ids)}, "_owner": owner})
            await forget(name, ids, owner)


async def _collect(entity: Entity, ids: set[str], owner: str, doomed: dict[str, set[str]]) -> None:
    for other, reference in referrers(entity.name):
        if reference.on_delete != "cascade":
            continue
        found = collection(other.name).find(
            {reference.field: {"$in": list(ids)}, "_owner": owner}, {"_id": 1}
        )
        known = doomed.setdefault(other.name, set())
        fresh = {document["_id"] async for document in found} - known
        known |= fresh
        if fresh:
            await _collect(other, fresh, owner, doomed)


async def _refuse_kept(entity: Entity, owner: str, doomed: dict[str, set[str]]) -> None:
    for name, ids in doomed.items():
        for other, reference in referrers(name):
            if reference.on_delete != "restrict":
                continue
            count = await collection(other.name).count_documents(
                {
                    reference.field: {"$in": list(ids)},
                    "_owner": owner,
                    "_id": {"$nin": list(doomed.get(other.name, ()))},
                }
            )
            if count:
                others = other.label if count == 1 else other.label_plural
                raise StillReferenced(entity.label, count, others)
