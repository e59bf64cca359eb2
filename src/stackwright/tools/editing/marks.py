"""What a model's answer has around or instead of code: marks of conflicts and patches, code fences, bare
dots."""

import re
from collections.abc import Sequence
from functools import cached_property

from stackwright.tools.editing.kinds import (
    has_markup,
    is_code,
    is_indented,
    is_prose,
    is_script,
    suffix_of,
)
from stackwright.tools.editing.parsers import find_parser

MAX_LINE_CHARS = 400
"""Longer lines are none of these; looking at them would cost the square of their length."""

_CONFLICT = re.compile(
    r"[ \t]*+(?:(?:<{7}|>{7}|\|{7})(?:\s|$)|<{5,9} (?:SEARCH|ORIGINAL)\b|>{5,9} (?:REPLACE|UPDATED)\b)"
)
_PATCH = re.compile(
    r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|\*\*\* (?:Begin|End) Patch|\*\*\* (?:Update|Add|Delete) File:"
    r"|diff --git |\+\+\+ b/|--- a/"
)
_FENCE = re.compile(r"\s*+(?:`{3,}|~{3,})[\w+.#-]*\s*$")
_DOTS = re.compile(r"\s*(?:- )?[\[({<]?\s*(?:\.{3,}|…)\s*[\])}>]?\s*[,;]?\s*$")
_JSON_DOTS = re.compile(
    r'\s*"(?:\.{3,}|…)(?: ?(?:rest|existing|other|more|same|unchanged|remaining)\b[^"]*)?"\s*(?::.*)?,?$'
)
_OPENS_TEXT = re.compile(r"<(?:span|button|li|a|p|td|th|option|small|strong|em|b|i)\b[^<]*>\s*$")
_MAY_SHOW_PATCHES = (".diff", ".patch", ".html", ".htm")
_PYTHON = (".py", ".pyi")
_DATA_SUFFIXES = frozenset({".json", ".jsonc"})
_PLAIN = frozenset({".css", ".scss", ".less", ".json", ".jsonc", ".sql"})
"""Languages in which no string spans lines that begin with a fence."""


def find_mark(path: str, lines: Sequence[str], known: set[str]) -> tuple[int, str] | None:
    """(number of the line, what it is) for the first of the new `lines` that is no text of such a file.

    `known` are the stripped lines that the file had before."""
    text = _Lines(path, lines)
    open_comments = 0
    for number, line in enumerate(lines):
        if line.strip() and line.strip() not in known:
            what = text.what_is(number, is_in_comment=open_comments > 0)
            if what is not None:
                return number + 1, what
        open_comments += line.count("/*") - line.count("*/")
    return None


class _Lines:
    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self._path, self._lines = path, lines
        self._suffix = suffix_of(path)

    def what_is(self, number: int, *, is_in_comment: bool) -> str | None:
        line = self._lines[number]
        if _CONFLICT.match(line) and not self._is_quoted_mark:
            return "is the mark of a merge conflict"
        if not is_code(self._path):
            return None
        if _PATCH.match(line) and self._suffix not in _MAY_SHOW_PATCHES:
            return "is a line of a patch"
        if len(line) > MAX_LINE_CHARS:
            return None
        if _FENCE.match(line) and self._is_stray_fence(number, is_in_comment=is_in_comment):
            return "is a code fence"
        if _DOTS.match(line) and self._stands_for_lines(number):
            return "stands for code that you left out"
        if self._suffix in _DATA_SUFFIXES and _JSON_DOTS.match(line):
            return "stands for code that you left out"
        return None

    @cached_property
    def _is_quoted_mark(self) -> bool:
        """Whether marks of conflicts are shown: between fences, or in a string of Python that parses."""
        if is_prose(self._path):
            return any(map(_FENCE.match, self._lines))
        find_error = find_parser(self._path) if self._suffix in _PYTHON else None
        return find_error is not None and find_error("\n".join(self._lines)) is None

    def _is_stray_fence(self, number: int, *, is_in_comment: bool) -> bool:
        """Whether the line is a stray fence, not one in a comment or a string. (Python's parser decides for
        itself.)"""
        if self._suffix in _PYTHON:
            return False
        if is_script(self._path) or self._suffix in _PLAIN:
            return not is_in_comment
        is_indented_line = self._lines[number][:1].isspace()
        return not is_indented_line and "" in (self._next(number, -1), self._next(number, 1))

    def _stands_for_lines(self, number: int) -> bool:
        """Dots alone on a line; in Python a statement, which `functions.py` judges, in YAML an end mark."""
        before, after = self._next(number, -1), self._next(number, 1)
        if self._suffix in _PYTHON:
            return False
        if self._lines[number].lstrip().startswith("-"):
            return True
        if is_indented(self._path):
            is_end = after == "" or after.startswith(("---", "%"))
            return self._lines[number][:1].isspace() or not is_end
        is_text = _OPENS_TEXT.search(before) is not None and after.startswith("</")
        return not (has_markup(self._path) and is_text)

    def _next(self, number: int, step: int) -> str:
        """The nearest line before or after that is not blank, stripped; "" when there is none."""
        end = -1 if step < 0 else len(self._lines)
        near = (self._lines[at].strip() for at in range(number + step, end, step))
        return next(filter(None, near), "")
