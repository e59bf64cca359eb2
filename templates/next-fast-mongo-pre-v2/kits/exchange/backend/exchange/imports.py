"""Checks a file row by row, and stores the sound rows when it is told to."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError

from access import Access
from database import collection
from exchange.cells import Column, value_of
from exchange.columns import COLUMNS
from exchange.tables import MAX_BYTES, MAX_CELL, TOO_LARGE, Row, Table, Unreadable, read_table
from fields import Input, stored
from links import titles_of
from problems import FieldProblem, InvalidFields, sentence
from refuse import refuse_broken_rules
from registry import ENTITIES
from store import Store

PASSED_ON_BYTES = 10_000_000
MAX_TITLES = 20_000
AT_ONCE = 100
SHOWN_SOUND, SHOWN_FAULTY = 10, 50
MAX_SHOWN = 80


class ShownRow(BaseModel):
    line: int
    cells: list[str]
    errors: list[str]


class ImportReport(BaseModel):
    """What a file holds: `rows` are the first faulty and the first sound ones."""

    columns: list[str]
    unknown: list[str]
    note: str
    total: int
    sound: int
    stored: int
    rows: list[ShownRow]


@dataclass
class CheckedRow:
    row: Row
    body: Input | None = None
    errors: list[str] = field(default_factory=list)


async def body_of(request: Request) -> bytes:
    """The request's body; raises status 413 when it is too large.

    Of a larger one as much is read as Next passes on: who waits for its end waits in vain, and who
    closes the connection before is told as an error of the server."""
    kept: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BYTES:
            kept.append(chunk)
        if size >= PASSED_ON_BYTES:
            break
    if size > MAX_BYTES:
        raise HTTPException(413, TOO_LARGE, {"connection": "close"})
    return b"".join(kept)


def _of_file(message: str) -> InvalidFields:
    return InvalidFields([FieldProblem(field="file", message=message)])


async def bring_in(
    request: Request, records: Store[Any], model: type[Input], *, is_stored: bool
) -> ImportReport:
    """Check the file that is the request's body, and store its sound rows if `is_stored`."""
    records.access.where(records.entity.name, "add")
    content = await body_of(request)
    try:
        table = await asyncio.to_thread(read_table, content)
        columns = _columns(table, COLUMNS[records.entity.name])
    except Unreadable as error:
        raise _of_file(str(error)) from None
    references = [one for one in columns.values() if one.kind == "reference"]
    ids = {one.name: await ids_by_title(one, records.owner, records.access) for one in references}
    checked = await asyncio.to_thread(_check_all, table, columns, model, ids)
    if is_stored:
        stored_count = await _store(records, checked)
    else:
        stored_count = 0
        await _try_rules(records, checked)
    return _report(table, columns, checked, stored_count)


def _columns(table: Table, known: Sequence[Column]) -> dict[str, Column]:
    """Head of the file -> column. Raises Unreadable when none is known."""
    by_name = {name.casefold(): one for one in known for name in (one.label, one.name)}
    found: dict[str, Column] = {}
    for head in table.heads:
        column = by_name.get(head.rstrip("* ").casefold())
        if column is not None and column in found.values():
            raise Unreadable(f"Two columns hold {column.label}.")
        if column is not None:
            found[head] = column
    if not any(not column.is_computed for column in found.values()):
        names = ", ".join(one.label for one in known if not one.is_computed)
        raise Unreadable(f"No column is known. The first line has to name columns such as {names}.")
    return {head: column for head, column in found.items() if not column.is_computed}


async def ids_by_title(column: Column, owner: str, access: Access) -> Mapping[str, list[str]]:
    """What people read of the records that may be referred to, in small letters -> their ids."""
    seen = access.sees(column.target)
    if seen is None:
        return {}
    query = {"_owner": owner, **seen}
    found = await collection(column.target).find(query, {"_id": 1}).limit(MAX_TITLES).to_list()
    ids = [one["_id"] for one in found]
    by_title: defaultdict[str, list[str]] = defaultdict(list)
    for record_id, title in (await titles_of(ENTITIES[column.target], ids, owner, access)).items():
        by_title[title.strip().casefold()].append(record_id)
        by_title[record_id].append(record_id)
    return by_title


