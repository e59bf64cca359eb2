"""Where a piece of text stands in a file: exactly, or nearly in ways that cannot mislead.

Tiers, tried in order; the first that finds exactly one place wins, the first that finds more than
one refuses: exact (line endings aside) → trailing space → space inside lines → indentation shifted
as a whole → indentation renamed level by level → high similarity with equal first and last lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from stackwright.core.text import well_formed
from stackwright.tools.editing import blocks
from stackwright.tools.editing.depth import indent
from stackwright.tools.editing.nearest import nearest_lines
from stackwright.tools.editing.numbering import without_numbers
from stackwright.tools.editing.searching import Searchable
from stackwright.tools.editing.text import (
    LINE_END,
    ending_near,
    line_number,
    split_lines,
    without_last_ending,
)
from stackwright.tools.editing.weaving import Weaver

MAX_NAMED_PLACES = 10
MAX_EDITED_CHARS = 5_000_000
"""Limit for a file before and after an edit; the workspace keeps no larger ones."""
MAX_TOLERANT_LINES = 200_000
"""Quotations from longer files must be exact."""
MAX_REPLACED_PLACES = 100_000
"""Where the old or the new text has line endings: each place is then woven by itself."""


class EditRefused(Exception):
    """The edit was not made. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the file, and the text that takes its place."""

    start: int
    end: int
    replacement: str
    deeper: str | None = None
    """What takes its place if the new text is as deep as the quotation, which left the file's space out."""
    shallower: str | None = None
    """What does if the new text has that space."""


def find_place(text: str, old: str, new: str, *, is_smart: bool) -> Place:
    """The one place that `old` means. Raises EditRefused."""
    _refuse_empty(old)
    visible = well_formed(text)
    found = Searchable.of(visible).spans(old, may_overlap=True)
    spans = list(islice(found, MAX_NAMED_PLACES + 1))
    if len(spans) > 1:
        raise EditRefused(_ambiguous(text, [start for start, _ in spans]))
    if spans:
        return _exact_place(text, spans[0], old, new, is_smart=is_smart)
    if is_smart and line_number(text, len(text)) <= MAX_TOLERANT_LINES:
        for places in _near(text, visible, old, new):
            if len(places) > 1:
                raise EditRefused(_ambiguous(text, [place.start for place in places]))
            if places:
                return places[0]
    raise EditRefused(_not_found(text, old))


def replaced_everywhere(text: str, old: str, new: str) -> str:
    """The text with every exact occurrence replaced, from the first to the last. Raises EditRefused."""
    _refuse_empty(old)
    if LINE_END.search(old) is None and LINE_END.search(new) is None:
        count = text.count(old)
        _refuse_large(len(text) + count * (len(new) - len(old)))
        if not count:
            raise EditRefused(_not_found(text, old))
        return text.replace(old, new)
    return _woven_everywhere(text, old, new)


def _woven_everywhere(text: str, old: str, new: str) -> str:
    weaver, endings = Weaver(old, new), _EndingsInOrder(text)
    parts: list[str] = []
    size = position = 0
    for number, (start, end) in enumerate(Searchable.of(text).spans(old, may_overlap=False)):
        if number == MAX_REPLACED_PLACES:
            raise EditRefused(
                f"The text stands in more than {MAX_REPLACED_PLACES:,} places. Quote more of its "
                "surroundings, or change the file with run_command."
            )
        replacement = weaver.woven(text[start:end], endings.near(start))
        size += len(replacement)
        _refuse_large(size)
        parts += text[position:start], replacement
        position = end
    if not parts:
        raise EditRefused(_not_found(text, old))
    return "".join(parts) + text[position:]


class _EndingsInOrder:
    """`ending_near` for positions that only grow, in one pass over the text."""

    def __init__(self, text: str) -> None:
        self._endings = LINE_END.finditer(text)
        self._at, self._ending = -1, "\n"

    def near(self, position: int) -> str:
        while self._at < position and (found := next(self._endings, None)) is not None:
            self._at, self._ending = found.start(), found.group()
        return self._ending


def _refuse_empty(old: str) -> None:
    if not old:
        raise EditRefused(
            "The text to replace is empty. Quote the existing text, or use write_file."
        )


def _refuse_large(chars: int) -> None:
    if chars > MAX_EDITED_CHARS:
        raise EditRefused(
            f"The result would have more than {MAX_EDITED_CHARS:,} characters; the workspace keeps no "
            "such files. Nothing was changed."
        )


