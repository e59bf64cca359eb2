"""Noun phrases: 'each of our wine bottles in the cellar' is the noun 'wine bottle', many, each."""

import itertools
import re
from dataclasses import dataclass

from stackwright.offline import lexicon
from stackwright.offline.verbs import ADJUNCTS, KNOWN, NOT_NOUNS, RECORDING, lemma
from stackwright.offline.words import UNCOUNTABLE, is_plural, singular, singular_word, word_set

_CUT = re.compile(
    r"\s+(?:i|we|they|you|he|she|who|whom|whose|that|which|where|when|while|so|because|using|including|like|such|without|as|if|is|are|was|were|be|been|can|could|should|must|will|already|still|currently|yet|too|etc)\b.*$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^(?:(?:\d+|one or more|zero or more|any number of|a number of|a lot of|lots of|a list of|lists of|a set of|a collection of|collections? of|all of|each of|some of|kinds of|(?:the |a )?(?:\w+ )?history of|types of|details of|records? of|information (?:about|on)|data (?:about|on)|the names? of)\s+)+",
    re.IGNORECASE,
)
_EACH = re.compile(r"^(?:for\s+)?(?:each|every|any|per)\b", re.IGNORECASE)
_SINGLE = re.compile(r"^(?:an?|one|the|exactly one|our|my|each|every|its|their)\b", re.IGNORECASE)


_BEFORE = frozenset(["and", "also", "then", "want", "wants", "need", "like", "would", "love"])


@dataclass(frozen=True)
class Noun:
    """A noun phrase without its small words. `single`: an article or 'each' says it is one."""

    phrase: str
    name: str
    many: bool
    each: bool
    single: bool
    bare: bool

    @property
    def head(self) -> str:
        return self.name.rsplit("_", 1)[-1]


_PREPOSITION = re.compile(
    r"[(<]|\s+(?:in|of|for|from|on|at|by|to|with|per|about|between|against|under|inside|into|through|during|within|without)\s+"
)
_AFTER = word_set("too etc each only so here there together please online now")


def read_noun(text: str) -> Noun | None:
    """The noun of a phrase that begins with it, or None."""
    text = text.strip(" ,.;:-\"'")
    each = bool(_EACH.match(text))
    single = bool(_SINGLE.match(text))
    words = _own_words(text)
    if not words or len(words) > 5:
        return None
    words = words[-3:]
    phrase = " ".join(words)
    name = singular(phrase)
    if not name or len(name) < 2 or name in lexicon.TECHNOLOGY:
        return None
    return Noun(
        phrase,
        name,
        is_plural(words[-1]) and singular_word(words[-1].lower()) != "status",
        each,
        single and not is_plural(words[-1]),
        not single,
    )


def _own_words(text: str) -> list[str]:
    """The words of the phrase itself: no determiners, possessors, or what follows the noun."""
    text = re.sub(r"^(?:for|of|with|in|on|about|by)\s+", "", text, flags=re.IGNORECASE)
    text = _PREPOSITION.split(_CUT.sub("", _COUNT.sub("", text)))[0]
    words = [w for w in re.findall(r"[^\W_][\w'-]*", text) if not w.isdigit()]
    possessed = [i for i, w in enumerate(words[:-1]) if w.endswith(("'s", "s'"))]
    words = words[possessed[-1] + 1 :] if possessed else words
    verb = next((i for i, w in enumerate(words) if w.lower() in NOT_NOUNS), len(words))
    words = words[:verb]
    while (words and words[0].lower() in lexicon.ADJECTIVES | _BEFORE) or (
        len(words) > 1 and words[0].lower() in ("i", "we")
    ):
        words = words[1:]
    while words and words[-1].lower() in _AFTER:
        words = words[:-1]
    return words


TELLING = word_set(
    "i me my mine we us our ours you your yours he him his she her hers it its they them their who whom whose which that this"
    " what where when why how is are was were be been being am do does did has have had having can could"
    " may might must shall should will would cannot not never no nobody nothing none nor or but if"
    " because while since until although unless than so then there here now again always often sometimes"
    " usually really very quite too just only even already still yet soon today yesterday tomorrow"
    " please thanks thank hello hi dear hey regards greetings cheers gave given went came come comes goes"
    " got get gets take kept wrote told said says want wants need needs love let lets happens happened asked"
    " know knows think thinks thought made takes took taken cried lost died forget forgets"
    " belong belongs thing things stuff something anything everything everybody somebody anyone someone everyone it's i'm we're i'd we'd"
    " i've we've don't doesn't didn't can't won't isn't aren't"
)
"""A phrase with one of these tells something: it is no name."""
NOT_IN_NAMES = TELLING | word_set(
    "a an the below above and also as both either neither each every all at by for from in into of on onto over per through to"
    " under with within without between about against during after before"
)
"""Nor is a kind called by what stands between names."""
_LEAD = re.compile(
    r"^(?:(?:each|every|all|any|some|several|many|multiple|various|different|certain|an?|the|our|my|their"
    r"|its|his|her|your|these|those|one|two|three|four|five|six|seven|eight|nine|ten|twelve|\d+|exactly one"
    r"|at least one|more|other|new|such|(?:an? )?(?:lists?|collections?|overview|set|couple|pair|lot|lots|kinds|types) of|an? number of|all of|each of|a few"
    r"|simple|separate|following|individual|own|also|both|even|then|plus)\s+)+",
    re.IGNORECASE,
)


