"""Which of two readings is meant when an exact quotation begins after a line's indentation.

`return 2` stands in the line `    return 2`. A new text that begins with those four spaces repeats them; one whose further
lines lack them is as deep as the quotation. Literally, both would put lines at a depth that nobody meant. Where depth
has a meaning, what parses decides, and where both readings do, nothing is written.
"""

import re

from stackwright.core.text import well_formed
from stackwright.tools.editing.kinds import is_indented
from stackwright.tools.editing.matching import EditRefused, Place
from stackwright.tools.editing.parsers import find_parser
from stackwright.tools.editing.text import LINE_END

_CLOSER = re.compile(r"[)\]}]|</|end\b")
_TOP = re.compile(r"(?:async )?def |class |@|if __name__\b|import |from |#|[A-Z_]+ ?[:=]")
"""What stands at the left edge of a Python file."""


def with_text(text: str, start: int, end: int, replacement: str) -> str:
    return text[:start] + replacement + text[end:]


def placed(path: str, text: str, old: str, new: str, place: Place) -> str:
    """What takes the place. Raises EditRefused."""
    if place.shallower is not None:
        has_more_lines = LINE_END.search(new.rstrip("\r\n")) is not None
        if has_more_lines or not is_indented(path):
            return place.shallower
        return _only_sound(path, text, place, place.shallower)
    if place.deeper is None:
        return place.replacement
    if any(line.strip() == old.strip() for line in LINE_END.split(new)[1:]):
        return place.deeper
    if _is_left_on_purpose(path, new):
        return place.replacement
    return _only_sound(path, text, place, place.deeper) if is_indented(path) else place.deeper


def _is_left_on_purpose(path: str, new: str) -> bool:
    """Whether the lines as far as the first at the left edge close a bracket, or that begins a part of its own."""
    lines = LINE_END.split(new)[1:]
    at_edge = (at for at, line in enumerate(lines) if line and not line[0].isspace())
    edge = next(at_edge, len(lines) - 1)
    if is_indented(path):
        return edge > 0 and not lines[edge - 1].strip() and _TOP.match(lines[edge]) is not None
    return any(_CLOSER.match(line.strip()) for line in lines[: edge + 1])


def _only_sound(path: str, text: str, place: Place, other: str) -> str:
    find_error = find_parser(path)
    if find_error is not None:
        sound = [
            replacement
            for replacement in (place.replacement, other)
            if not find_error(well_formed(with_text(text, place.start, place.end, replacement)))
        ]
        if len(sound) == 1:
            return sound[0]
    raise EditRefused(
        "How deep the new text belongs is not clear: the quotation begins after the line's indentation. Quote whole "
        "lines with their indentation, and give the new ones theirs."
    )
