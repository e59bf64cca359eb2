"""Bytes to text and back without losing a byte: encodings, byte-order marks, line endings."""

import codecs
import re
from dataclasses import dataclass

from stackwright.core.text import well_formed

LINE_END = re.compile(r"\r\n|\n|\r")

_NO_LATIN = re.compile("[\udc80-\udc9f\udcfe\udcff]")
_BEYOND_ASCII = re.compile("[^\0-\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text with its own line endings, and what is needed to write it back."""

    text: str
    encoding: str
    bom: bytes
    errors: str = "strict"

    def encoded(self, text: str) -> bytes:
        """`text` as bytes of this file; raises UnicodeEncodeError for what its encoding lacks."""
        return self.bom + text.encode(self.encoding, self.errors)


def decode(content: bytes) -> SourceText:
    """UTF-8 when it is, or has other such characters than its bad bytes; latin-1 when it looks like it;
    else ASCII. Bytes that fit nothing are kept as lone surrogates."""
    bom = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    body = content[len(bom) :]
    try:
        return SourceText(body.decode("utf-8"), "utf-8", bom)
    except UnicodeDecodeError:
        text = body.decode("utf-8", "surrogateescape")
    if bom or _BEYOND_ASCII.search(text):
        return SourceText(text, "utf-8", bom, "surrogateescape")
    if not _NO_LATIN.search(text):
        return SourceText(body.decode("latin-1"), "latin-1", bom)
    return SourceText(text, "ascii", bom, "surrogateescape")


def readable(content: bytes) -> str:
    """What a file says, for a model or a person to read."""
    return well_formed(decode(content).text)


def is_binary(content: bytes) -> bool:
    """Whether the bytes are no text: a NUL in the first 8 KB."""
    return b"\0" in content[:8192]


def split_lines(text: str) -> list[str]:
    """The lines with their endings. A last line without an ending is kept, an empty one is not."""
    lines: list[str] = []
    start = 0
    for found in LINE_END.finditer(text):
        lines.append(text[start : found.end()])
        start = found.end()
    if start < len(text):
        lines.append(text[start:])
    return lines


def split_ending(line: str) -> tuple[str, str]:
    """(what the line says, its line ending or "")."""
    body = line.rstrip("\r\n")
    return body, line[len(body) :]


def without_last_ending(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def ending_near(text: str, position: int) -> str:
    """The line ending a new line at `position` should have: the next one, else the last one."""
    found = LINE_END.search(text, position)
    if found is not None:
        return found.group()
    last = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position))
    if last < 0:
        return "\n"
    return "\r\n" if text[last - 1 : last + 1] == "\r\n" else text[last]


def line_number(text: str, position: int) -> int:
    """1-based number of the line that holds the character at `position`."""
    pairs = text.count("\r\n", 0, position)
    return text.count("\n", 0, position) + text.count("\r", 0, position) - pairs + 1