def is_adverb(word: str) -> bool:
    """Whether a word says how: 'quickly'; 'family' and 'assembly' are things."""
    return word.endswith("ly") and word not in _NO_ADVERBS


_PREPOSITIONS = word_set("until till from to on by in at for of")
_NO_ADVERBS = word_set(
    "family assembly supply reply fly butterfly anomaly ally july bully jelly belly lily italy melody"
    " daily weekly monthly yearly quarterly hourly"
)


def tells(words: list[str]) -> bool:
    """Whether many do something: 'employees request vacation' is no name, 'sales order' is."""
    first = words[0]
    is_verb = first.endswith("s") and is_plural(first) and lemma(first) in KNOWN
    is_noun = first in ADJUNCTS | KNOWN or singular_word(first) in lexicon.FIELDS_OF
    if len(words) > 1 and is_verb and not is_noun and words[1] not in _PREPOSITIONS:
        return True
    return any(
        word in KNOWN and _are_many(before) and not (at == len(words) - 1 and word in _WRITTEN_IN)
        for at, (before, word) in enumerate(itertools.pairwise(words), 1)
    )


def _are_many(word: str) -> bool:
    """'doctor's' says whose something is, and 'people' are many."""
    if word in ADJUNCTS or "'" in word:
        return False
    return is_plural(word) if word.endswith("s") else word not in UNCOUNTABLE and is_plural(word)


_ACTS = re.compile(r"(?:the|an?|my|our|each|every) $", re.IGNORECASE)


def _does(words: list[str]) -> bool:
    """'the neighbour helps' tells what one does; 'the home visits' are things."""
    verb = words[-1]
    is_noun = singular_word(verb) in lexicon.KNOWN_NOUNS or verb in UNCOUNTABLE
    return (
        verb.endswith("s")
        and lemma(verb) in KNOWN - RECORDING
        and not is_noun
        and not is_plural(words[0])
    )


_WRITTEN_IN = word_set("register log record book")
"""Behind many things these are no verbs: 'customer complaints register'."""


def clean_noun(text: str) -> Noun | None:
    """The noun of a phrase that is nothing but a name with an article or a number: 'the wine bottles'."""
    text = text.strip(" ,.;:-\"'")
    lead = _LEAD.match(text + " ")
    rest = text[lead.end() :] if lead and lead.end() < len(text) else text
    words = rest.split()
    if not 0 < len(words) <= 4 or any(not _NAME_WORD.fullmatch(w) for w in words):
        return None
    while len(words) > 1 and words[0].endswith(("s'", "'s")):
        words.pop(0)
    low = [w.lower() for w in words]
    if lead and len(low) == 2 and _ACTS.match(lead[0]) and _does(low):
        return None
    told = low[1:] if low[0] == "lost" and low[1:2] and low[1] in _LOST else low
    if NOT_IN_NAMES & {*told} or low[-1] in NOT_NOUNS or is_adverb(low[-1]) or tells(low):
        return None
    phrase = " ".join(words)
    name = singular(phrase)
    if len(name) < 2 or name in lexicon.TECHNOLOGY:
        return None
    many = is_plural(low[-1]) and singular_word(low[-1]) != "status"
    if many and len(low) > 1 and low[-1] not in UNCOUNTABLE and _ONE.match(text):
        return None
    each = bool(_EACH.match(text))
    single = bool(_SINGLE.match(text)) and not many
    return Noun(phrase, name, many, each, single, not single)


_LOST = word_set("item items thing things object objects article articles belongings")
_ONE = re.compile(
    r"(?:an?|each|every)\s(?!(?:list|collection|set|number|lot|few|couple|pair)\b)", re.IGNORECASE
)


_NAME_WORD = re.compile(r"[^\W\d_][\w'&+-]*")
