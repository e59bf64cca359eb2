"""Brings stored records up to date with the code. Nothing a person typed is ever deleted."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{24}")
Document = dict[str, Any]


@dataclass(frozen=True)
class Migration:
    """One step. `id` is unique for ever; a step that ran is remembered and not run again."""

    id: str
    action: Literal[
        "rename_entity", "rename_field", "remove_field", "set_default", "convert_field", "map_value"
    ]
    entity: str
    field: str = ""
    to: str = ""
    value: str | int | float | bool | list[str] | None = None


async def apply_migrations(
    database: AsyncDatabase[Document], migrations: Sequence[Migration]
) -> None:
    """Apply what has not been applied yet, in order."""
    done = {row["_id"] async for row in database["_migrations"].find({}, {"_id": 1})}
    for migration in migrations:
        if migration.id in done:
            continue
        await _apply(database, migration)
        await database["_migrations"].insert_one(
            {"_id": migration.id, "applied_at": datetime.now(UTC)}
        )
        log.info("applied migration %s", migration.id)


async def _apply(database: AsyncDatabase[Document], step: Migration) -> None:
    records = database[step.entity]
    match step.action:
        case "rename_entity":
            await _rename_collection(database, step)
        case "rename_field":
            await records.update_many(
                {step.field: {"$exists": True}, step.to: {"$exists": False}},
                {"$rename": {step.field: step.to}},
            )
        case "set_default":
            await records.update_many({step.field: None}, {"$set": {step.field: step.value}})
        case "map_value":
            await records.update_many({step.field: step.value}, {"$set": {step.field: step.to}})
        case "convert_field":
            await _convert(records, step)
        case "remove_field":
            pass  # the values stay under their old key


async def _rename_collection(database: AsyncDatabase[Document], step: Migration) -> None:
    names = await database.list_collection_names()
    if step.entity not in names:
        return
    if step.to not in names:
        await database[step.entity].rename(step.to)
        return
    async for record in database[step.entity].find():
        await database[step.to].replace_one({"_id": record["_id"]}, record, upsert=True)


async def _convert(records: AsyncCollection[Document], step: Migration) -> None:
    """Turn values into the new type; one that has no such form is kept as `<field>__before`."""
    async for record in records.find({step.field: {"$ne": None}}):
        old = record[step.field]
        new = converted(old, step.to)
        changes = {step.field: new}
        if new is None or (isinstance(old, list) and not isinstance(new, list)):
            changes[f"{step.field}__before"] = old
        await records.update_one({"_id": record["_id"]}, {"$set": changes})


def converted(value: Any, kind: str) -> Any:
    """`value` as a stored value of `kind`, or None when there is no faithful form."""
    match kind:
        case "text":
            return _as_text(value)
        case "integer" | "number":
            return _as_number(value, whole=kind == "integer")
        case "boolean":
            return _as_boolean(value)
        case "tags":
            return value if isinstance(value, list) else [_as_text(value)]
        case "references":
            return [value] if isinstance(value, str) and _ID.fullmatch(value) else None
        case "date" if isinstance(value, datetime):
            return value.date().isoformat()
        case "datetime" if isinstance(value, str):
            return _as_moment(value)
        case _:
            return None


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _as_number(value: Any, *, whole: bool) -> int | float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if whole:
        return int(number) if number.is_integer() else None
    return number


def _as_boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(
        str(value).strip().lower()
    )


def _as_moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
