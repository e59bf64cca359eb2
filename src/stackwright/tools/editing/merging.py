"""Lines that were quoted inexactly and changed: what the model did not change keeps the file's spelling.

The quotation says `timeout = 30`, the file `timeout  =  30`, the new text `timeout = 60`: the file gets
`timeout  =  60`. Where the model changed the very words that it misquoted, its new words stand.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from stackwright.tools.editing.alignment import BoundedMatcher, TooMuchWork, WorkLimit
from stackwright.tools.editing.text import split_ending

MAX_MERGED_LINES = 200
MAX_MERGED_CHARS = 2000
"""Limit for a line; longer ones, and lines of larger changes, are written as the new text has them."""
MAX_MERGE_STEPS = 1_000_000
ALIKE = 0.5
"""Share of equal words above which a new line is a changed old one."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class _Change(NamedTuple):
    start: int
    end: int
    tokens: Sequence[str]


def merged_lines(theirs: Sequence[str], mine: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """`wanted` with the file's spelling of what `theirs`, the quotation of `mine`, has as well."""
    inexact = [
        number
        for number, (their, own) in enumerate(zip(theirs, mine, strict=True))
        if their.rstrip() != own.rstrip()
    ]
    result = list(wanted)
    if not inexact or max(len(theirs), len(wanted)) > MAX_MERGED_LINES:
        return result
    limit = WorkLimit(MAX_MERGE_STEPS)
    try:
        for number in inexact:
            at = _counterpart(theirs, wanted, number, limit)
            if at is not None:
                result[at] = _merged(theirs[number], mine[number], result[at], limit)
    except TooMuchWork:
        return list(wanted)
    return result


def _counterpart(
    theirs: Sequence[str], wanted: Sequence[str], number: int, limit: WorkLimit
) -> int | None:
    """Which new line the old line became: the same one of as many, else the most similar one."""
    candidates = [number] if len(theirs) == len(wanted) else range(len(wanted))
    scored = [(_likeness(theirs[number], wanted[at], limit), -at) for at in candidates]
    score, at = max(scored, default=(0.0, 0))
    return -at if score >= ALIKE else None


def _likeness(one: str, other: str, limit: WorkLimit) -> float:
    if max(len(one), len(other)) > MAX_MERGED_CHARS:
        return 0.0
    return BoundedMatcher(_words(one), _words(other), limit).ratio()


def _words(line: str) -> list[str]:
    return [token for token in _TOKEN.findall(line) if not token.isspace()]


def _merged(their: str, own: str, wanted: str, limit: WorkLimit) -> str:
    body, ending = split_ending(wanted)
    old = _TOKEN.findall(their.rstrip())
    asked = _changes(old, _TOKEN.findall(body), limit)
    kept = [
        change
        for change in _changes(old, _TOKEN.findall(own.rstrip()), limit)
        if not any(_overlap(change, other) for other in asked)
    ]
    parts: list[str] = []
    position = 0
    for change in sorted([*asked, *kept], key=lambda change: change[:2]):
        parts += old[position : change.start]
        parts += change.tokens
        position = change.end
    return "".join([*parts, *old[position:]]) + ending


def _changes(old: Sequence[str], new: Sequence[str], limit: WorkLimit) -> list[_Change]:
    steps = BoundedMatcher(old, new, limit).get_opcodes()
    return [_Change(a, b, new[c:d]) for tag, a, b, c, d in steps if tag != "equal"]


def _overlap(one: _Change, other: _Change) -> bool:
    """Whether both change a token, or insert at the same place or into what the other replaces."""
    return one[:2] == other[:2] or (one.start < other.end and other.start < one.end)
