"""What a phrase says about one field: its name, its type, and whether it must be filled in."""

import re
from typing import Final

from stackwright.offline import lexicon, units
from stackwright.offline.draft import FieldDraft
from stackwright.offline.field_types import (
    BINDS,
    COUNTS,
    QUESTION_WORDS,
    infer,
    is_attribute,
    kind_of_head,
)
from stackwright.offline.nouns import TELLING, is_adverb, tells
from stackwright.offline.verbs import ADJUNCTS, PARTICIPLES
from stackwright.offline.words import ascii_words, is_plural, singular_word, snake, word_set
from stackwright.scaffold.spec import FieldType

_ENUMERATION = re.compile(r"<([^<>]*)>")
_OPTIONAL = re.compile(
    r"\b(?:an? )?optional(?:ly)?\b|\bnot required\b|\bif (?:any|known|available|there is one)\b|\?$",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"\b(?:required|mandatory|compulsory|obligatory|must(?: have| be (?:given|filled in|set))?|always)\b|\*$",
    re.IGNORECASE,
)
_DETERMINERS = re.compile(
    r"^(?:(?:a certain|certain|a given|an?|the|its|their|his|her|my|our|your|some|any|also|each|every|of|with|plus|then|maybe"
    r"|perhaps|possibly|even|has|have|one|exactly|at least|unique|with|as well as|both"
    r"|no|their|add|including|which|it|that|many|several|multiple)\s+)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s+(?:too|as well|each|etc\.?|and so on|respectively|per (?:item|record|entry)|for (?:it|them|each)|of (?:it|them|each)|(?:at|on|in|during|after|before|for) (?:each|every) [a-z]+|about it|about them|field|fields)$",
    re.IGNORECASE,
)
_TYPE_WORDS: Final[dict[str, FieldType]] = {
    "text": "text", "long text": "text", "multiline": "text", "markdown": "text", "string": "string",
    "short text": "string", "number": "number", "decimal": "number", "float": "number",
    "integer": "integer", "whole number": "integer", "int": "integer", "boolean": "boolean",
    "bool": "boolean", "yes/no": "boolean", "yes or no": "boolean", "true/false": "boolean",
    "checkbox": "boolean", "flag": "boolean", "tickbox": "boolean", "date": "date", "datetime": "datetime",
    "date-time": "datetime", "time": "time", "email": "email", "url": "url", "link": "url",
    "phone": "phone", "money": "money", "currency": "money", "tags": "tags", "list of tags": "tags",
    "year": "integer", "yes|no": "boolean", "true|false": "boolean", "y|n": "boolean",
}  # fmt: skip

_AS_TYPE = re.compile(r"\s+(?:as|is|being)\s+(?:an?\s+)?([a-z /-]+)$", re.IGNORECASE)


_ENDS: Final = "arrival|departure|start|end|begin|pick-?up|drop-?off|check-?in|check-?out|start date|end date|arrival date|departure date"


def is_field_name(phrase: str, *, asked: bool = False) -> bool:
    """Whether a phrase can be the name of a field: no sentence, and no verb that tells something.

    `asked`: choices, a unit or brackets stand beside it, so that even 'can swim' is a name."""
    text, _ = _requirement(phrase.strip(" ,.;:-"))
    if _EVERY_DAY.match(text) or _IS_TOLD.search(text):
        return False
    text = _DETERMINERS.sub("", _DECIMALS.sub("", units.take(text)[0]).strip() + " ").strip()
    words = re.findall(r"[^\W_][\w'/.&+-]*", text.lower())
    if not words or len(words) > (6 if asked else 5) or not words[0][0].isalpha():
        return False
    if (len(words) > 1 and words[-1] in _NO_ENDS) or _MANY & {*words[1:]}:
        return False
    if words[0] in QUESTION_WORDS:
        return len(words) < 6
    if len(words) > 1 and words[-1] in QUESTION_WORDS | {"needs"}:
        words.pop()
    if 1 < len(words) < 4 and words[0] in _PAST and words[-1] in BINDS:
        return True
    if ("from" in words[1:] and "to" in words[2:]) or _tells_of_many(words):
        return False
    if asked and len(words) > 1 and words[0] in ("can", "may", "must"):
        return True
    telling = TELLING - _SPAN_WORDS - (_MODALS if asked else frozenset())
    if telling & {*words} or tells(words) or (is_adverb(words[-1]) and len(words) > 1):
        return False
    articles = [place for place, word in enumerate(words) if place and word in ("a", "an", "the")]
    return all(words[place - 1] in BINDS for place in articles)


