"""The text that takes the place of a match: what the model quoted and left alone stays as it was.

Lines that are the same in the old and the new text keep the file's own bytes: its line endings,
its trailing space, its spelling where the quotation was inexact. So do the unchanged words of a line that
was quoted inexactly and changed.
"""

from collections.abc import Sequence
from functools import cached_property

from stackwright.tools.editing.alignment import BoundedMatcher, TooMuchWork, WorkLimit
from stackwright.tools.editing.merging import merged_lines
from stackwright.tools.editing.text import split_ending, split_lines

MAX_ALIGNED_LINES = 3000
MAX_ALIGNMENT_STEPS = 3_000_000
"""Above these only the common beginning and end are kept."""

_Step = tuple[str, int, int, int, int]


class Weaver:
    """Replaces `old` by `new` at any number of places; both are compared once."""

    def __init__(self, old: str, new: str) -> None:
        self._theirs, self._wanted = split_lines(old), split_lines(new)

    @cached_property
    def _steps(self) -> list[_Step]:
        return _steps(_bodies(self._theirs), _bodies(self._wanted))

    def woven(self, found: str, ending: str) -> str:
        """`found` is the file's text that `old` means; new lines end like their neighbours."""
        mine = split_lines(found)
        if len(mine) != len(self._theirs):
            return "".join(_ended(line, ending) for line in self._wanted)
        parts: list[str] = []
        for tag, start, end, from_, to in self._steps:
            wanted = self._wanted[from_:to]
            if tag == "equal":
                parts += map(_kept, mine[start:end], wanted, [ending] * len(wanted))
            else:
                merged = merged_lines(self._theirs[start:end], mine[start:end], wanted)
                parts += _replaced(mine, start, end, merged, ending)
        return "".join(parts)


def _kept(mine: str, wanted: str, ending: str) -> str:
    """The file's line; only the last line of a text may lack its ending and get or lose one."""
    body, own_ending = split_ending(mine)
    return body + (own_ending or ending) if split_ending(wanted)[1] else body


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


def _bodies(lines: Sequence[str]) -> list[str]:
    return [split_ending(line)[0] for line in lines]


def _steps(old: Sequence[str], new: Sequence[str]) -> list[_Step]:
    if len(old) + len(new) > MAX_ALIGNED_LINES:
        return _ends_kept(old, new)
    try:
        return list(BoundedMatcher(old, new, WorkLimit(MAX_ALIGNMENT_STEPS)).get_opcodes())
    except TooMuchWork:
        return _ends_kept(old, new)


def _ends_kept(old: Sequence[str], new: Sequence[str]) -> list[_Step]:
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, len(old) - tail, head, len(new) - tail),
        ("equal", len(old) - tail, len(old), len(new) - tail, len(new)),
    ]
