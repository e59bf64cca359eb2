"""The lines of a file that a wrong quotation comes nearest to, for the sentence that refuses it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import get_close_matches

from stackwright.tools.editing.text import LINE_END

MAX_LOOKED_LINES = 20_000
MAX_COMPARED_LINES = 3000
MAX_SHOWN_LINES = 14
MAX_LINE_CHARS = 160
LEAST_LIKENESS = 0.6


def nearest_lines(text: str, old: str) -> str:
    """The numbered lines of `text` that are most like `old`; empty when nothing is."""
    lines = LINE_END.split(text)[:MAX_LOOKED_LINES]
    quoted = LINE_END.split(old.strip("\r\n"))
    first = _begin_by_equal_lines(lines, quoted)
    if first is None:
        first = _begin_by_likeness(lines, quoted)
    if first is None:
        return ""
    begin = max(first, 0)
    shown = lines[begin : max(first + len(quoted), begin + 1)][:MAX_SHOWN_LINES]
    return "\n".join(f"{begin + 1 + at} | {line[:MAX_LINE_CHARS]}" for at, line in enumerate(shown))


def _begin_by_equal_lines(lines: Sequence[str], quoted: Sequence[str]) -> int | None:
    """Where the quotation would begin if most of its lines were where the file has the same ones."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if len(said := line.strip()) > 2:
            places[said].append(number)
    votes: Counter[int] = Counter()
    for number, line in enumerate(quoted[:MAX_LOOKED_LINES]):
        found = places.get(line.strip(), [])
        # A line that stands everywhere says little about where the quotation is from.
        votes.update(dict.fromkeys((at - number for at in found[:20]), 1))
    best = votes.most_common(1)
    return best[0][0] if best else None


def _begin_by_likeness(lines: Sequence[str], quoted: Sequence[str]) -> int | None:
    """By the longest line of the quotation."""
    number, longest = max(enumerate(quoted), key=lambda each: len(each[1].strip()))
    wanted = longest.strip()[:MAX_LINE_CHARS]
    said = [line.strip()[:MAX_LINE_CHARS] for line in lines[:MAX_COMPARED_LINES]]
    like = get_close_matches(wanted, [*dict.fromkeys(said)], n=1, cutoff=LEAST_LIKENESS)
    return said.index(like[0]) - number if like and wanted else None