def _check_all(
    table: Table,
    columns: Mapping[str, Column],
    model: type[Input],
    ids: Mapping[str, Mapping[str, list[str]]],
) -> list[CheckedRow]:
    return [_check(row, columns, model, ids) for row in table.rows]


def _check(
    row: Row,
    columns: Mapping[str, Column],
    model: type[Input],
    ids: Mapping[str, Mapping[str, list[str]]],
) -> CheckedRow:
    checked = CheckedRow(row)
    if row.surplus:
        checked.errors.append("The row has more cells than there are columns.")
    values: dict[str, Any] = {}
    for head, column in columns.items():
        cell = row.cells.get(head)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        try:
            values[column.name] = _value(column, cell, ids.get(column.name, {}))
        except ValueError as error:
            checked.errors.append(str(error))
    labels = {column.name: column.label for column in columns.values()}
    told = set(labels[name] for name in labels if any(labels[name] in e for e in checked.errors))
    try:
        checked.body = model.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            problem = sentence({**one, "loc": ("row", *one["loc"])})
            if labels.get(problem.field) not in told:
                checked.errors.append(problem.message)
    return checked


def _value(column: Column, cell: Any, ids: Mapping[str, list[str]]) -> Any:
    if not isinstance(cell, str):
        return cell
    if len(cell) > MAX_CELL:
        raise ValueError(f"{column.label} can have at most {MAX_CELL} characters.")
    if column.kind != "reference":
        return value_of(column, cell)
    text = str(value_of(column, cell))
    found = ids.get(text.casefold(), [])
    if not found:
        raise ValueError(f"{column.label}: there is no “{text[:MAX_SHOWN]}”.")
    if len(found) > 1:
        raise ValueError(f"{column.label}: {len(found)} are called “{text[:MAX_SHOWN]}”.")
    return found[0]


async def _try_rules(records: Store[Any], checked: Sequence[CheckedRow]) -> None:
    """What the rules would refuse as things are now."""
    if not records.entity.rules:
        return
    for one in checked:
        if one.body is None or one.errors:
            continue
        values = {key: stored(v) for key, v in one.body.model_dump(by_alias=True).items()}
        try:
            await refuse_broken_rules(records.entity, "create", {}, values, records.owner)
        except InvalidFields as error:
            one.errors.append(str(error))


async def _store(records: Store[Any], checked: Sequence[CheckedRow]) -> int:
    sound = [one for one in checked if one.body is not None and not one.errors]
    for start in range(0, len(sound), AT_ONCE):
        some = sound[start : start + AT_ONCE]
        refused = await records.create_many([one.body for one in some if one.body is not None])
        for one, error in zip(some, refused, strict=True):
            if error is not None:
                one.errors.append(str(error))
    return sum(1 for one in sound if not one.errors)


def _report(
    table: Table, columns: Mapping[str, Column], checked: Sequence[CheckedRow], stored_count: int
) -> ImportReport:
    faulty = [one for one in checked if one.errors]
    sound = [one for one in checked if not one.errors]
    return ImportReport(
        columns=[column.label for column in columns.values()],
        unknown=[head[:MAX_SHOWN] for head in table.heads if head and head not in columns][:20],
        note=table.note,
        total=len(checked),
        sound=len(sound),
        stored=stored_count,
        rows=[_shown(one, columns) for one in (*faulty[:SHOWN_FAULTY], *sound[:SHOWN_SOUND])],
    )


def _shown(one: CheckedRow, columns: Mapping[str, Column]) -> ShownRow:
    cells = [str(one.row.cells.get(head) or "")[:MAX_SHOWN] for head in columns]
    return ShownRow(line=one.row.line, cells=cells, errors=one.errors[:5])
