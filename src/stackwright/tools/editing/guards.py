"""What an edit may not do: leave something for code, bring in what is no code, or break a file that parsed."""

from collections.abc import Sequence

from stackwright.tools.editing.functions import left_out
from stackwright.tools.editing.kinds import is_code, is_prose, suffix_of
from stackwright.tools.editing.marks import find_mark
from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.editing.numbering import has_line_numbers
from stackwright.tools.editing.parsers import MAX_PARSED_CHARS, find_parser
from stackwright.tools.editing.placeholders import find_placeholder
from stackwright.tools.editing.text import LINE_END

MAX_LOOKED_LINES = 30_000
"""Limit for a new text: no model writes as many lines, and each takes 50 µs to check."""


def refuse_placeholders(path: str, old: str, new: str, *, is_whole: bool = False) -> None:
    """Raise EditRefused when `new` has a line that is no code but stands for some, and `old` had it not."""
    lines = LINE_END.split(new)[:MAX_LOOKED_LINES]
    known = {line.strip() for line in LINE_END.split(old)}
    mark = find_mark(path, lines, known)
    if mark is not None:
        number, what = mark
        raise EditRefused(f"Line {number} ({_shown(lines, number)}) {what}. Write the code itself.")
    if is_prose(path):
        return
    number = find_placeholder(lines, known, old, is_whole=is_whole)
    if number is not None:
        raise EditRefused(
            f"Line {number} ({_shown(lines, number)}) stands for code that you left out; writing it "
            "would delete that code. Write the code itself, or edit only the lines that change."
        )


def refuse_line_numbers(path: str, old: str, new: str, line: int | None = None) -> None:
    """Raise EditRefused when `new` has the numbers of a listing before its lines. `line` is where it goes."""
    near = LINE_END.split(old)
    if new.count("\n") < MAX_LOOKED_LINES and has_line_numbers(
        new, near=near, line=line, is_code=is_code(path)
    ):
        raise EditRefused(
            "The new text has line numbers before its lines. Write the lines as they are to be, without numbers."
        )


def refuse_broken_syntax(path: str, before: str | None, after: str) -> None:
    """Raise EditRefused when the file parsed before (or is new) and would not parse after."""
    find_error = find_parser(path)
    after = after.removeprefix("\ufeff")
    error = find_error(after) if find_error is not None else None
    if find_error is None or error is None:
        _refuse_empty_bodies(path, before, after)
        return
    if before is not None and find_error(before) is not None:
        return
    raise EditRefused(f"The result would not parse: {path}: {error}. Nothing was changed.")


def _refuse_empty_bodies(path: str, before: str | None, after: str) -> None:
    if suffix_of(path) != ".py" or "..." not in after or len(after) > MAX_PARSED_CHARS:
        return
    number = left_out(before, after)
    if number is not None:
        raise EditRefused(
            f"'...' in line {number} of the result stands for code that you left out. Write the code itself, "
            "or edit only the lines that change."
        )


def _shown(lines: Sequence[str], number: int) -> str:
    return repr(lines[number - 1].strip()[:80])
