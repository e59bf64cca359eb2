"""Bytes to text and back without losing a byte: encodings, byte-order marks, line endings."""

import codecs
import re
from dataclasses import dataclass

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text with its own line endings, and what is needed to write it back."""

    text: str
    encoding: str
    bom: bytes

    def encoded(self, text: str) -> bytes:
        """`text` as bytes of this file. Falls back to UTF-8 for what the old encoding cannot hold."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError:
            return text.encode("utf-8")


def decode(content: bytes) -> SourceText:
    """UTF-8 when it is, else latin-1, which maps every byte to one character and back."""
    bom = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    body = content[len(bom) :]
    try:
        return SourceText(body.decode("utf-8"), "utf-8", bom)
    except UnicodeDecodeError:
        return SourceText(body.decode("latin-1"), "latin-1", bom)


def is_binary(content: bytes) -> bool:
    """Whether the bytes are no text: a NUL in the first 8 KB."""
    return b"\0" in content[:8192]


def line_ending(text: str) -> str:
    """The first line ending of the text; LF when there is none."""
    found = LINE_END.search(text)
    return found.group() if found else "\n"


def with_line_ending(text: str, ending: str) -> str:
    return LINE_END.sub(lambda _: ending, text)


def line_number(text: str, position: int) -> int:
    """1-based number of the line that holds the character at `position`."""
    return len(LINE_END.findall(text, 0, position)) + 1
