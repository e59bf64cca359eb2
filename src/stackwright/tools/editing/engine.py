"""The edit engine: several edits of one file as one transaction on its bytes.

Guarantees, each with a test: bytes outside the edits never change; ambiguous, placeholder and
syntax-breaking edits are refused with a sentence; all edits of a call are made or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.tools.editing.guards import refuse_broken_syntax, refuse_placeholders
from stackwright.tools.editing.matching import EditRefused, find_place
from stackwright.tools.editing.text import SourceText, decode, is_binary


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `old`, which must stand in exactly one place, by `new`."""

    old: str
    new: str


def edited(path: str, content: bytes, edits: Sequence[Edit], *, is_smart: bool) -> bytes:
    """The file's bytes after all edits, applied in order. Raises EditRefused."""
    if is_binary(content):
        raise EditRefused(f"{path} is a binary file; it cannot be edited as text.")
    source = decode(content)
    text = source.text
    for number, edit in enumerate(edits, 1):
        if edit.old == edit.new:
            raise EditRefused(f"Edit {number} changes nothing: old and new text are equal.")
        refuse_placeholders(edit.old, edit.new)
        try:
            place = find_place(text, edit.old, edit.new, is_smart=is_smart)
        except EditRefused as error:
            prefix = f"Edit {number} of {len(edits)}: " if len(edits) > 1 else ""
            raise EditRefused(prefix + str(error)) from None
        text = text[: place.start] + place.replacement + text[place.end :]
    refuse_broken_syntax(path, source.text, text)
    return _encoded(path, source, text)


def written(path: str, before: bytes | None, text: str) -> bytes:
    """A whole file's new bytes. Raises EditRefused for placeholders and broken syntax."""
    old = None if before is None or is_binary(before) else decode(before).text
    refuse_placeholders(old or "", text)
    refuse_broken_syntax(path, old, text)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise EditRefused(f"{path}: the text has a lone surrogate; write valid Unicode.") from None


def _encoded(path: str, source: SourceText, text: str) -> bytes:
    try:
        return source.encoded(text)
    except UnicodeEncodeError:
        raise EditRefused(f"{path}: the text has a lone surrogate; write valid Unicode.") from None
