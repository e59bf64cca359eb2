"""Whole lines of a file that a quotation means although it is not exact, in tiers of tolerance."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stackwright.tools.editing.alignment import BoundedMatcher, TooMuchWork, WorkLimit
from stackwright.tools.editing.depth import Depth, depth_of_renamed, depth_of_shifted, indent
from stackwright.tools.editing.text import split_ending, split_lines

MAX_BLOCKS = 11
"""Places that are looked for at most; two are already too many to choose from."""
MAX_SIMILAR_CANDIDATES = 200
MAX_SIMILARITY_STEPS = 3_000_000
SIMILARITY = 0.93
SIMILARITY_LEAD = 0.05
"""How much better the best block must be than the next."""
MIN_SIMILAR_LINES = 3
MIN_EQUAL_SHARE = 0.5
"""Lines of a similar block that must be equal as they are."""
MAX_COMPARED_CHARS = 400
"""Longer lines count as different: comparing them costs the square of their length."""


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    body: str
    end: int
    """Past the line ending."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of the file. `old` and `new` are set when the texts had to be moved to fit; `is_unclear` when
    nothing tells where the new text belongs."""

    start: int
    body_end: int
    end: int
    old: str | None = None
    new: str | None = None
    is_unclear: bool = False


def lines_of(text: str) -> list[Line]:
    lines: list[Line] = []
    start = 0
    for line in split_lines(text):
        lines.append(Line(start, split_ending(line)[0], start + len(line)))
        start += len(line)
    return lines


def tiers(
    lines: Sequence[Line], wanted: Sequence[str], new: Sequence[str]
) -> Iterator[list[Block]]:
    """The blocks each tier finds, nearest tier first. `wanted` has a line that is not blank."""
    yield [_block(w) for w in _windows(lines, wanted, str.rstrip)]
    yield [_block(w) for w in _windows(lines, wanted, _indent_and_words)]
    yield _shifted(lines, wanted, new)
    yield _reindented(lines, wanted, new)
    yield _similar(lines, wanted)


def _indent_and_words(line: str) -> tuple[str, ...]:
    return (indent(line), *line.split())


def _windows(
    lines: Sequence[Line], wanted: Sequence[str], key: Callable[[str], Hashable]
) -> list[Sequence[Line]]:
    """The first places, up to MAX_BLOCKS, where the lines' keys are those of `wanted`."""
    # One character for each key that is wanted: finding the lines is then finding a text.
    keys = [key(body) for body in wanted]
    letters = {each: chr(number) for number, each in enumerate(dict.fromkeys(keys), 1)}
    text = "".join(letters.get(key(line.body), "\0") for line in lines)
    sought = "".join(letters[each] for each in keys)
    windows: list[Sequence[Line]] = []
    start = text.find(sought)
    while start >= 0 and len(windows) < MAX_BLOCKS:
        windows.append(lines[start : start + len(keys)])
        start = text.find(sought, start + 1)
    return windows


def _shifted(lines: Sequence[Line], wanted: Sequence[str], new: Sequence[str]) -> list[Block]:
    blocks: list[Block] = []
    for window in _windows(lines, wanted, str.strip):
        mine = [line.body for line in window]
        pairs = zip(mine, wanted, strict=True)
        shifts = {_shift(own, body) for own, body in pairs if body.strip()}
        shift = shifts.pop() if len(shifts) == 1 else None
        if shift is None:
            continue
        depth = depth_of_shifted(mine, wanted, new)
        moved = _moved(new, *shift) if depth is Depth.QUOTED else "\n".join(new)
        if moved is not None:
            old = _moved(wanted, *shift)
            blocks.append(_block(window, old, moved, is_unclear=depth is Depth.UNCLEAR))
    return blocks


def _shift(mine: str, theirs: str) -> tuple[str, str] | None:
    """(indentation to remove, indentation to add) that turns their line into mine."""
    have, given = indent(mine), indent(theirs)
    if have.endswith(given):
        return "", have[: len(have) - len(given)]
    if given.endswith(have):
        return given[: len(given) - len(have)], ""
    return None


def _reindented(lines: Sequence[Line], wanted: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Blocks in which each indentation of the quotation stands for exactly one of the file's."""
    blocks: list[Block] = []
    for window in _windows(lines, wanted, str.strip):
        mine = [line.body for line in window]
        pairs = {
            (indent(body), indent(own))
            for own, body in zip(mine, wanted, strict=True)
            if body.strip()
        }
        names = dict(pairs)
        if len(names) < len(pairs) or len(set(names.values())) < len(pairs):
            continue
        depth = depth_of_renamed(mine, wanted, new, names)
        moved = _renamed(new, names) if depth is Depth.QUOTED else "\n".join(new)
        old = _renamed(wanted, names)
        blocks.append(_block(window, old, moved, is_unclear=depth is Depth.UNCLEAR))
    return blocks


def _renamed(lines: Sequence[str], names: Mapping[str, str]) -> str:
    return "\n".join(names[indent(line)] + line.lstrip() if line.strip() else "" for line in lines)


def _moved(lines: Sequence[str], remove: str, add: str) -> str | None:
    moved: list[str] = []
    for line in lines:
        if not line.strip():
            moved.append("")
        elif not line.startswith(remove):
            return None
        else:
            moved.append(add + line[len(remove) :])
    return "\n".join(moved)


def _similar(lines: Sequence[Line], wanted: Sequence[str]) -> list[Block]:
    if len(wanted) < MIN_SIMILAR_LINES:
        return []
    have = [line.body.rstrip() for line in lines]
    first, last = wanted[0].rstrip(), wanted[-1].rstrip()
    starts = [
        index
        for index in range(len(lines) - len(wanted) + 1)
        if have[index] == first and have[index + len(wanted) - 1] == last
    ]
    if len(starts) > MAX_SIMILAR_CANDIDATES:
        return []
    limit = WorkLimit(MAX_SIMILARITY_STEPS)
    windows = [lines[start : start + len(wanted)] for start in starts]
    try:
        scored = [(_similarity(window, wanted, limit), window) for window in windows]
    except TooMuchWork:
        return []
    best = max((score for score, _ in scored), default=0.0)
    if best < SIMILARITY:
        return []
    return [_block(window) for score, window in scored if score > best - SIMILARITY_LEAD]


def _similarity(window: Sequence[Line], theirs: Sequence[str], limit: WorkLimit) -> float:
    """Share of the characters that agree, line by line; 0 when too few lines are equal, or when
    an indentation differs: the new text would then stand at a depth nobody checked."""
    limit.spend(len(theirs))
    pairs = [(line.body, their) for line, their in zip(window, theirs, strict=True)]
    unequal = [pair for pair in pairs if pair[0].rstrip() != pair[1].rstrip()]
    if len(unequal) > len(pairs) * (1 - MIN_EQUAL_SHARE):
        return 0.0
    if any(indent(a) != indent(b) for a, b in unequal):
        return 0.0
    total = sum(len(a) + len(b) for a, b in pairs)
    lost = sum((len(a) + len(b)) * (1 - _ratio(a, b, limit)) for a, b in unequal)
    return 1 - lost / total if total else 0.0


def _ratio(one: str, other: str, limit: WorkLimit) -> float:
    if max(len(one), len(other)) > MAX_COMPARED_CHARS:
        return 0.0
    return BoundedMatcher(one, other, limit).ratio()


def _block(
    window: Sequence[Line],
    old: str | None = None,
    new: str | None = None,
    *,
    is_unclear: bool = False,
) -> Block:
    last = window[-1]
    return Block(window[0].start, last.start + len(last.body), last.end, old, new, is_unclear)
