"""Tables that people give to the app are read whole: what was there before stays, odd letters come through,
and a wrong line is told.

A file that a witness gave to the app is given to it again, as it was and with one cell changed."""

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from stackwright.sandbox.base import HttpAnswer
from stackwright.verify.environment import AppAddress, Upload
from stackwright.verify.records import (
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    id_of,
    records_in,
)

TIMEOUT_S = 20
ODD = " äöü é"
NO_NUMBER = "about ten"
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file in a form; the first row names the columns. `before` and `after` are what the form
    holds around the file."""

    before: bytes
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    after: bytes

    def form(self) -> bytes:
        told = io.StringIO()
        csv.writer(told, delimiter=self.delimiter).writerows(self.rows)
        return self.before + told.getvalue().encode() + self.after

    def with_cell(self, row: int, column: int, text: str) -> "Table":
        cells = list(self.rows[row])
        cells[column] = text
        rows = (*self.rows[:row], tuple(cells), *self.rows[row + 1 :])
        return Table(self.before, rows, self.delimiter, self.after)


def table_in(upload: Upload) -> Table | None:
    """The table of the first file of a form; None when it holds none."""
    head, found, rest = upload.body.partition(b'filename="')
    named, _, content = rest.partition(b"\r\n\r\n")
    mark = b"\r\n--" + upload.kind.rpartition("boundary=")[2].strip('"').encode()
    data, is_whole, after = content.partition(mark)
    try:
        text = data.decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(_DELIMITERS, key=first.count)
        rows = tuple(map(tuple, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except (UnicodeDecodeError, csv.Error):
        return None
    is_table = len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1
    if not (found and is_whole and is_table):
        return None
    return Table(head + found + named + b"\r\n\r\n", rows, delimiter, mark + after)


@dataclass(frozen=True, slots=True)
class ImportTrial:
    """`reset` empties the database of the proof."""

    api: AppApi
    app: AppAddress
    upload: Upload
    reset: Callable[[], Awaitable[None]]

    async def problems(self, *, may_replace: bool) -> list[str]:
        """None where the file is not taken once more. With `may_replace` the app may drop what was there."""
        table = table_in(self.upload)
        if table is None:
            return []
        await self.reset()
        others = await self._others()
        answer = await self._send(table)
        if not _is_ok(answer):
            return []
        found: list[str] = []
        gone = [name for name, path in others.items() if not await self._is_there(path)]
        if gone and not may_replace:
            found.append(
                f"POST {self.upload.path} deletes {', '.join(gone)} that were there before. Add what the "
                "file holds, and leave the others as they are."
            )
        records = await self._records()
        found.append(await self._odd_letters(table, records))
        found.append(await self._wrong_line(table, records, answer))
        return [one for one in found if one]

    async def _others(self) -> dict[str, str]:
        """One record of each kind that can be read by its id, with the path of its own."""
        made: dict[str, str] = {}
        for resource in self.api.description.resources:
            if resource.create is None or not resource.can_get:
                continue
            try:
                record = (await TemporaryRecords(self.api, may_stay=True).make(resource))[1]
            except (ApiFault, LoginWanted):
                continue
            made[resource.name] = resource.item_path(id_of(record) or "")
        return made

    async def _is_there(self, path: str) -> bool:
        return (await self.api.ask("GET", path)).ok

    async def _odd_letters(self, table: Table, records: Sequence[dict[str, Any]]) -> str:
        """Whether a text of the file loses letters that not every alphabet has; "" when not."""
        for column in range(len(table.rows[0])):
            text = table.rows[1][column]
            if not text.strip() or _number(text) is not None or not _holding(records, text):
                continue
            await self.reset()
            odd = text + ODD
            answer = await self._send(table.with_cell(1, column, odd))
            if _is_ok(answer) and not _holding(now := await self._records(), odd) and now:
                return (
                    f"POST {self.upload.path} takes a file with {odd!r} in the column "
                    f"{table.rows[0][column]!r}, and no record holds that text. Read the file as UTF-8."
                )
            return ""
        return ""

    async def _wrong_line(
        self, table: Table, records: Sequence[dict[str, Any]], right: HttpAnswer
    ) -> str:
        """Whether a text in a column of numbers is taken as if all were well; "" when not."""
        for column in range(len(table.rows[0])):
            numbers = [
                number for row in table.rows[1:] if (number := _number(row[column])) is not None
            ]
            filled = [row for row in table.rows[1:] if row[column].strip()]
            if not numbers or len(numbers) < len(filled):
                continue
            if not any(_holding(records, one) or _holding(records, one * 100) for one in numbers):
                continue
            await self.reset()
            answer = await self._send(table.with_cell(len(table.rows) - 1, column, NO_NUMBER))
            is_same = _is_ok(answer) and _told(answer) == _told(right)
            if is_same and not _holding(await self._records(), NO_NUMBER):
                return (
                    f"POST {self.upload.path} answers a file with {NO_NUMBER!r} for a number (column "
                    f"{table.rows[0][column]!r}) as it answers one without mistakes. Say which line is wrong."
                )
            return ""
        return ""

    async def _send(self, table: Table) -> HttpAnswer:
        """As the app's own page does."""
        cookie = {"cookie": self.api.cookie} if self.api.cookie else {}
        return await self.api.sandbox.request(
            self.app.frontend_port,
            "POST",
            self.upload.path,
            headers={"content-type": self.upload.kind, "origin": self.app.origin, **cookie},
            body=table.form(),
            timeout_s=TIMEOUT_S,
        )

    async def _records(self) -> list[dict[str, Any]]:
        """What the lists of the app hold now, their first pages."""
        found: list[dict[str, Any]] = []
        for resource in self.api.description.resources:
            if resource.can_list:
                try:
                    answer = await self.api.ask("GET", resource.collection)
                except LoginWanted:
                    continue
                found += records_in(answer.value) or []
        return found


def _is_ok(answer: HttpAnswer) -> bool:
    return 200 <= answer.status < 300


def _told(answer: HttpAnswer) -> Any:
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return answer.body


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _holding(records: Sequence[dict[str, Any]], wanted: str | float) -> bool:
    """Whether one of the records has this value in a field of its own."""
    if isinstance(wanted, str):
        wanted = wanted.strip()
    return any(
        (value.strip() if isinstance(value, str) else value) == wanted
        for record in records
        for value in record.values()
        if not isinstance(value, bool)
    )
