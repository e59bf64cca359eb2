"""The table that `make prove` keeps: a line per thing that was tried, and what they come to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from prove.page import cell, in_order

Kind = Literal["sound", "fault", "lie"]
HEAD = "| tried | what a person notices | result | seconds | when |\n|---|---|---|---|---|\n"
_LINE = re.compile(
    r"^\| (sound|fault|lie): (.*?) \| (.*?) \| (.*?) \| (\d+) \| (.*?) \|$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Row:
    """`result` begins with `verified`, or says what kept the app from it."""

    kind: Kind
    name: str
    notices: str
    result: str
    seconds: float
    when: str

    @property
    def is_verified(self) -> bool:
        return self.result.startswith("verified")

    @property
    def is_good(self) -> bool:
        """Only a sound application ends verified."""
        return self.is_verified == (self.kind == "sound")

    def line(self) -> str:
        """In Markdown."""
        first, second = cell(self.notices), cell(self.result)
        result = second if self.is_good else f"**{second}**"
        return (
            f"| {self.kind}: {self.name} | {first} | {result} | {self.seconds:.0f} | {self.when} |"
        )


def rows_in(table: str) -> list[Row]:
    return list(_rows(table))


def _rows(table: str) -> Iterator[Row]:
    for kind, name, notices, result, seconds, when in _LINE.findall(table):
        yield Row(kind, name, notices, result.strip("*"), float(seconds), when)


def renewed(table: str, row: Row, order: Sequence[tuple[Kind, str]]) -> str:
    """The table with this row in its place; rows of what is not tried any more are dropped."""
    known = {(one.kind, one.name): one for one in rows_in(table)}
    known[row.kind, row.name] = row
    return in_order(HEAD, known, order)


def summary(table: str, order: Sequence[tuple[Kind, str]], described: str) -> str:
    """What the rows come to, and what was missed."""
    rows = rows_in(table)
    lines = ["| | held | tried | of |", "|---|---|---|---|"]
    for kind, words in (
        ("fault", "faults caught"),
        ("sound", "sound applications verified"),
        ("lie", "lies refused"),
    ):
        mine = [row for row in rows if row.kind == kind]
        total = sum(key[0] == kind for key in order)
        lines.append(f"| {words} | {sum(row.is_good for row in mine)} | {len(mine)} | {total} |")
    lines += ["", f"The last machine: {described}."]
    return "\n".join(lines) + "\n"
