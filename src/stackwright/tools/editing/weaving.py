"""The text that takes the place of a match: what the model quoted and left alone stays as it was.

Lines that are the same in the old and the new text keep the file's own bytes: its line endings,
its trailing space, its spelling where the quotation was inexact.
"""

from collections.abc import Sequence
from functools import cached_property

from stackwright.tools.editing.alignment import BoundedMatcher, TooMuchWork, WorkLimit
from stackwright.tools.editing.text import split_ending, split_lines

MAX_ALIGNED_LINES = 3000
MAX_ALIGNMENT_STEPS = 3_000_000
"""Above these only the common beginning and end are kept."""

_Key = tuple[str, bool]
_Step = tuple[str, int, int, int, int]


class Weaver:
    """Replaces `old` by `new` at any number of places; both are compared once."""

    def __init__(self, old: str, new: str) -> None:
        self._theirs, self._wanted = split_lines(old), split_lines(new)

    @cached_property
    def _steps(self) -> list[_Step]:
        return _steps(_keys(self._theirs), _keys(self._wanted))

    def woven(self, found: str, ending: str) -> str:
        """`found` is the file's text that `old` means; new lines end like their neighbours."""
        mine = split_lines(found)
        if len(mine) != len(self._theirs):
            return "".join(_ended(line, ending) for line in self._wanted)
        parts: list[str] = []
        for tag, start, end, from_, to in self._steps:
            if tag == "equal":
                parts += mine[start:end]
            else:
                parts += _replaced(mine, start, end, self._wanted[from_:to], ending)
        return "".join(parts)


def _replaced(
    mine: Sequence[str], start: int, end: int, wanted: Sequence[str], ending: str
) -> list[str]:
    """The n-th new line ends like the n-th line it replaces; further ones like the last of them."""
    endings = [split_ending(line)[1] for line in mine[start:end]] or [
        split_ending(line)[1] for line in mine[max(start - 1, 0) : start]
    ]
    usable = [each for each in endings if each] or [ending]
    return [
        _ended(line, usable[min(number, len(usable) - 1)]) for number, line in enumerate(wanted)
    ]


def _ended(line: str, ending: str) -> str:
    body, has_ending = split_ending(line)
    return body + (ending if has_ending else "")


def _keys(lines: Sequence[str]) -> list[_Key]:
    return [(body, bool(end)) for body, end in map(split_ending, lines)]


def _steps(old: Sequence[_Key], new: Sequence[_Key]) -> list[_Step]:
    if len(old) + len(new) > MAX_ALIGNED_LINES:
        return _ends_kept(old, new)
    try:
        return list(BoundedMatcher(old, new, WorkLimit(MAX_ALIGNMENT_STEPS)).get_opcodes())
    except TooMuchWork:
        return _ends_kept(old, new)


def _ends_kept(old: Sequence[_Key], new: Sequence[_Key]) -> list[_Step]:
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, len(old) - tail, head, len(new) - tail),
        ("equal", len(old) - tail, len(old), len(new) - tail, len(new)),
    ]
