"""The words of a message by their stems, and the stretches of it that a phrase was read from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stackwright.core.message_words import sentences
from stackwright.offline.words import ascii_words, singular_word, word_set

JOINTS = word_set("a an the and or of with for to in on from by is are be has have its their as")


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    stem: str


def spans(message: str, found: Sequence[Word], words: Sequence[Word]) -> Iterator[str]:
    """The words that were found, those that stand together as one quote."""
    mine = set(found)
    start: Word | None = None
    last: Word | None = None
    for word in words:
        if word in mine:
            start, last = start or word, word
        elif start is not None and last is not None and word.stem not in JOINTS:
            yield message[start.start : last.end]
            start = last = None
    if start is not None and last is not None:
        yield message[start.start : last.end]


def quotes_of(message: str, phrases: Sequence[str]) -> Iterator[str]:
    """The stretches of the message that the phrases were read from, a sentence each."""
    words = words_of(message)
    for phrase in phrases:
        wanted = [stem for stem in _stem_list(phrase) if stem not in JOINTS]
        if quote := _quote_of(message, words, wanted):
            several = sentences(quote)
            yield from several if len(several) > 1 else [quote]


def words_outside(message: str, words: Sequence[Word], quotes: Sequence[str]) -> list[Word]:
    """The words that stand in none of the quotes."""
    spans = [
        (found.start(), found.end())
        for quote in quotes
        for found in re.finditer(re.escape(quote), message)
    ]
    return [w for w in words if not any(start <= w.start and w.end <= end for start, end in spans)]


def _quote_of(message: str, words: Sequence[Word], wanted: Sequence[str]) -> str:
    """The shortest stretch of the message that has the wanted words in their order."""
    found: list[str] = []
    for index, word in enumerate(words):
        if wanted and word.stem == wanted[0]:
            left = list(wanted)
            for end in words[index : index + 3 * len(wanted) + 3]:
                if left and end.stem == left[0]:
                    left.pop(0)
                    if not left:
                        found.append(message[word.start : end.end])
    return min(found, key=len, default="")


def words_of(message: str) -> list[Word]:
    return [
        Word(found.start(), found.end(), stems[0])
        for found in _TOKEN.finditer(message)
        if (stems := _stem_list(found.group()))
    ]


def stems_of(*phrases: str) -> frozenset[str]:
    return frozenset(s for phrase in phrases for s in _stem_list(phrase.replace("_", " "))) - JOINTS


def _stem_list(phrase: str) -> list[str]:
    """One stem per word; the parts of a word with hyphens stay together."""
    return [
        "-".join(singular_word(part) for part in parts)
        for token in _TOKEN.findall(phrase)
        if (parts := ascii_words(token))
    ]


_TOKEN = re.compile(
    r"[\w'\N{RIGHT SINGLE QUOTATION MARK}]+(?:-[\w'\N{RIGHT SINGLE QUOTATION MARK}]+)*"
)
