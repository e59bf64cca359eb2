"""Writes the records that somebody may read into a file, as it is read."""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from fastapi.responses import StreamingResponse

from exchange.cells import cell_of
from exchange.columns import COLUMNS
from fields import Record
from problems import FieldProblem, InvalidFields
from store import Listing, Paging, Store

Format = Literal["csv", "json"]
AT_ONCE = 500
MAX_RECORDS = 100_000
TOO_MANY = f"More than {MAX_RECORDS:,} records: please search or filter the list before."


async def file_of(
    records: Store[Any], paging: Paging, sort: str, where: Mapping[str, Any], kind: Format
) -> StreamingResponse:
    """All records of the list, on whatever page they are."""
    first = await records.page(Paging(paging.q, 1, AT_ONCE), sort, where)
    if first.total > MAX_RECORDS:
        raise InvalidFields([FieldProblem(field="", message=TOO_MANY)])
    pages = _pages(records, paging.q, sort, where, first)
    name = f"{records.entity.name}.{kind}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    if kind == "json":
        return StreamingResponse(_json(pages), media_type="application/json", headers=headers)
    lines = _csv(records.entity.name, pages)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _pages(
    records: Store[Any], q: str, sort: str, where: Mapping[str, Any], first: Listing[Any]
) -> AsyncIterator[list[Record]]:
    yield first.items
    for number in range(2, -(-first.total // AT_ONCE) + 1):
        yield (await records.page(Paging(q, number, AT_ONCE), sort, where)).items


async def _csv(name: str, pages: AsyncIterator[list[Record]]) -> AsyncIterator[str]:
    """With the mark by which spreadsheets know UTF-8."""
    columns = COLUMNS[name]
    yield "\ufeff" + _lines([[column.label for column in columns]])
    async for page in pages:
        values = [(one.model_dump(by_alias=True), one.titles) for one in page]
        yield _lines([[cell_of(c, v.get(c.name), titles) for c in columns] for v, titles in values])


def _lines(rows: list[list[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


async def _json(pages: AsyncIterator[list[Record]]) -> AsyncIterator[str]:
    before = "[\n"
    async for page in pages:
        for one in page:
            told = one.model_dump(mode="json", by_alias=True)
            yield before + json.dumps(told, ensure_ascii=False)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
