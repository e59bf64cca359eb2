"""Groups of words in a list, and the words that connect what stands left and right of them."""

import re

from stackwright.offline.fields import read_field
from stackwright.offline.nouns import Noun, read_noun
from stackwright.offline.verbs import PARTICIPLES

_SEPARATOR = re.compile(
    r"\s*(,\s*and also\b|,\s*and\b|,\s*or\b|,|;|\band\b|\bor\b|\+)\s*", re.IGNORECASE
)


FINITE = re.compile(
    r"\b(?:(?:that|which|who|each|they|it|and|also)\s+)*(?:(?:should|must|will|can|could|may|shall|would)\s+(?:each\s+|also\s+)?)?"
    r"(?:have|has|having|contains?|containing|includ(?:es?|ing)|consists? of|consisting of|composed of"
    r"|made up of|needs?|carr(?:y|ies)|comes? with|gets?|owns?|described by|featuring|offers?)\b(?!\s+(?:by|to)\b)",
    re.IGNORECASE,
)


WITH = re.compile(
    r"\bwith(?: the| their| its| a few| these| following)*\b|(?<!\d):(?!\d)|\s-\s", re.IGNORECASE
)


LINK = re.compile(
    r"\b(?:(?:that|which|who|and|is|are|was|were|can|should|must|may|be|being)\s+)*"
    r"(?:belong(?:s|ing)? to|refers? to|references?|points? to|part of|filed under|stored in|kept in|located in|held (?:in|at)"
    r"|grouped (?:by|into|in)|(?:sorted|organi[sz]ed|split) (?:by|into|in)|taught by|led by|run by|written by|lent to|given to|sent to|sold to|made by|done by|won by|(?:made|held|taken|given|bought|sold|found|kept|sent|paid|written|seen) (?:in|at|by|for|to|on|from|with)"
    rf"|(?:{'|'.join(sorted(PARTICIPLES))}) by"
    r"|(?!(?:speed|seed|breed|feed|need|weed|bed|shed|reed|deed)\b)[a-z]+ed (?:by|to|with|for|at|in|on|from|under|into))\b",
    re.IGNORECASE,
)  # fmt: skip


PREP = re.compile(
    r"\b(by|for|on|of|in|from|to|about|per|at|under|against|between|through|across|into|within|inside|during)\b",
    re.IGNORECASE,
)


def split_groups(text: str) -> list[tuple[str, str]]:
    """Groups with the separator before each ("", ",", "and", ", and" …); parentheses and choice tokens are not split."""
    hidden = _mask(text)
    groups: list[tuple[str, str]] = []
    start, separator = 0, ""
    for found in _SEPARATOR.finditer(hidden):
        groups.append((separator, text[start : found.start()].strip()))
        separator, start = found.group(1).lower(), found.end()
    groups.append((separator, text[start:].strip()))
    return [(s, g) for s, g in groups if g]


def read_sure(phrase: str) -> bool:
    """Whether a phrase certainly names a field."""
    draft = read_field(phrase)
    return draft is not None and draft.sure


def _mask(text: str) -> str:
    out: list[str] = []
    depth = 0
    for char in text:
        depth += char in "(<"
        out.append("\x00" if depth else char)
        depth -= char in ")>" and depth > 0
    return "".join(out)


def mask_find(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(_mask(text))


def first_connector(group: str) -> re.Match[str] | None:
    found = [m for p in (FINITE, WITH, LINK) if (m := mask_find(p, group))]
    return min(found, key=lambda m: (m.start(), -m.end()), default=None)


def before_with(head: str) -> str:
    """The noun right before a parenthesis: 'bookings for rooms (…)' means the bookings."""
    cut = first_connector(head)
    text = head[cut.end() :] if cut else head
    prep = relation(text)
    return text[: prep.start()] if prep and text[: prep.start()].strip() else text


def relation(group: str) -> re.Match[str] | None:
    for found in PREP.finditer(_mask(group)):
        if found.start() > 0:
            return found
    return None


def target_and_rest(right: str) -> tuple[Noun | None, str]:
    found = first_connector(right)
    head = right[: found.start()] if found else right
    prep = relation(head)
    target = read_noun(head[: prep.start()] if prep else head)
    return target, right[found.start() :] if found and found.start() > 0 else ""
