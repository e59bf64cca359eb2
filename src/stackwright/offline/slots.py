"""A clause as tokens: the names of the application in it, numbers, and the plain words between them.

A reader of clauses looks for the words of an intent in any order, and fills its slots from tokens:

    tokens = tokens_of(spec, "Nobody may book two appointments for the same dentist")
    tokens[1].kinds, tokens[3].kinds, tokens[6].fields  # booking, appointment, its dentist
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stackwright.offline.mentions import Choice, Found, Key, Mention, Names, names_of
from stackwright.offline.verbs import EVENTS, lemma
from stackwright.offline.words import ascii_words, singular_word
from stackwright.scaffold.spec import AppSpec, EntitySpec

_MOST_TOKENS: Final = 80
_MOST_WORDS: Final = 6
_TOKEN = re.compile(
    r"(?:(?<!\w)-)?\d{1,12}(?:[.,]\d{1,6})*|[^\W\d_](?:[\w'\u2019]*\w)?|->|\u2192|[%/*+=<>,:]|(?<= )[-\u2013](?= )"
)
_JOINS: Final = frozenset(["", " ", "-", "/"])
_NUMBERS: Final[Mapping[str, float]] = MappingProxyType(
    {w: float(n) for n, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])}
    | {"fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "fifty": 50.0, "hundred": 100.0, "single": 1.0}
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """One word, one number, one sign, or one name of the application, which may have several words."""

    text: str
    start: int
    end: int
    names: Mention | None = None
    """All that it may name, whichever is meant."""
    deed: EntitySpec | None = None
    """The kind of record that a verb leaves behind: 'book' a booking."""
    number: float | None = None

    @property
    def low(self) -> str:
        return self.text.lower().replace("\u2019", "'")

    @property
    def stem(self) -> str:
        """The word in its singular."""
        return singular_word(self.low.removesuffix("'s"))

    @property
    def kind(self) -> EntitySpec | None:
        """The kind of record that it names."""
        return self.names.entity if self.names else None

    @property
    def fields(self) -> tuple[Found, ...]:
        return self.names.fields if self.names else ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.names.choices if self.names else ()


def tokens_of(spec: AppSpec, clause: str) -> tuple[Token, ...]:
    """The longest names first, from left to right; at most 80 tokens of a clause are read."""
    names = names_of(spec, with_choices=True)
    found = list(_TOKEN.finditer(clause))[:_MOST_TOKENS]
    tokens: list[Token] = []
    place = 0
    while place < len(found):
        mention, size = _longest(names, clause, found, place)
        first, last = found[place], found[place + size - 1]
        text = clause[first.start() : last.end()]
        deed = None if mention else _deed(spec, text)
        number = None if mention else _number(text)
        tokens.append(Token(text, first.start(), last.end(), mention, deed, number))
        place += size
    return tuple(tokens)


def _longest(
    names: Names, clause: str, found: list[re.Match[str]], place: int
) -> tuple[Mention | None, int]:
    end = place + 1
    while end < min(place + _MOST_WORDS, len(found)) and _joins(clause, found[end - 1], found[end]):
        end += 1
    for stop in range(end, place, -1):
        key = _key(clause[found[place].start() : found[stop - 1].end()])
        if key and (mention := names.find(key)) is not None:
            return mention, stop - place
    return None, 1


def _joins(clause: str, one: re.Match[str], other: re.Match[str]) -> bool:
    is_word = other[0][-1].isalnum() and one[0][-1].isalnum()
    return is_word and clause[one.end() : other.start()] in _JOINS


def _key(words: str) -> Key:
    return tuple(singular_word(one) for one in ascii_words(words))


def _deed(spec: AppSpec, word: str) -> EntitySpec | None:
    event = EVENTS.get(lemma(word)) if word.isalpha() else None
    ends = [one for one in spec.entities if event and one.name.split("_")[-1] == event]
    return ends[0] if len(ends) == 1 else None


def _number(text: str) -> float | None:
    if text[-1].isdigit():
        plain = re.sub(r",(?=\d{3}(?:\D|$))", "", text).replace(",", ".")
        return float(plain) if plain.count(".") < 2 else None
    return _NUMBERS.get(text.lower())
