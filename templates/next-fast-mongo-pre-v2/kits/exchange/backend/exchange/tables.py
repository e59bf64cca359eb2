"""Reads a file into rows. Everything in it is a stranger's: size, encoding and form are checked."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 5_000_000
MAX_ROWS = 2_000
MAX_COLUMNS = 200
MAX_CELL = 20_000
TOO_LARGE = (
    f"The file is larger than {MAX_BYTES // 1_000_000} MB. Please split it into several files."
)
TOO_MANY = f"The file has more than {MAX_ROWS:,} rows. Please split it into several files."
NO_TEXT = "This is no text file. Please save the table as CSV (UTF-8) or JSON."
FROM_WINDOWS = (
    "The file is not UTF-8; it was read as Windows-1252. Please look at letters such as ä or é."
)


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is a sentence for people."""


@dataclass(frozen=True)
class Row:
    """`line` is where it begins in the file, or the number of the object in JSON."""

    line: int
    cells: Mapping[str, Any]
    surplus: int = 0


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def read_table(content: bytes) -> Table:
    """CSV or JSON, whatever the file is called. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(TOO_LARGE)
    text, note = _decoded(content)
    if not text.strip():
        raise Unreadable("The file is empty.")
    if text.lstrip()[:1] in ("[", "{"):
        return _from_json(text, note)
    return _from_csv(text, note)


def _decoded(content: bytes) -> tuple[str, str]:
    is_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not is_utf16 and b"\0" in content:
        raise Unreadable(NO_TEXT)
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, FROM_WINDOWS if encoding == "cp1252" else ""
    raise Unreadable(NO_TEXT)


def _from_csv(text: str, note: str) -> Table:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        heads = tuple(head.strip() for head in next(lines))
        _check_heads(heads)
        rows = tuple(_csv_rows(lines, heads))
    except csv.Error:
        raise Unreadable("The file is no sound CSV: a cell is too long or has no end.") from None
    return Table(heads, rows, note)


def _csv_rows(lines: Any, heads: tuple[str, ...]) -> Iterator[Row]:
    count = 0
    while True:
        line = lines.line_num + 1
        cells = next(lines, None)
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable(TOO_MANY)
        surplus = sum(1 for cell in cells[len(heads) :] if cell.strip())
        yield Row(line, dict(zip(heads, cells, strict=False)), surplus)


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0][:10_000]
    return max(",;\t", key=first.count)


def _check_heads(heads: tuple[str, ...]) -> None:
    named = [head.casefold() for head in heads if head]
    if len(heads) > MAX_COLUMNS:
        raise Unreadable(f"The file has more than {MAX_COLUMNS} columns.")
    twice = [head for head in heads if head and named.count(head.casefold()) > 1]
    if twice:
        raise Unreadable(f"Two columns are called “{twice[0][:60]}”.")


def _from_json(text: str, note: str) -> Table:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("The file begins like JSON, but is no sound JSON.") from None
    found = told.get("items") if isinstance(told, dict) else told
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unreadable("The JSON must be a list of objects, one for each record.")
    if len(found) > MAX_ROWS:
        raise Unreadable(TOO_MANY)
    heads = tuple(dict.fromkeys(str(key).strip() for one in found for key in one))
    _check_heads(heads)
    rows = ({str(key).strip(): value for key, value in one.items()} for one in found)
    return Table(heads, tuple(Row(number, row) for number, row in enumerate(rows, 1)), note)
