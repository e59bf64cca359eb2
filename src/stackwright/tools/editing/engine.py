"""The edit engine: several edits of one file as one transaction on its bytes.

Guarantees, each with a test: bytes outside the edits never change; ambiguous, placeholder and
syntax-breaking edits are refused with a sentence; all edits of a call are made or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.core.text import SURROGATE, well_formed
from stackwright.tools.editing.guards import (
    refuse_broken_syntax,
    refuse_line_numbers,
    refuse_placeholders,
)
from stackwright.tools.editing.matching import (
    MAX_EDITED_CHARS,
    EditRefused,
    find_place,
    replaced_everywhere,
)
from stackwright.tools.editing.numbering import numbered
from stackwright.tools.editing.placing import placed, with_text
from stackwright.tools.editing.text import SourceText, decode, is_binary, line_number, readable


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `old` by `new`: the one place where it stands, or every exact one."""

    old: str
    new: str
    replace_all: bool = False


def edited(path: str, content: bytes, edits: Sequence[Edit], *, is_smart: bool) -> bytes:
    """The file's bytes after all edits, applied in order. Raises EditRefused."""
    if is_binary(content):
        raise EditRefused(f"{path} is a binary file; it cannot be edited as text.")
    if len(content) > MAX_EDITED_CHARS:
        raise EditRefused(f"{path} is too large to be edited; change it with run_command.")
    if any(len(text) > MAX_EDITED_CHARS for edit in edits for text in (edit.old, edit.new)):
        raise EditRefused(f"An edit of more than {MAX_EDITED_CHARS:,} characters is not made.")
    source = decode(content)
    text = source.text
    for number, edit in enumerate(edits, 1):
        try:
            text = _applied(path, text, edit, is_smart=is_smart)
        except EditRefused as error:
            prefix = f"Edit {number} of {len(edits)}: " if len(edits) > 1 else ""
            raise EditRefused(prefix + str(error)) from None
    if text == source.text:
        raise EditRefused("The edit changes nothing: the file already says so.")
    refuse_broken_syntax(path, well_formed(source.text), well_formed(text))
    return _encoded(path, source, text)


def _applied(path: str, text: str, edit: Edit, *, is_smart: bool) -> str:
    if edit.old == edit.new:
        raise EditRefused("The edit changes nothing: old and new text are equal.")
    _refuse_surrogates(path, edit.new)
    refuse_placeholders(path, edit.old, edit.new)
    if edit.replace_all:
        return replaced_everywhere(text, edit.old, edit.new)
    place = find_place(text, edit.old, edit.new, is_smart=is_smart)
    if numbered(edit.old) is None:
        refuse_line_numbers(path, edit.old, edit.new, line_number(text, place.start))
    after = with_text(text, place.start, place.end, placed(path, text, edit.old, edit.new, place))
    if "\ufffd" in edit.old and after.count("\ufffd") > text.count("\ufffd"):
        raise EditRefused(
            f"{path}: the changed lines hold a byte that is no text. Change what stands around it."
        )
    return after


def _refuse_surrogates(path: str, text: str) -> None:
    if SURROGATE.search(text):
        raise EditRefused(f"{path}: the text has a lone surrogate; write valid Unicode.")


def written(path: str, before: bytes | None, text: str) -> bytes:
    """A whole file's new bytes. Raises EditRefused for placeholders and broken syntax."""
    _refuse_surrogates(path, text)
    old = None if before is None or is_binary(before) else readable(before)
    refuse_placeholders(path, old or "", text, is_whole=True)
    refuse_line_numbers(path, old or "", text)
    refuse_broken_syntax(path, old, text)
    return _encoded(path, SourceText(text, "utf-8", b""), text)


def _encoded(path: str, source: SourceText, text: str) -> bytes:
    try:
        return source.encoded(text)
    except UnicodeEncodeError as error:
        raise EditRefused(
            f"{path} is not UTF-8 but {source.encoding}, which has no {text[error.start]!r}. Edit without "
            "that character, or replace the whole file with write_file, which makes it UTF-8."
        ) from None
