"""Where a text stands exactly, whatever the line endings are, in time linear in the file's size."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_CRLF = re.compile(r"\r\n")


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text in which every line ending is one LF, and the way back to the positions of the file.

    A line ending is so matched whole: never the LF of a CRLF alone."""

    body: str
    crlf: list[int]
    """Where in `body` the file has two characters."""

    @classmethod
    def of(cls, text: str) -> "Searchable":
        if "\r" not in text:
            return cls(text, [])
        crlf = [found.start() - number for number, found in enumerate(_CRLF.finditer(text))]
        return cls(with_lf(text), crlf)

    def spans(self, old: str, *, may_overlap: bool) -> Iterator[tuple[int, int]]:
        """(start, end) in the file, from the first to the last. `old` is not empty."""
        wanted = with_lf(old)
        step = 1 if may_overlap else len(wanted)
        position = self.body.find(wanted)
        while position >= 0:
            yield self._in_file(position), self._in_file(position + len(wanted))
            position = self.body.find(wanted, position + step)

    def _in_file(self, position: int) -> int:
        return position + bisect_left(self.crlf, position)


def with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