def _tells_of_many(words: list[str]) -> bool:
    """'invoices bundle work' tells what they do; 'parents phone number' is a name."""
    if "per" in words[1:]:
        counted = words[words.index("per", 1) - 1]
        known = is_attribute(counted) or counted in COUNTS or units.measured_in(counted)
        if is_plural(counted) and not known:
            return True  # 'unpaid lessons per student' asks for a figure
    if (
        len(words) < 3
        or words[0] in ADJUNCTS | COUNTS
        or "'" in words[0]
        or not is_plural(words[0])
    ):
        return False
    nouns = lexicon.KNOWN_NOUNS | lexicon.ADJECTIVES | BINDS | PARTICIPLES | _SPAN_WORDS
    return not (words[1] in nouns or words[1].endswith("ed") or is_attribute(words[1]))


_IS_TOLD = re.compile(
    rf"^(?:we|i|they|you) (?!(?:have|own|need|know|use)\b)[a-z]+ [a-z]+ly$|^(?:meet|come|train|play|gather|work)s? (?:daily|weekly|monthly|yearly)$| = |^(?:an?|the|each|every) [a-z]+ (?:plays|works|lives|goes|comes|sells|buys|makes|pays|gets|takes|brings) |^(?:the )?most [a-z]+ |^[a-z]+(?: [a-z]+)? (?:after|before) (?:the )?(?:{_ENDS})$",
    re.IGNORECASE,
)
"""'We meet monthly', 'total = nights x price', 'a team plays home', 'departure after arrival'."""
_EVERY_DAY = re.compile(r"(?:and )?(?:every|each) (?:day|week|month|year|morning|evening|night)\b", re.IGNORECASE)  # fmt: skip
_MANY = word_set("several many various multiple")
_NO_ENDS = word_set("first only too")
_ENDS_OF_SPANS = word_set("from to until till start end")
_PAST = word_set("died came went left gave got")
"""'died on' names a day, as 'born on' does."""

_SPAN_WORDS = word_set("until since made taken kept lost given")
_MODALS = word_set(
    "can may would has have had is are was be been should need needs will do does took or kept i we us me again"
)


def is_hint(inside: str) -> bool:
    """Whether what stands in brackets says of which type or in which limits a field is."""
    text = inside.strip().lower()
    typed = text in _TYPE_WORDS or bool(_DECIMALS.search(f"x {text}"))
    return typed or units.take(f"x ({text})")[1] is not None or text in _REQUIREMENTS


_REQUIREMENTS = word_set("required optional mandatory unique")


def read_field(phrase: str, owner: str = "") -> FieldDraft | None:
    """The field a phrase describes, or None when no name is left in it."""
    text, required = _requirement(phrase.strip().strip(".;:-\"'").strip())
    text, choices = _choices(text)
    text, decimal = _decimals(text)
    text, kind = _declared_type(text)
    kind = kind or decimal
    text, measure = units.take(text)
    if measure and measure.unit is None:
        text, of_unit = units.take(text)
        measure = units.in_unit(measure, of_unit)
    text = _TRAILING.sub("", _DETERMINERS.sub("", text.strip())).strip(" ,.;:-()")
    name = text.lower() if text.lower() in _ENDS_OF_SPANS else _name(text)
    if not name:
        return None
    draft = infer(name, owner)
    draft.required = required
    if phrase.rstrip(" )").endswith("?") and not draft.sure and not choices:
        draft.type, draft.sure, draft.required = "boolean", True, None
    if not text.isascii():
        draft.label = (text[:1].upper() + text[1:])[:80]
    if choices and tuple(c.lower() for c in choices) in (
        ("yes", "no"),
        ("true", "false"),
        ("y", "n"),
    ):
        draft.type, draft.sure, draft.choices = "boolean", True, ()
    elif choices:
        draft.type, draft.sure, draft.choices, draft.unit = "enum", True, choices, None
        draft.minimum = draft.maximum = None
    elif measure and measure.type in ("money", "number"):
        measure.apply(draft)
    elif kind and not (decimal and draft.type == "money" and not name.endswith("value")):
        draft.type, draft.sure, draft.choices = kind, True, ()
    elif measure:
        measure.apply(draft)
    return draft


