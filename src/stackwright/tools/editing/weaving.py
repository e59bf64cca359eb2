"""The text that takes the place of a match: what the model quoted and left alone stays as it was.

Lines that are the same in the old and the new text keep the file's own bytes: its line endings,
its trailing space, its spelling where the quotation was inexact.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from stackwright.tools.editing.text import split_ending, split_lines

MAX_ALIGNED_LINES = 3000
"""Above this only the common beginning and end are kept; aligning costs the product of the sizes."""


def woven(found: str, old: str, new: str, ending: str) -> str:
    """`found` is the file's text that `old` means; new lines end like their neighbours."""
    mine, theirs, wanted = split_lines(found), split_lines(old), split_lines(new)
    if len(mine) != len(theirs):
        return "".join(_ended(line, ending) for line in wanted)
    parts: list[str] = []
    for tag, start, end, from_, to in _steps(_keys(theirs), _keys(wanted)):
        if tag == "equal":
            parts += mine[start:end]
        else:
            parts += _replaced(mine, start, end, wanted[from_:to], ending)
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


def _keys(lines: Sequence[str]) -> list[tuple[str, bool]]:
    return [(body, bool(end)) for body, end in map(split_ending, lines)]


def _steps(
    old: Sequence[tuple[str, bool]], new: Sequence[tuple[str, bool]]
) -> list[tuple[str, int, int, int, int]]:
    if len(old) + len(new) <= MAX_ALIGNED_LINES:
        return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, len(old) - tail, head, len(new) - tail),
        ("equal", len(old) - tail, len(old), len(new) - tail, len(new)),
    ]
