"""Where a piece of text stands in a file: exactly, or nearly in ways that cannot mislead.

Tiers, tried in order; the first that finds exactly one place wins, the first that finds more than
one refuses: exact (line endings aside) → trailing space → indentation shifted as a whole → a block
of high similarity with equal first and last lines.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from stackwright.tools.editing.text import LINE_END, line_ending, line_number, with_line_ending

SIMILARITY = 0.93
SIMILARITY_LEAD = 0.05
"""How much better the best block must be than the next."""
MIN_SIMILAR_LINES = 3
MAX_SIMILAR_FILE_LINES = 5000


class EditRefused(Exception):
    """The edit was not made. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the file, and the text that takes its place."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    body: str
    end: int
    """Past the line ending."""


def find_place(text: str, old: str, new: str, *, is_smart: bool) -> Place:
    """The one place that `old` means. Raises EditRefused."""
    if not old:
        raise EditRefused(
            "The text to replace is empty. Quote the existing text, or use write_file."
        )
    exact = _exact(text, old, new)
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise EditRefused(_ambiguous(text, exact))
    if is_smart:
        for tier in (_trailing_space, _shifted, _similar):
            places = tier(text, old, new)
            if len(places) == 1:
                return places[0]
            if places:
                raise EditRefused(_ambiguous(text, places))
    raise EditRefused(_not_found(text, old))


def _exact(text: str, old: str, new: str) -> list[Place]:
    pattern = r"(?:\r\n|\n|\r)".join(re.escape(part) for part in LINE_END.split(old))
    places: list[Place] = []
    position = 0
    finder = re.compile(pattern)
    while found := finder.search(text, position):
        ending = line_ending(found.group()) if LINE_END.search(found.group()) else line_ending(text)
        places.append(Place(found.start(), found.end(), with_line_ending(new, ending)))
        position = found.start() + 1
    return places


def _trailing_space(text: str, old: str, new: str) -> list[Place]:
    return _blocks(text, old, lambda mine, theirs: mine.rstrip() == theirs.rstrip(), lambda _: new)


def _shifted(text: str, old: str, new: str) -> list[Place]:
    wanted = _bodies(old)

    def shift_of(window: Sequence[_Line]) -> tuple[str, str] | None:
        shifts = {
            shift
            for line, body in zip(window, wanted, strict=True)
            if body.strip() and (shift := _shift(line.body, body)) is not None
        }
        return shifts.pop() if len(shifts) == 1 else None

    def same(mine: str, theirs: str) -> bool:
        return mine.strip() == theirs.strip()

    places: list[Place] = []
    for window in _windows(text, wanted, same):
        shift = shift_of(window)
        if shift is None:
            continue
        moved = _moved(new, shift)
        if moved is not None:
            places.append(_block(text, window, moved))
    return places


def _shift(mine: str, theirs: str) -> tuple[str, str] | None:
    """(indentation to remove, indentation to add) that turns their line into mine."""
    have = mine[: len(mine) - len(mine.lstrip())]
    given = theirs[: len(theirs) - len(theirs.lstrip())]
    if have.endswith(given):
        return "", have[: len(have) - len(given)]
    if given.endswith(have):
        return given[: len(given) - len(have)], ""
    return None


def _moved(new: str, shift: tuple[str, str]) -> str | None:
    remove, add = shift
    lines: list[str] = []
    for line in _bodies(new):
        if not line.strip():
            lines.append("")
        elif not line.startswith(remove):
            return None
        else:
            lines.append(add + line[len(remove) :])
    return "\n".join(lines) + ("\n" if new.endswith("\n") else "")


def _similar(text: str, old: str, new: str) -> list[Place]:
    wanted = _bodies(old)
    lines = _lines(text)
    if len(wanted) < MIN_SIMILAR_LINES or len(lines) > MAX_SIMILAR_FILE_LINES:
        return []
    scored: list[tuple[float, Sequence[_Line]]] = []
    for index in range(len(lines) - len(wanted) + 1):
        window = lines[index : index + len(wanted)]
        if (window[0].body.rstrip(), window[-1].body.rstrip()) != (
            wanted[0].rstrip(),
            wanted[-1].rstrip(),
        ):
            continue
        ratio = SequenceMatcher(
            None, "\n".join(w.body for w in window), "\n".join(wanted), autojunk=False
        ).ratio()
        scored.append((ratio, window))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    if not scored or scored[0][0] < SIMILARITY:
        return []
    close = [window for ratio, window in scored if ratio > scored[0][0] - SIMILARITY_LEAD]
    return [_block(text, window, new) for window in close]


def _blocks(
    text: str, old: str, same: Callable[[str, str], bool], made: Callable[[Sequence[_Line]], str]
) -> list[Place]:
    return [_block(text, window, made(window)) for window in _windows(text, _bodies(old), same)]


def _windows(
    text: str, wanted: Sequence[str], same: Callable[[str, str], bool]
) -> list[Sequence[_Line]]:
    if not any(body.strip() for body in wanted):
        return []
    lines = _lines(text)
    return [
        lines[index : index + len(wanted)]
        for index in range(len(lines) - len(wanted) + 1)
        if all(same(lines[index + offset].body, body) for offset, body in enumerate(wanted))
    ]


def _block(text: str, window: Sequence[_Line], new: str) -> Place:
    """Whole lines are replaced; the block's last line ending stays as it was."""
    start = window[0].start
    last = window[-1]
    end = last.start + len(last.body)
    ending = (
        line_ending(text[start : last.end])
        if LINE_END.search(text[start : last.end])
        else line_ending(text)
    )
    body = with_line_ending(new.removesuffix("\n"), ending)
    if not body:
        return Place(start, last.end, "")
    return Place(start, end, body)


def _bodies(text: str) -> list[str]:
    return LINE_END.split(text.removesuffix("\n"))


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for found in LINE_END.finditer(text):
        lines.append(_Line(start, text[start : found.start()], found.end()))
        start = found.end()
    if start < len(text):
        lines.append(_Line(start, text[start:], len(text)))
    return lines


def _ambiguous(text: str, places: Sequence[Place]) -> str:
    numbers = ", ".join(str(line_number(text, place.start)) for place in places[:10])
    return (
        f"The text stands in {len(places)} places (lines {numbers}). "
        "Quote more of its surroundings so that it is unique."
    )


def _not_found(text: str, old: str) -> str:
    first = next((line.strip() for line in _bodies(old) if line.strip()), "")
    near = [str(number) for number, line in enumerate(_bodies(text), 1) if first and first in line][
        :5
    ]
    hint = f" Its first line looks like line {', '.join(near)}." if near else ""
    return (
        f"The text to replace is not in the file.{hint} Read the file again and quote it exactly."
    )
