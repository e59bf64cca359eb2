"""The table that `make eval` keeps: a line per task and builder, and what they come to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prove.page import cell, in_order

HEAD = (
    "| task | builder | built | wishes | regressions | said | cost | seconds | not held | when |\n"
    "|---|---|---|---|---|---|---|---|---|---|\n"
)
_LINE = re.compile(
    r"^\| (\S+) \| (\S+) \| (yes|no) \| (\d+) of (\d+) \| (\d+) \| (.*?) \| \$([\d.]+) \| (\d+) \| (.*?) \| (.*?) \|$",
    re.MULTILINE,
)
Key = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """`said` is how the platform itself ended each message: what it claims, beside what held."""

    task: str
    builder: str
    is_built: bool
    held: int
    wishes: int
    regressions: int
    said: str
    usd: float
    seconds: float
    missed: str
    when: str

    @property
    def key(self) -> Key:
        return self.task, self.builder

    def line(self) -> str:
        cells = (
            self.task,
            self.builder,
            "yes" if self.is_built else "no",
            f"{self.held} of {self.wishes}",
            str(self.regressions),
            cell(self.said),
            f"${self.usd:.2f}",
            f"{self.seconds:.0f}",
            cell(self.missed, 500),
            self.when,
        )
        return f"| {' | '.join(cells)} |"


def rows_in(table: str) -> list[Row]:
    return [
        Row(
            task, builder, built == "yes", int(held), int(wishes), int(lost), said, float(usd),
            float(seconds), missed, when,
        )
        for task, builder, built, held, wishes, lost, said, usd, seconds, missed, when in _LINE.findall(table)
    ]  # fmt: skip


def renewed(table: str, row: Row, tasks: Sequence[str]) -> str:
    """The table with this row in its place, builder after builder."""
    known = {one.key: one for one in rows_in(table)}
    known[row.key] = row
    builders = sorted({builder for _, builder in known})
    return in_order(HEAD, known, [(task, builder) for builder in builders for task in tasks])


def summary(table: str, tasks: Sequence[str], described: str) -> str:
    rows = rows_in(table)
    lines = [
        "| builder | tasks tried | built | wishes held | regressions | said verified, did not hold | cost | seconds a task |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for builder in sorted({row.builder for row in rows}):
        mine = [row for row in rows if row.builder == builder]
        held, wishes = sum(row.held for row in mine), sum(row.wishes for row in mine)
        boasts = sum(
            row.held < row.wishes and set(row.said.split(", ")) == {"verified"} for row in mine
        )
        lines.append(
            f"| {builder} | {len(mine)} of {len(tasks)} | {sum(row.is_built for row in mine)} "
            f"| {held} of {wishes} ({100 * held / max(wishes, 1):.0f} %) "
            f"| {sum(row.regressions for row in mine)} | {boasts} "
            f"| ${sum(row.usd for row in mine):.2f} | {sum(row.seconds for row in mine) / len(mine):.0f} |"
        )
    lines += ["", f"The last machine: {described}."]
    return "\n".join(lines) + "\n"