def _exact_place(text: str, span: tuple[int, int], old: str, new: str, *, is_smart: bool) -> Place:
    start, end = span
    if is_smart and not new and old.strip() and _is_whole_lines(text, start, end):
        following = LINE_END.match(text, end)
        return Place(start, following.end() if following else end, "")
    woven = Weaver(old, new).woven(text[start:end], ending_near(text, start))
    before = _space_before(text, start)
    if not before or new.strip() == old.strip():
        return Place(start, end, woven)
    if indent(new) == before + indent(old):
        return Place(start, end, woven, shallower=woven[len(before) :])
    is_line = text[end - 1] in "\r\n" or text[end : end + 1] in ("", "\r", "\n")
    if not is_smart or not is_line or LINE_END.search(without_last_ending(old)):
        return Place(start, end, woven)
    return Place(start, end, woven, deeper=_deeper(woven, before, indent(old)))


def _deeper(text: str, before: str, quoted: str) -> str | None:
    """The text with the file's space before every line but the first, if one of them lacks it."""
    first, *rest = split_lines(text)
    depths = [indent(line) for line in rest if line.strip()]
    if not depths or not all(depth.startswith(quoted) for depth in depths):
        return None
    if all(depth.startswith(before + quoted) for depth in depths):
        return None
    return first + "".join(before + line if line.strip() else line for line in rest)


def _space_before(text: str, start: int) -> str:
    """What stands on the line before `start` if that is only space, else ""."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    return text[line:start] if text[line:start].isspace() else ""


def _is_whole_lines(text: str, start: int, end: int) -> bool:
    """Whether the span goes from the beginning of a line to just before a line ending or the end of the file."""
    begins = start == 0 or text[start - 1] in "\r\n"
    ends = end == len(text) or text[end] in "\r\n"
    return begins and ends and text[end - 1] not in "\r\n"


def _near(text: str, visible: str, old: str, new: str) -> Iterator[list[Place]]:
    """The places of each tier, nearest first."""
    lines = blocks.lines_of(visible)
    for quoted, wanted in dict.fromkeys(((old, new), without_numbers(old, new))):
        bodies = LINE_END.split(without_last_ending(quoted))
        if not any(body.strip() for body in bodies):
            continue
        for found in blocks.tiers(lines, bodies, LINE_END.split(wanted)):
            if len(found) == 1 and found[0].is_unclear:
                raise EditRefused(_unclear(text, found[0].start))
            yield [_block_place(text, block, quoted, wanted) for block in found]


def _unclear(text: str, start: int) -> str:
    return (
        f"The text to replace stands at another depth in the file (line {line_number(text, start)}), and how deep "
        "the new text belongs is not clear. Quote both with the file's own indentation."
    )


def _block_place(text: str, block: blocks.Block, old: str, new: str) -> Place:
    """Whole lines are replaced; the ending of the block's last line stays as it was."""
    if not new:
        return Place(block.start, block.end, "")
    quoted = without_last_ending(block.old if block.old is not None else old)
    wanted = block.new if block.new is not None else new
    if not _ends_with_blank_line(old, new):
        wanted = without_last_ending(wanted)
    found = text[block.start : block.body_end]
    ending = ending_near(text, block.start)
    return Place(block.start, block.body_end, Weaver(quoted, wanted).woven(found, ending))


def _ends_with_blank_line(old: str, new: str) -> bool:
    """Whether the ending at the end of the new text stands for a blank line that the quotation has as well."""
    quoted = [line.strip() for line in LINE_END.split(old)]
    if old.endswith(("\n", "\r")):
        return False
    if not quoted[-1]:
        return True
    last = LINE_END.split(new.rstrip())[-1].strip()
    return any(line == last and not following for line, following in pairwise(quoted) if line)


def _ambiguous(text: str, starts: Sequence[int]) -> str:
    named = dict.fromkeys(str(line_number(text, start)) for start in starts[:MAX_NAMED_PLACES])
    is_all = len(starts) <= MAX_NAMED_PLACES
    count = str(len(starts)) if is_all else f"more than {MAX_NAMED_PLACES}"
    return (
        f"The text stands in {count} places (lines {', '.join(named)}{'' if is_all else ', …'}). "
        "Quote more of its surroundings so that it is unique."
    )


def _not_found(text: str, old: str) -> str:
    lines = nearest_lines(well_formed(text), old)
    advice = (
        f"The nearest lines:\n{lines}\nQuote what is there exactly, without the numbers."
        if lines
        else "Nothing in it looks like that; search_code finds where it is."
    )
    return f"The text to replace is not in the file. {advice}"
