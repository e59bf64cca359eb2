"""The words of an HTML page, read within bounds of time and size."""

import re
import time
from html import unescape
from html.parser import HTMLParser

MAX_TEXT_CHARS = 100_000
"""Many times what is shown; what comes after it is not read."""
PARSE_LIMIT_S = 2.0
_PIECE_CHARS = 32_768
_HUGE_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
"""Python refuses to read such a number."""


class _Words(HTMLParser):
    _HIDDEN = frozenset({"script", "style", "noscript", "svg", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._runs: list[list[str]] = [[]]
        self._depth = 0
        self.size = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._depth += tag in self._HIDDEN
        self._end_run()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._depth:
            self._depth -= 1
        self._end_run()

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self._runs[-1].append(data)
            self.size += len(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Like browsers, and Python since 3.13, take `<![…>` for a comment: older ones raise
        AssertionError."""
        del report
        return self.parse_bogus_comment(i)

    def end(self) -> None:
        """Instead of `close`, which in older Pythons takes the square of what was never finished."""
        if "<" not in self.rawdata:
            self.handle_data(unescape(self.rawdata[:MAX_TEXT_CHARS]))

    def text(self) -> str:
        words = ("".join(run).strip() for run in self._runs)
        return "\n".join(each for each in words if each)

    def _end_run(self) -> None:
        if self._runs[-1]:
            self._runs.append([])


def text_of(html: str) -> tuple[str, bool]:
    """The page's text, and whether it has more than that."""
    words = _Words()
    html = _HUGE_REFERENCE.sub("\ufffd", html)
    until = time.monotonic() + PARSE_LIMIT_S
    for start in range(0, len(html), _PIECE_CHARS):
        if words.size > MAX_TEXT_CHARS or time.monotonic() > until:
            return words.text(), True
        words.feed(html[start : start + _PIECE_CHARS])
    words.end()
    return words.text(), False