def _requirement(text: str) -> tuple[str, bool | None]:
    if _OPTIONAL.search(text):
        return _clean(_OPTIONAL.sub(" ", text)), False
    if _REQUIRED.search(text) and len(text.split()) > 1:
        return _clean(_REQUIRED.sub(" ", text)), True
    return text, None


def _clean(text: str) -> str:
    text = re.sub(r"\(\s*\)", " ", text)
    text = re.sub(r"\b(?:is|are)\s*$", "", re.sub(r"\s+", " ", text).strip())
    return re.sub(r"^(?:a|an)\s+", "", text.strip(" ,"))


def _choices(text: str) -> tuple[str, tuple[str, ...]]:
    found = _ENUMERATION.search(text)
    if found is None:
        return text, ()
    listed = dict.fromkeys(c.strip(" \"'.()")[:60] for c in found.group(1).split("|"))
    unique = {c.lower(): c for c in reversed(listed) if c}
    choices = tuple(c for c in listed if unique.get(c.lower()) == c)
    rest = (text[: found.start()] + " " + text[found.end() :]).replace("()", " ")
    return _clean(rest), choices if len(choices) > 1 else ()


def _declared_type(text: str) -> tuple[str, FieldType | None]:
    for pattern in (re.compile(r"\s*\(([^()]*)\)\s*$"), re.compile(r"\s*:\s*([^:]+)$"), _AS_TYPE):
        found = pattern.search(text)
        if found and (kind := _TYPE_WORDS.get(found.group(1).strip().lower())):
            return text[: found.start()], kind
    return text, None


_DECIMALS = re.compile(
    r"\s*,?\s*\(?\b(?:with |up to |as )?(?:an? )?(?:(?:\d|one|two|three) )?(?:decimals?(?: places?| number)?|cents|decimal)\b\)?",
    re.IGNORECASE,
)


def _decimals(text: str) -> tuple[str, FieldType | None]:
    """'weight (two decimals)' is a number with a fraction."""
    found = _DECIMALS.search(text)
    if found is None or found.start() == 0:
        return text, None
    rest = (
        f"{text[: found.start()]}{')' if '(' in text[: found.start()] else ''}{text[found.end() :]}"
    )
    return re.sub(r"\(\s*\)|\)\)$", lambda m: ")" if m[0] == "))" else "", rest), "number"


def _name(text: str) -> str:
    words = ascii_words(re.sub(r"\([^()]*\)?", " ", text))
    words = words[:6]
    ranged = len(words) == 2 and words[1] == "to"
    keeps = words and (
        ranged
        or words[0] in QUESTION_WORDS | COUNTS | PARTICIPLES | _PAST | {"born"}
        or words[0].endswith("ed")
        or (len(words) == 2 and units.measured_in(words[0]) is not None)
    )
    while words and words[-1] in _LOOSE_ENDS and not keeps:
        words.pop()
    if (
        words
        and words[-1] not in ("notes", "details", "instructions", "tags")
        and "_".join(words) not in lexicon.TAG_HEADS
        and words[-1] not in lexicon.TAG_HEADS
        and len(words) <= 3
        and "of" not in words
        and words[-1] not in _KEPT_MANY | COUNTS
    ):
        one = singular_word(words[-1])
        if one not in lexicon.COUNTED and (kind_of_head(one) or one in lexicon.ENUMS):
            words[-1] = one
    name = snake(" ".join(words))
    return _SAME.get(name, name)


_KEPT_MANY = word_set("coordinates words")
_LOOSE_ENDS = word_set("of the a an and in for to is with or")
_SAME = {"id": "", "note": "notes", "detail": "details", "e_mail": "email", "emails": "email"}
