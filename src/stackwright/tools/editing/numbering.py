"""Line numbers that a model copied from a listing: "12 | code", as in `cat -n`, `grep -n` and readers' views."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.tools.editing.text import split_lines

_NO_CHOICE = r"(?! ?\d[\d |;,)]*$)"
"""After a bar: `1 | 2 | 3` is an expression."""
_STYLES = tuple(
    re.compile(rf"[ \t]*+(?:L|line )?(\d{{1,7}}){separator}")
    for separator in (
        rf" ?[|│┃]{_NO_CHOICE}(?: |$)",
        rf" ?[|│┃]{_NO_CHOICE}",
        r"\t",
        r" ?→",
        r":(?!//)",
    )
)
_SURE = 4
"""So many styles hardly stand in code; what "1: a" means, only its place can tell."""
NEAR_LINES = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text whose lines have numbers, all of them or some, in one style."""

    style: re.Pattern[str]
    numbers: list[int | None]
    bare: list[str]

    @property
    def is_sure(self) -> bool:
        return self.style in _STYLES[:_SURE]

    @property
    def is_counting(self) -> bool:
        """Whether the numbers of the numbered lines, at least two, grow one by one."""
        given = [number for number in self.numbers if number is not None]
        return len(given) > 1 and given == list(range(given[0], given[0] + len(given)))

    @property
    def is_complete(self) -> bool:
        """Whether every line that is not blank has a number."""
        lines = zip(self.numbers, self.bare, strict=True)
        return all(number is not None or not line.strip() for number, line in lines)


def numbered(text: str) -> Numbered | None:
    """The text in the style in which the most of its lines have numbers, or None."""
    lines = split_lines(text)
    found = [_in_style(style, lines) for style in _STYLES]
    best = max(found, key=lambda each: sum(number is not None for number in each.numbers))
    return best if any(number is not None for number in best.numbers) else None


def _in_style(style: re.Pattern[str], lines: Sequence[str]) -> Numbered:
    marks = [style.match(line) for line in lines]
    numbers = [int(mark[1]) if mark else None for mark in marks]
    bare = [line[mark.end() :] if mark else line for line, mark in zip(lines, marks, strict=True)]
    return Numbered(style, numbers, bare)


def without_numbers(old: str, new: str) -> tuple[str, str]:
    """Both texts without line numbers, if `old` has them in every line and without a gap."""
    given = numbered(old)
    if given is None or None in given.numbers:
        return old, new
    if len(given.numbers) > 1 and not given.is_counting:
        return old, new
    return "".join(given.bare), "".join(_in_style(given.style, split_lines(new)).bare)


def has_line_numbers(new: str, *, near: Sequence[str], line: int | None, is_code: bool) -> bool:
    """Whether the new text alone has line numbers: they stand before what is in the file (`near`), say where
    the text stands (`line`), or count on, which prose and data may do as well."""
    given = numbered(new)
    if given is None:
        return False
    known = {text.strip() for text in near if len(text.strip()) > 1}
    pairs = list(zip(given.numbers, given.bare, strict=True))
    is_known = any(number is not None and bare.strip() in known for number, bare in pairs)
    distances = [
        abs(number - line - offset)
        for offset, (number, _) in enumerate(pairs)
        if number is not None and line is not None
    ]
    is_about = is_code and len(distances) > 1
    is_placed = bool(distances) and max(distances) <= (NEAR_LINES if is_about else 0)
    is_list = given.is_counting and given.is_complete
    if not given.is_sure:
        return is_code and is_list and is_known and is_placed
    if is_code:
        return is_known or is_list or (is_placed and (given.is_counting or given.is_complete))
    return (is_known and (given.is_counting or is_placed)) or (is_list and is_placed)
