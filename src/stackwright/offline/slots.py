"""A clause as tokens: the names of the application in it, numbers, and the plain words between them.

A reader of clauses looks for the words of an intent in any order, and fills its slots from tokens:

    tokens = tokens_of(spec, "Nobody may book two appointments for the same dentist")
    tokens[1].kinds, tokens[3].kinds, tokens[6].fields  # booking, appointment, its dentist
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from stackwright.offline.mentions import Choice, Found, Key, Mention, Names, names_of
from stackwright.offline.verbs import EVENTS, lemma
from stackwright.offline.words import ascii_words, singular_word, word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec

_MOST_TOKENS: Final = 80
_MOST_WORDS: Final = 6
_TOKEN = re.compile(
    r"(?:(?<!\w)-)?\d{1,12}(?:[.,]\d{1,6}){0,4}|[^\W\d_](?:[\w'\u2019]{0,80}\w)?|->|\u2192|[%/*+=<>,:\u00d7\u00f7]|(?<= )[-\u2013](?= )"
)
_SMALL: Final = frozenset(
    (one,) for one in ["to", "from", "at", "on", "in", "of", "by", "for", "with", "until", "till"]
)
"""'Assigned to' is never called 'to'."""
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
        if key and key not in _SMALL and (mention := names.find(key)) is not None:
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
    if text.removeprefix("-")[:1].isdecimal():
        plain = re.sub(r",(?=\d{3}(?:\D|$))", "", text).replace(",", ".")
        return float(plain) if plain.count(".") < 2 else None
    return _NUMBERS.get(text.lower())


@dataclass(frozen=True)
class Clause:
    """A clause that may ask for something, and what was spoken of before it."""

    spec: AppSpec
    tokens: tuple[Token, ...]
    spoken: EntitySpec | None = None

    @cached_property
    def low(self) -> str:
        """Its words in lower case, without signs: in it the words of an intent are looked for."""
        return " ".join(one.low for one in self.tokens)

    @cached_property
    def named(self) -> tuple[Token, ...]:
        return tuple(one for one in self.tokens if one.names)

    @cached_property
    def deeds(self) -> tuple[EntitySpec, ...]:
        return tuple(one.deed for one in self.tokens if one.deed)

    @cached_property
    def kinds(self) -> tuple[EntitySpec, ...]:
        found = [one.kind for one in self.tokens if one.kind]
        return tuple(one for at, one in enumerate(found) if one not in found[:at])

    @cached_property
    def numbers(self) -> tuple[Token, ...]:
        return tuple(one for one in self.tokens if one.number is not None)

    @cached_property
    def refuses(self) -> bool:
        return _REFUSES.search(self.low) is not None

    def before(self, token: Token, back: int = 1) -> str:
        """The word that stands before it, in lower case."""
        at = self.tokens.index(token) - back
        return self.tokens[at].low if at >= 0 else ""

    def is_told_by(self, words: frozenset[str]) -> bool:
        """Whether beside names and numbers there are only these words, and such without meaning."""
        plain = [one for one in self.tokens if one.names is None and one.number is None]
        return all(
            {one.low, one.stem} & (words | EMPTY) or not one.text[0].isalnum() for one in plain
        )


def clause_of(spec: AppSpec, words: str, spoken: EntitySpec | None = None) -> Clause:
    plain = _DAY_IT_WAS.sub(r"the \1 on", _NO_ONE.sub("nobody", words))
    return Clause(spec, tokens_of(spec, _ON_DATE.sub(r"\1", plain)), spoken)


_DAY_IT_WAS = re.compile(
    r"\bthe (?:day|date|time)(?: that| when| on which)? (?:it|they|he|she) (?:was|were|is|has been|came) ([a-z]+(?: (?:in|out|back|up))?)\b",
    re.IGNORECASE,
)
"""'the day it was lent' is 'lent on'."""
_ON_DATE = re.compile(r"\b([a-z]+(?:ed|nt|en|ought|ut|ack) (?:on|at)) (?:date|day|time)\b", re.IGNORECASE)  # fmt: skip
"""'the lent on date'."""
_NO_ONE = re.compile(r"\bno[ -]one\b", re.IGNORECASE)


_REFUSES = re.compile(
    r"\b(?:not|no|never|nobody|none|neither|nor|cannot|cant|mustnt|dont|doesnt|shouldnt|isnt|arent|without|avoid|prevent|stop|stops|block|blocked|refused?|refuses|rejected?|rejects|impossible|forbidden|forbid|disallow|disallowed|[a-z]+n't)\b"
)
EMPTY: Final = word_set(
    "the a an this that these those each every any all some my our your their its his her of"
    " can could may might must shall should will would has have had having to be is are was were been being do does did get gets go goes need needs ought able"
    " not no never none neither nor cannot can't couldn't may mayn't mustn't shouldn't won't wouldn't don't doesn't didn't isn't aren't hasn't haven't cant mustnt dont doesnt shouldnt isnt arent"
    " nobody noone anyone anybody anything everyone everybody people person persons someone somebody you we i they he she it us them him who else user users"
    " please also and or so but of course just only always ever really actually simply obviously naturally too both make sure ensure avoid prevent stop block allow allows allowed allowing possible impossible permitted forbidden forbid disallowed"
    " app system it's that's there there's here refuse refuses refused reject rejects rejected want like important very please thanks"
    " for in on at by with from into as"
)  # fmt: skip
"""Words without meaning of their own in a rule, and such that allow and refuse."""
