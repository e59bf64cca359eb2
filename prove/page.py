"""A page of docs/ whose table is renewed line by line, by `make prove` and by `make eval`."""

import os
import platform as machine
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

_SUMMARY = re.compile(r"(?<=<!-- summary -->\n).*?(?=<!-- /summary -->)", re.DOTALL)
_TABLE = re.compile(r"(?<=<!-- rows -->\n).*?(?=<!-- /rows -->)", re.DOTALL)
Key = TypeVar("Key", bound=Hashable)


class Line(Protocol):
    def line(self) -> str:
        """The row in Markdown."""
        ...


def in_order(head: str, known: Mapping[Key, Line], order: Sequence[Key]) -> str:
    """The table of these rows; what is not in the order is not tried any more and is dropped."""
    lines = [known[key].line() for key in order if key in known]
    return head + "".join(f"{line}\n" for line in lines)


def cell(text: str, most_chars: int = 300) -> str:
    """A text that cannot break the table."""
    return " ".join(text[:most_chars].replace("|", "/").split()) or "-"


def renew(path: Path, renewed: Callable[[str], str], summary: Callable[[str], str]) -> None:
    """Write the table anew, and above it what all lines come to."""
    page = path.read_text()
    found = _TABLE.search(page)
    assert found, f"{path} has no place for the rows"
    table = renewed(found[0])
    page = _TABLE.sub(lambda _: table, page)
    path.write_text(_SUMMARY.sub(lambda _: summary(table), page))


def described() -> str:
    """When and on what."""
    cpus = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"^model name\s*: (.*)$", cpus, re.MULTILINE)
    cpu = found[1] if found else machine.processor()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({cpu}), "
        f"Linux {machine.release()}, Python {machine.python_version()}"
    )
