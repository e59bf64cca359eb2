"""Noun phrases: 'each of our wine bottles in the cellar' is the noun 'wine bottle', many, each."""

import re
from dataclasses import dataclass

from stackwright.offline import lexicon
from stackwright.offline.verbs import NOT_NOUNS
from stackwright.offline.words import is_plural, singular, singular_word, word_set

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
