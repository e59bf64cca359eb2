"""Clauses that name a kind of record on their way to the list of its fields.

'for every loan: borrower, date', 'At lambing I note the date and the ewe', 'We write down where each
sample is: rack, box', 'When there are sick plants we note the date'.
"""

from dataclasses import dataclass
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.heads import read_head, split_items
from stackwright.offline.naming import is_sure_field, lists_fields, lists_kinds, may_be_target
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.verbs import lemma
from stackwright.offline.words import is_plural, word_set

_PREPOSITIONS: Final = word_set("for per at of on with about after during")
_ALL: Final = word_set("each every any all")
_DEFINITE: Final = word_set("the a an")
_ARTICLES: Final = word_set("a an the our my this")
_WRITERS: Final = word_set("i we they you one people users staff it")
_RELATIVES: Final = word_set("that which who that's where we've i've")
_WRITES: Final = word_set(
    "note record write keep track log need want store save register enter measure hold know list put jot fill collect see remember have like include"
)
_FILLERS: Final = word_set(
    "also just only really always would to will must should can be able usually then down in up of"
)
_STOPS: Final = word_set(
    "is are was were has have gets get needs must can will to in on at with for from and or by"
)
_MAX_WORDS: Final = 60


@dataclass(frozen=True)
class Introduction:
    """`before` is what was said on the way; `kind` the records, and `fields` the list that follows."""

    before: str
    kind: Noun
    fields: str
    is_sure: bool
    """Said of each of them, so that they need not be known."""
    is_closed: bool = False
    """A colon opened the list: nothing is left to guess."""


def introduction_in(clause: str) -> Introduction | None:
    """The first place in a clause where a kind is named and the list of its fields begins."""
    words = clause.split(" ")
    low = [word.lower() for word in words[:_MAX_WORDS]]
    for at, word in enumerate(low):
        if word in _PREPOSITIONS and (found := _behind_preposition(words, low, at)):
            return found
        if (
            word == "there"
            and low[:1] == ["when"]
            and at < 2
            and (found := _when_there_are(words, low))
        ):
            return found
        if word in ("each", "every") and at and (found := _told_of_each(words, low, at)):
            return found
        if "(" in word or "<" in word:
            return None
    return None


def _behind_preposition(words: list[str], low: list[str], at: int) -> Introduction | None:
    noted = 0 < at < 4 and low[0] in _WRITERS and lemma(low[at - 1]) in _WRITES
    opens = (
        not at or noted or low[at - 1][-1:] in ",:;" or low[at - 1] in ("and", "so", "then", "but")
    )
    start = at + 1
    said = low[start] if start < len(low) else ""
    start += said in _ALL | _ARTICLES | {"one"}
    end = _end_of_noun(low, start)
    phrase = " ".join(words[at + 1 : end]).strip(",:")
    kind = clean_noun(phrase) if end > start else None
    if (
        kind is None
        or not (may_be_target(kind, "one") or (low[at] == "for" and said in _ALL))
        or kind.name in lexicon.USERS
        or kind.head == "time"
    ):
        return None
    behind = _end_of_relative(low, end)
    if behind is None:
        return None
    fields, is_colon = _listed(words, low, behind)
    if noted and said in _ALL and low[end : end + 1] and low[end] in _DEFINITE:
        fields = " ".join(words[end:])
    if opens and kind.many and low[at] == "for" and low[end : end + 1] and low[end] in _DEFINITE:
        fields = " ".join(words[end:])
    before = " ".join(words[:at]).strip(" ,:;")
    if not fields or (not opens and not (is_colon and _only_tells(before, said))):
        return None
    is_sure = said in _ALL
    if not is_sure and (lists_kinds(fields) or not _are_fields(fields) or (opens and is_colon)):
        return None
    return Introduction(before, kind, fields, is_sure or not said or is_colon, is_colon)


def _only_tells(before: str, said: str) -> bool:
    """'What we need to hold for a household: …' names nothing before it."""
    return before.lower().startswith("what ") or (
        said in _ALL and not is_plural(before.split()[-1]) and read_head(before) is None
    )


def _end_of_noun(low: list[str], start: int) -> int:
    for end in range(start, min(start + 4, len(low))):
        if (low[end] in _DEFINITE and end > start) or low[end] in _WRITERS | _RELATIVES | _STOPS:
            return end
        if low[end][-1:] in ",:":
            return end + 1
    return start


def _end_of_relative(low: list[str], end: int) -> int | None:
    """Behind 'that is brought in:'; None when nothing marks its end."""
    if end >= len(low) or low[end] not in _RELATIVES or low[end - 1][-1:] in ",:":
        return end
    return next((at + 1 for at in range(end, min(end + 9, len(low))) if low[at][-1:] in ",:"), None)


def _listed(words: list[str], low: list[str], at: int) -> tuple[str, bool]:
    """The list that begins here: behind a colon, or behind 'we write down'."""
    if at and low[at - 1].endswith(":") and (at >= len(low) or low[at] not in _WRITERS):
        return " ".join(words[at:]), True
    if at + 2 >= len(low) or low[at] not in _WRITERS:
        return "", False
    verb = next((i for i in range(at + 1, min(at + 6, len(low))) if low[i] not in _FILLERS), at + 1)
    if lemma(low[verb].rstrip(":")) not in _WRITES and low[verb].rstrip(":") not in _WRITES:
        more = next((i for i in range(verb + 1, min(verb + 8, len(low))) if low[i] in _WRITERS), 0)
        return _listed(words, low, more) if more else ("", False)
    verb += 1
    while verb < len(low) and low[verb] in _FILLERS | {
        "store",
        "record",
        "note",
        "know",
        "track",
        "keep",
        "have",
        "save",
        "write",
        "down:",
    }:
        verb += 1
    return " ".join(words[verb:]).lstrip(": "), False


def _are_fields(fields: str) -> bool:
    items = split_items(fields)
    return lists_fields(fields) and (
        len(items) > 2 or sum(map(is_sure_field, items)) * 2 >= len(items)
    )


def _when_there_are(words: list[str], low: list[str]) -> Introduction | None:
    """'When there are sick plants I note the date'."""
    start = next((i for i in (2, 3) if low[i - 1 : i] and low[i - 1] in ("are", "is")), 0)
    end = _end_of_noun(low, start) if start else 0
    kind = clean_noun(" ".join(words[start:end]).strip(",")) if end > start else None
    fields, is_colon = _listed(words, low, end) if kind else ("", False)
    return (
        Introduction("", kind, fields, True)
        if kind and fields and not is_colon and _are_fields(fields)
        else None
    )


def _told_of_each(words: list[str], low: list[str], at: int) -> Introduction | None:
    """'We note where every sample sits in the freezer: …' tells of samples."""
    colon = next((i for i, word in enumerate(low) if word.endswith(":")), 0)
    if colon <= at + 1 or low[at - 1] in _PREPOSITIONS:
        return None
    end = next((i for i in range(at + 1, min(at + 4, colon + 1)) if _tells(low[i])), colon + 1)
    kind = clean_noun(" ".join(words[at:end]).strip(":")) if end > at + 1 else None
    fields = " ".join(words[colon + 1 :])
    before = " ".join(words[: colon + 1]).strip(" :")
    if kind is None or not may_be_target(kind, "one") or not _are_fields(fields):
        return None
    return Introduction(before, kind, fields, True)


def _tells(word: str) -> bool:
    return word in _STOPS or (
        word.endswith("s") and lemma(word) + "s" == word and lemma(word) in _SITS
    )


_SITS: Final = word_set(
    "sit stand lie hang live go come stay belong do work look move happen grow run"
)
