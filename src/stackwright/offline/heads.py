"""Items of a list, and the noun that an item begins with: 'ascents of a route by a climber with …'."""

import re
from dataclasses import dataclass

from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.rows_of_names import names_in_row
from stackwright.offline.verbs import PARTICIPLES

CONNECTOR = re.compile(
    r"\s*\b(?:(?:that|which|who|each|they|it|and|also)\s+)*(?:(?:should|must|will|can|could|may|shall|would)\s+(?:each\s+|also\s+)?)?"
    r"(?:have|has|having|compris(?:es?|ing)(?: the following:)?|contains?|containing|includ(?:es?|ing)|consists? of|consisting of|composed of"
    r"|made up of|needs?|carr(?:y|ies)|comes? with|gets? (?=(?:an?|one|several|many) )|described by|featuring|(?:records|stores)(?= (?:which|who|what|when|how|whether|the)\b)|(?<=they )(?:leave|give|provide|enter) (?=(?:their|an?|the) ))\b(?!\s+(?:by|to|been)\b)(?: the following)?:?"
    r"|\s*\bwith(?! (?:an? )?(?:one |two |three |\d )?(?:decimals?|cents)\b)(?: the| their| its| a few| these| following)*\b|\s*(?<!\d):(?!\d)|\s-\s",
    re.IGNORECASE,
)
"""What stands between a kind and the list of its fields."""
LINK = re.compile(
    r"\b(?:(?:that|which|who|and|is|are|was|were|can|should|must|may|be|being)\s+)*"
    r"(?:belong(?:s|ing)? to|refers? to|references?(?= \w)|points? to|concerns?(?= an?| one)|affects?(?= an?| one)|takes? (?=(?:exactly )?one [a-z])|part of|filed under|stored in|kept in|located in|held (?:in|at)"
    r"|(?:is|are|be) (?:in|for|on|at|with|about|by)|[a-z]+s? (?:in|on|at|with) (?=(?:exactly )?one [a-z])|(?:stands?|hangs?|lies|sits?|grows?|takes? place) (?:in|on|at)|(?:works?|lives?|plays?) (?:on|in|for|at|with)"
    r"|grouped (?:by|into|in)|(?:sorted|organi[sz]ed|split) (?:by|into|in)|lent to|given to|sent to|sold to|(?:made|held|taken|given|bought|sold|found|kept|sent|paid|written|seen|done|won|led|run|taught) (?:in|at|by|for|to|on|from|with)"
    rf"|(?:{'|'.join(sorted(PARTICIPLES))}) by"
    r"|(?!(?:speed|seed|breed|feed|need|weed|bed|shed|reed|deed)\b)[a-z]+ed (?:out |over |up )?(?:by|to|with|for|at|in|on|from|under|into))\b",
    re.IGNORECASE,
)  # fmt: skip
PREP = re.compile(
    r"\b(by|for|on|of|in|from|to|about|per|at|under|against|between|through|across|into|within|inside|during)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:and also\b|and\b|or\b)?|\band also\b|\band\b|\+)\s*", re.IGNORECASE)  # fmt: skip
_SEMICOLON = re.compile(r"\s*;\s*")
_LISTED = re.compile(
    r"^(?:an? |one |the |some |our |my |their )?(?:\w+ )?(?:lists?|tables?|collections?|overviews?|sets?|records?|logs?|history|details|information|data|catalogs?|catalogues?|registers?) (?:of|on|about|for) (?=\w)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\s+(?:that|which|who|whom|where|when|i|I|we|they|you)\s+(?!(?:has|have|with)\b).*$"
)
_SHOULD = re.compile(r" (?:i|we|they|you) (?!should\b|must\b)[^,;]{3,80} (?:should|must|ought to|need to) (?:be )?[a-z]+| (?:that|which|who) (?:is|are|was|were|has|have)\b[^,;]{2,60} (?:should|must|can|may|will) [a-z]+", re.IGNORECASE)  # fmt: skip
"""'Patients I have not seen for 14 days should be listed' is a sentence about them, and no name."""


@dataclass(frozen=True)
class Head:
    """A noun and what it stands in relation to: (preposition, phrase, noun)."""

    noun: Noun
    relations: tuple[tuple[str, str, Noun], ...] = ()


def mask(text: str) -> str:
    """The text with brackets and choices blanked, as long as before."""
    out: list[str] = []
    depth = 0
    for char in text:
        depth += char in "(<"
        out.append("\x00" if depth else char)
        depth -= char in ")>" and depth > 0
    return "".join(out)


def split_items(text: str, *, semicolons: bool = False) -> list[str]:
    """The items of a list; brackets and choices are not split. With `semicolons` only at those."""
    return [item for _, item in listed_items(text, semicolons=semicolons)]


def listed_items(text: str, *, semicolons: bool = False) -> list[tuple[bool, str]]:
    """The items of a list, and whether an "and" before it says that one is the last."""
    hidden = mask(text)
    items: list[tuple[bool, str]] = []
    start, last = 0, False
    for found in (_SEMICOLON if semicolons else _SEPARATOR).finditer(hidden):
        items.append((last, text[start : found.start()].strip()))
        start, last = found.end(), "and" in found[0].lower()
    items.append((last, text[start:].strip()))
    return [
        (is_last, name)
        for is_last, item in items
        for name in (names_in_row(item) or [item])
        if name
    ]


def without_relative(text: str) -> str:
    """'wines I tasted at the fair' without what is told of the wines."""
    return _RELATIVE.sub("", text)


def read_head(text: str) -> Head | None:
    """The noun of a phrase that is a name and its relations, and nothing else."""
    if _SHOULD.search(text):
        return None
    text = without_relative(_LISTED.sub("", text.strip(" ,.;:")))
    found = [m for m in PREP.finditer(mask(text)) if m.start() > 0]
    noun = clean_noun(text[: found[0].start()] if found else text)
    if noun is None:
        return None
    relations: list[tuple[str, str, Noun]] = []
    for place, prep in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        phrase = text[prep.end() : end].strip()
        target = clean_noun(phrase)
        if target is None:
            return None
        relations.append((prep[1].lower(), phrase, target))
    return Head(noun, tuple(relations))
