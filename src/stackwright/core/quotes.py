"""Where a quote stands in a message: spacing, case and kinds of quotation marks aside.

Messages and quotes are long and hostile at times, so both are made plain once and then searched as strings:
a regular expression of the quote takes time with the product of both lengths.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_ALIKE = ("'\u2019\u2018", '"\u201c\u201d\u201e', "-\u2010\u2011\u2013\u2014")
"""Characters that people and models write for each other."""
_SAME = {character: group[0] for group in _ALIKE for character in group}
UNSPACED = 0x0E00
"""First code point of the scripts that put no space between words."""
_WORD_CHARACTER = re.compile(r"[^\W_]")


def find_quote(messages: Iterable[str], quote: str) -> str | None:
    """The quote as a message has it, if one has it, and not from the middle of a word."""
    for message in messages:
        for start, end in places(message, quote):
            return message[start:end]
    return None


def places(message: str, quote: str) -> Iterator[tuple[int, int]]:
    """Start and end of each place that has the quote, in whole words. A quote without any word has none."""
    wanted, _ = _plain(quote.strip())
    if not _WORD_CHARACTER.search(wanted):
        return
    text, at_of = _plain(message)
    found = text.find(wanted)
    while found >= 0:
        last = found + len(wanted) - 1
        start, end = at_of[found], at_of[last] + 1
        if _is_of_whole_words(message, start, end):
            yield start, end
        found = text.find(wanted, last + 1)


@lru_cache(maxsize=32)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """The text in small letters with single spaces, and the place in the text of each of its characters."""
    characters: list[str] = []
    at_of: list[int] = []
    for at, character in enumerate(text):
        if not character.isspace():
            characters.append(_SAME.get(character) or _small(character))
        elif characters and characters[-1] == " ":
            continue
        else:
            characters.append(" ")
        at_of.append(at)
    return "".join(characters), tuple(at_of)


def _small(character: str) -> str:
    """One character for one, so that places stay the same."""
    for small in (character.casefold(), character.lower()):
        if len(small) == 1:
            return small
    return character


def _is_of_whole_words(message: str, start: int, end: int) -> bool:
    return not any(
        0 < at < len(message)
        and all(c.isalnum() and ord(c) < UNSPACED for c in message[at - 1 : at + 1])
        for at in (start, end)
    )
