"""Two states of a file compared line by line, and one place of it taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from stackwright.core.text import well_formed
from stackwright.tools.editing.text import decode, is_binary

Change = Literal["created", "modified", "deleted"]

MAX_COMPARED_LINES = 6000
MAX_COUNTED_BYTES = 1_000_000
MAX_LINE_CHARS = 2000
MAX_SHOWN_LINES = 4000
CONTEXT_LINES = 3

_Group = Sequence[tuple[str, int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place of a difference. `lines` begin with a space, `+` or `-`; numbers count from 1."""

    old_start: int
    new_start: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """`note` says why there are no hunks although the file differs."""

    hunks: tuple[Hunk, ...] = ()
    note: str = ""


def change_between(before: object, after: object) -> Change:
    """What became of a file; None is one that is not there."""
    if before is None:
        return "created"
    return "deleted" if after is None else "modified"


def compared(before: bytes | None, after: bytes | None) -> Difference:
    if is_binary(before or b"") or is_binary(after or b""):
        return Difference(note="This file is no text, so its lines cannot be shown.")
    old, new = _lines(before), _lines(after)
    if max(len(old), len(new)) > MAX_COMPARED_LINES:
        return Difference(note=f"More than {MAX_COMPARED_LINES:,} lines are not compared here.")
    hunks: list[Hunk] = []
    room = MAX_SHOWN_LINES
    for group in _groups(old, new):
        hunk = _hunk(group, old, new)
        room -= len(hunk.lines)
        if room < 0:
            return Difference(tuple(hunks), "Only the first changes are shown.")
        hunks.append(hunk)
    return Difference(tuple(hunks))


def without_hunk(before: bytes | None, after: bytes | None, number: int) -> bytes | None:
    """The file as it is `after`, but for one hunk of `compared`, which is as it was. None: the file is
    not text, or there is no such hunk."""
    if is_binary(before or b"") or is_binary(after or b""):
        return None
    old, new = _lines(before), _lines(after)
    if max(len(old), len(new)) > MAX_COMPARED_LINES:
        return None
    groups = _groups(old, new)
    if not 0 <= number < len(groups):
        return None
    first, last = groups[number][0], groups[number][-1]
    lines = [*new[: first[3]], *old[first[1] : last[2]], *new[last[4] :]]
    source = decode(after or b"")
    try:
        return source.encoded("".join(lines))
    except UnicodeEncodeError:
        return None


def line_counts(before: bytes | None, after: bytes | None) -> tuple[int, int]:
    """Lines that are only in one of both; a moved line counts as neither."""
    old, new = before or b"", after or b""
    if len(old) + len(new) > MAX_COUNTED_BYTES or is_binary(old) or is_binary(new):
        return 0, 0
    was, became = Counter(old.splitlines()), Counter(new.splitlines())
    return (became - was).total(), (was - became).total()


def _groups(old: Sequence[str], new: Sequence[str]) -> list[_Group]:
    matcher = SequenceMatcher(None, old, new)
    return [group for group in matcher.get_grouped_opcodes(CONTEXT_LINES) if group]


def _hunk(group: _Group, old: Sequence[str], new: Sequence[str]) -> Hunk:
    lines: list[str] = []
    for kind, old_from, old_to, new_from, new_to in group:
        if kind == "equal":
            lines += [_told(" ", line) for line in old[old_from:old_to]]
        else:
            lines += [_told("-", line) for line in old[old_from:old_to]]
            lines += [_told("+", line) for line in new[new_from:new_to]]
    return Hunk(group[0][1] + 1, group[0][3] + 1, tuple(lines))


def _told(mark: str, line: str) -> str:
    return mark + well_formed(line).rstrip("\r\n")[:MAX_LINE_CHARS]


def _lines(content: bytes | None) -> list[str]:
    return [] if content is None else decode(content).text.splitlines(keepends=True)
