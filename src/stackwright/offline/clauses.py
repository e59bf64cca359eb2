"""Deeds: 'members borrow books from branches' says who, does what, to what, and the rest."""

import re
from dataclasses import dataclass
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.field_types import is_attribute
from stackwright.offline.verbs import ADJUNCTS, EVENTS, KNOWN, PARTICIPLES, lemma
from stackwright.offline.words import is_plural, singular_word, word_set

_PRONOUNS: Final = frozenset(["i", "we", "they", "who", "which", "that", "it"])
_SINGULAR: Final = frozenset(["each", "every", "a", "an", "our", "my", "the", "one", "any"])
_DETERMINERS: Final = _SINGULAR | word_set(
    "all some many several multiple various their his her its your these those both more certain"
)
_MODALS: Final = word_set(
    "can may could will should must might would also often usually regularly sometimes then"
)
_PARTICLES: Final = frozenset(
    ["up", "in", "for", "to", "into", "on", "at", "from", "off", "out", "onto", "with"]
)
_STOPS: Final = word_set(
    "and or with of for in by to at on from per as is are was were be been being has have "
    "had having that which who whom whose where when while if than then not no about under "
    "between through during into within without until like such including contain contains "
    "include includes need needs get gets belong belongs consist consists can may could "
    "will should must might would want wants so"
)
_NOUNISH: Final = re.compile(r"(?:ing|ed|ly|tion|ness|ment|ity|ism|age|ance|ence|er|or)$")
_PASSIVE = re.compile(
    rf"^((?:[\w'-]+ ){{1,4}}?)(?:(?:can|may|must|should|could|will) )?(?:is|are|was|were|be|being|gets?|got)(?: also| then)? ([a-z]+ed|{'|'.join(sorted(PARTICIPLES))})(?: (?:in|up|for|out|to))? by ((?:[\w'-]+ ){{0,2}}[\w'-]+?)(?=\s+(?:with|for|on|at|from|to|in|until|per|during)\b|\s*[(<,]|$)(.*)$",
    re.IGNORECASE,
)

HANDED = re.compile(r"(?:an? |each |every )?(?P<what>[a-z]+) (?:is|are|can be|get|gets) (?:lent|loaned|rented|hired)(?: out)? to (?P<who>(?:an? |one )?[a-z]+)\b(?P<rest>(?: (?:with|from) .*)?)$", re.IGNORECASE)  # fmt: skip
"""'Tools are lent to members with a date out'."""
_OF_ONE = re.compile(r"(?:an?|each|every|one) [\w -]{1,40} (?:(?:is|gets) (?:taken by (?:one|exactly one|an?)|(?:rented|leased|owned|used) by (?:exactly )?one)|takes (?:exactly )?one) ", re.IGNORECASE)  # fmt: skip
"""'a shift is taken by one volunteer': no record is left, the shift has a volunteer. So does 'a loan takes one tool'."""


@dataclass(frozen=True)
class Deed:
    """`verb` in its base form; `located` when a preposition stood before the object."""

    who: str
    verb: str
    what: str
    rest: str
    located: bool = False
    able: bool = False
    """They 'can' do it: perhaps just the people who use the application."""

    @property
    def event(self) -> str | None:
        """The kind of record the deed leaves behind, if its verb has one."""
        return EVENTS.get(self.verb)


def read_deed(text: str) -> Deed | None:
    """The deed a clause tells of, or None when it is a phrase or says what something has."""
    passive, is_of_one = _PASSIVE.match(text), _OF_ONE.match(text)
    if passive and lemma(passive.group(2)) in EVENTS and not is_of_one:
        who, what = passive.group(3), passive.group(1).strip()
        return Deed(who, lemma(passive.group(2)), what, passive.group(4).strip())
    if is_of_one:
        return None
    handed = HANDED.match(text)
    if handed:
        return Deed(handed["who"], "borrow", handed["what"], handed["rest"])
    words = text.split()[:24]
    end = _subject_end(words)
    at = _skip(words, end, _MODALS)
    if words[at : at + 3] == ["be", "able", "to"]:
        at += 3
    if not end or at >= len(words) or not _is_verb(words, end, at):
        return None
    start = _skip(words, at + 1, _PARTICLES)
    stop, sure = _object_end(words, start)
    if stop == start or not sure or start - at > 3:
        return None
    what = " ".join(words[start:stop])
    if lemma(words[at]) == "take" and not any(
        w in what.lower() for w in ("course", "class", "lesson", "exam")
    ):
        return Deed(" ".join(words[:end]), "use", what, " ".join(text.split()[stop:]))
    rest = " ".join(text.split()[stop:])
    located = any(w.lower() in _PARTICLES - {"up", "off", "out"} for w in words[at + 1 : start])
    return Deed(" ".join(words[:end]), lemma(words[at]), what, rest, located, able=at > end)


def _skip(words: list[str], at: int, these: frozenset[str]) -> int:
    while at < len(words) and words[at].lower() in these:
        at += 1
    return at


def _subject_end(words: list[str]) -> int:
    """How many words the subject has; 0 when there is none."""
    if not words or not words[0].replace("'", "").isalpha():
        return 0
    first = words[0].lower()
    if first in _PRONOUNS:
        return 1
    if first in _SINGULAR:
        for place in range(2, min(4, len(words))):
            low = words[place].lower()
            if words[place - 1].lower() in _STOPS:
                break
            is_third_person = low.endswith("s") and lemma(low) in KNOWN
            if (is_third_person and not is_plural(words[place - 1])) or low in _MODALS:
                return place
    for place, word in enumerate(words[:4]):
        low = word.lower()
        if low in _STOPS or not re.fullmatch(r"[\w'-]+", word):
            return 0
        if is_plural(low) and low not in _DETERMINERS:
            return 0 if low in ADJUNCTS else place + 1
    return 0


def _is_verb(words: list[str], end: int, at: int) -> bool:
    low = words[at].lower()
    if not (low.isalpha() and words[at].islower()) or low in _STOPS | _DETERMINERS | PARTICIPLES:
        return False
    if low in KNOWN or (low.endswith("s") and lemma(low) in KNOWN):
        return low.endswith("s") or not is_plural(low) or words[0].lower() in _SINGULAR
    if words[0].lower() in _PRONOUNS:
        return not is_plural(low) and not _NOUNISH.search(low) and at == end
    nouns = lexicon.KNOWN_NOUNS | lexicon.CONTAINERS | lexicon.PLACES | lexicon.ADJECTIVES
    return not (is_plural(low) or low in nouns or is_attribute(low) or _NOUNISH.search(low))


def _object_end(words: list[str], start: int) -> tuple[int, bool]:
    """Where the object ends, and whether it certainly is one: many things, or one with an article."""
    at = _skip(words, start, _DETERMINERS)
    sure = at > start
    begin = at
    while at < len(words) and at - begin < 4 and re.fullmatch(r"[\w'-]+,?", words[at]):
        if words[at].lower() in _STOPS:
            break
        at += 1
    if at == begin:
        return start, False
    return at, sure or is_plural(words[at - 1].rstrip(",")) or singular_word(words[at - 1]) in (
        lexicon.FIELDS_OF
    )
