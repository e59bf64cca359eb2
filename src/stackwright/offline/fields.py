"""What a phrase says about one field: its name, its type, and whether it must be filled in."""

import re
from typing import Final

from stackwright.offline import lexicon, units
from stackwright.offline.draft import FieldDraft
from stackwright.offline.nouns import TELLING, is_adverb, tells
from stackwright.offline.verbs import ADJUNCTS, EVENTS, PARTICIPLES
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
    r"^(?:(?:an?|the|its|their|his|her|my|our|your|some|any|also|each|every|of|with|plus|then|maybe"
    r"|perhaps|possibly|even|has|have|one|exactly|at least|unique|with|as well as|both"
    r"|no|their|add|including|which|it|that|many|several|multiple)\s+)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s+(?:too|as well|each|etc\.?|and so on|respectively|per (?:item|record|entry)|for (?:it|them|each)|of (?:it|them|each)|about it|about them|field|fields)$",
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
_LAST_DONE = re.compile(
    r"^(?:last|next|first|previous|date)_\w+|_(?:since|until|by_date)$|^(?:since|until)$"
)
_BINDS = frozenset(["of", "per", "at", "for", "in", "by", "from", "to", "on"])
_PARTICIPLE = re.compile(r"^(?:is|was|has|can|are|have|should|needs|has_been|to_be)_(?!number)\w+$")


def is_field_name(phrase: str, *, asked: bool = False) -> bool:
    """Whether a phrase can be the name of a field: no sentence, and no verb that tells something.

    `asked`: choices, a unit or brackets stand beside it, so that even 'can swim' is a name."""
    text, _ = _requirement(phrase.strip(" ,.;:-"))
    if _EVERY_DAY.match(text):
        return False
    text = _DETERMINERS.sub("", _DECIMALS.sub("", units.take(text)[0]).strip() + " ").strip()
    words = re.findall(r"[^\W_][\w'/.&+-]*", text.lower())
    if not words or len(words) > (6 if asked else 5) or not words[0][0].isalpha():
        return False
    if len(words) > 1 and words[-1] in _NO_ENDS:
        return False
    if words[0] in _QUESTION_WORDS:
        return len(words) < 6
    if len(words) > 1 and words[-1] in _QUESTION_WORDS | {"needs"}:
        words.pop()
    if 1 < len(words) < 4 and words[0] in _PAST and words[-1] in _BINDS:
        return True
    if ("from" in words[1:] and "to" in words[2:]) or _tells_of_many(words):
        return False
    telling = TELLING - _SPAN_WORDS - (_MODALS if asked else frozenset())
    if telling & {*words} or tells(words) or (is_adverb(words[-1]) and len(words) > 1):
        return False
    articles = [place for place, word in enumerate(words) if place and word in ("a", "an", "the")]
    return all(words[place - 1] in _BINDS for place in articles)


def _tells_of_many(words: list[str]) -> bool:
    """'invoices bundle work' tells what they do; 'parents phone number' is a name."""
    if len(words) < 3 or words[0] in ADJUNCTS | _COUNTS or not is_plural(words[0]):
        return False
    nouns = lexicon.KNOWN_NOUNS | lexicon.ADJECTIVES | _BINDS | PARTICIPLES | _SPAN_WORDS
    return not (words[1] in nouns or words[1].endswith("ed") or is_attribute(words[1]))


_EVERY_DAY = re.compile(r"(?:and )?(?:every|each) (?:day|week|month|year|morning|evening|night)\b", re.IGNORECASE)  # fmt: skip
_NO_ENDS = word_set("first only too")
_ENDS_OF_SPANS = word_set("from to until till start end")
_PAST = word_set("died came went left gave got")
"""'died on' names a day, as 'born on' does."""
_QUESTION_WORDS = word_set("who whom whose what which where when how why")
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
        or words[0] in _QUESTION_WORDS | _COUNTS | PARTICIPLES | _PAST | {"born"}
        or words[0].endswith("ed")
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
        and words[-1] not in _KEPT_MANY | _COUNTS
    ):
        one = singular_word(words[-1])
        if one not in lexicon.COUNTED and (_head_kind(one) or one in lexicon.ENUMS):
            words[-1] = one
    name = snake(" ".join(words))
    return _SAME.get(name, name)


def infer(name: str, owner: str = "") -> FieldDraft:
    """The type that the words of a snake_case field name suggest; `sure` when they suggest one."""
    words = name.split("_")
    head = singular_word(words[-1])
    if words[-1] in _COUNTS or (words[0] in _COUNTS and len(words) > 1):
        return FieldDraft(name, "integer", True, minimum=0)
    if unit := units.counted_in(name):
        return FieldDraft(name, "number", True, unit=unit, minimum=0)
    made = _infer_measure(name, words) or _infer_phrase(name, words) or _infer_shape(name, words)
    if made:
        return made
    kind = _head_kind(head) or _head_kind(words[-1])
    if (owner == "ingredient" and name == "amount") or (
        name == "value" and owner.endswith(_MEASURED)
    ):
        kind = "number"
    if (head == "position" and owner in lexicon.PARTS | {"card"}) or name in (
        "party_size",
        "group_size",
        "team_size",
    ):
        kind = "integer"
    if head == "hour" and len(words) < 3:
        kind = "number"
    inner = next(
        (
            i
            for i, w in enumerate(words)
            if i and w in _BINDS and (w == "per" or singular_word(words[i - 1]) == words[i - 1])
        ),
        None,
    )
    if inner is not None and (kind in (None, "string") or words[inner] in ("per", "of")):
        before = _head_kind(singular_word(words[inner - 1]))
        head, kind = (singular_word(words[inner - 1]), before) if before else (head, kind)
    if words[0] in ("price", "cost", "amount", "value") and (
        head.endswith("ed") or head in ("paid", "spent", "due", "owed", "today", "now")
    ):
        kind = "money"
    if words[0] in ("date", "year") and len(words) > 1:
        kind = (
            "date"
            if words[0] == "date"
            else kind or ("integer" if head.endswith("ed") or head in PARTICIPLES else None)
        )
    draft = FieldDraft(name, kind or "string", sure=kind is not None)
    return _with_habits(draft, head, owner)


_ON_A_DAY = frozenset(EVENTS.values())
"""Such records are of one day; a lesson's day may be Monday."""
_BELOW_ZERO = word_set("temperature latitude longitude gain loss floor balance altitude level")


def _with_habits(draft: FieldDraft, head: str, owner: str) -> FieldDraft:
    if draft.name == "day" and owner in _ON_A_DAY:
        draft.type, draft.sure = "date", True
    if draft.type in ("integer", "number"):
        draft.unit = lexicon.NUMBER_UNITS.get(head)
        if head not in _BELOW_ZERO:
            draft.minimum = 0
    if head == "rating" and draft.type == "integer" and owner not in lexicon.PARTIES:
        draft.minimum, draft.maximum = 1, 5
    if draft.type == "money":
        draft.minimum = None
    choices = lexicon.ENUMS.get(draft.name) or lexicon.ENUMS.get(head)
    if choices and (head in lexicon.ENUMS):
        draft.type, draft.sure = "enum", True
        draft.choices = lexicon.STATUS_OF.get(owner, choices) if head == "status" else choices
        draft.default = draft.choices[0] if head in ("status", "stage") else None
    return draft


def _infer_measure(name: str, words: list[str]) -> FieldDraft | None:
    """'hours worked', 'pages read': so many of a unit."""
    is_done = len(words) == 2 and (words[1].endswith("ed") or words[1] in _READ | PARTICIPLES)
    if is_done and words[1] in _COUNTED and words[0].endswith("s"):
        return FieldDraft(name, "integer", True, minimum=0)
    is_named = len(words) == 2 and words[1].endswith(("metres", "meters", "litres", "liters"))
    unit = units.measured_in(words[0]) if is_done else None
    unit = units.measured_in(words[1]) if is_named else unit
    if name in _RATES or name.endswith("_sum"):
        return FieldDraft(name, "money", True)
    return FieldDraft(name, unit[0], True, unit=unit[1], minimum=0) if unit else None


_RATES = word_set("rate_per_hour rate_per_day hourly_rate daily_rate day_rate")
_READ = word_set("left read won")
_COUNTED = word_set("counted planted picked sold scored won lost conceded made missed")
"""'tickets sold', 'goals scored'."""


def _infer_phrase(name: str, words: list[str]) -> FieldDraft | None:
    if name in ("quantity_number", "value_number"):
        return FieldDraft(words[0], "number", True, minimum=0)
    head = words[-1]
    if name.endswith("_number_of") or name.startswith(
        ("number_of_", "count_of_", "amount_of_people")
    ):
        return FieldDraft(name, "integer", True, minimum=0)
    if head == "number" and len(words) > 1:
        phone = words[-2] in lexicon.PHONE_HEADS or words[-2] == "contact"
        return FieldDraft(name, "phone" if phone else "string", True)
    if name == "start_datetime":
        return FieldDraft("starts_at", "datetime", True)
    if (
        words[0] in ("min", "max", "minimum", "maximum")
        and len(words) > 1
        and _head_kind(head) in (None, "string", "integer")
    ):
        return FieldDraft(name, "integer", True, minimum=0)
    if "email" in words or "e_mail" in name or name in lexicon.EMAIL_HEADS:
        return FieldDraft(name, "email", True)
    if name in lexicon.BOOLEANS or _PARTICIPLE.match(name):
        short = re.sub(r"^(?:is|was|are|has_been|to_be)_", "", name)
        return FieldDraft(short if short[:1].isalpha() else name, "boolean", True)
    is_note = words[0] in ("notes", "remarks")
    if name in lexicon.TAG_HEADS or (head in lexicon.TAG_HEADS and not is_note):
        return FieldDraft(name, "tags", True)
    return None


_KEPT_MANY = word_set("coordinates words")
_COUNTS = word_set(
    "frames units words boxes beds rooms bottles pieces copies adults children goals tries times places"
)
"""Of these a field that is called so holds how many."""
_SPENT = word_set(
    "prep preparation cooking cook baking total travel waiting playing running brewing"
)
_NOT_DONE = word_set("mitglied deceased seed breed feed speed weed need")
_LOOSE_ENDS = word_set("of the a an and in for to is with or")
_SAME = {"id": "", "note": "notes", "detail": "details", "e_mail": "email", "emails": "email"}


_TYPES_OF_NAMES: Final[dict[str, FieldType]] = {
    "from": "date", "to": "date", "until": "date", "till": "date",
    "start": "date", "end": "date", "begin": "date", "best_before": "date", "use_by": "date",
    "sold_for": "money", "bought_for": "money", "paid_for": "money", "seat": "string",
}  # fmt: skip


def _infer_shape(name: str, words: list[str]) -> FieldDraft | None:
    """By how a name is built: 'bought on' is a day, 'checked in' a yes or no."""
    head, several = words[-1], len(words) > 1
    if head == "time" and several and words[-2] in _SPENT and words[0] not in _QUESTION_WORDS:
        return FieldDraft(name, "integer", True, unit="min", minimum=0)
    shapes: tuple[tuple[bool, FieldType], ...] = (
        (len(words) > 2 and words[0] in ("notes", "remarks"), "text"),
        (several and words[0] == "points", "integer"),
        (several and words[0] in _QUESTION_WORDS, "string"),
        (f"_{name}".startswith("_date_") and "time" in words, "datetime"),
        (name.endswith("_date_time") or (several and head in ("at", "datetime")), "datetime"),
        (several and head == "point", "string"),
        (_is_day(name, words), "date"),
        (head == "time", "time"),
        (name in _DONE, "boolean"),
        (several and words[0] == "on" and head == "loan", "boolean"),
        (
            not several and head.endswith("ed") and len(head) > 4 and head not in _NOT_DONE,
            "boolean",
        ),
    )
    fitting: list[FieldType] = [shape for fits, shape in shapes if fits]
    if name in _TYPES_OF_NAMES:
        return FieldDraft(name, _TYPES_OF_NAMES[name], True)
    is_asked = several and words[0] in _QUESTION_WORDS
    return FieldDraft(name, fitting[0], not is_asked) if fitting else None


def _is_day(name: str, words: list[str]) -> bool:
    head = words[-1]
    if len(words) == 2 and head == "day" and words[0] in _ENDS_OF_STAYS:
        return True
    if len(words) == 2 and head == "night" and words[0] in ("opening", "closing", "first", "last"):
        return True
    if len(words) > 1 and (
        head == "on" or (words[0] == "day" and (head in PARTICIPLES or head.endswith("ed")))
    ):
        return True
    if 1 < len(words) < 4 and head in ("until", "since", "start", "end"):
        return True
    if head == "from" and words[0] in _LASTING:
        return True
    is_last = _LAST_DONE.search(name) is not None and len(words) < 4
    return is_last and _head_kind(head) is None and head not in _NOT_DAYS


_MEASURED = ("reading", "measurement", "sample", "result")
"""What such records hold is measured, and no money."""
_ENDS_OF_STAYS = word_set("arrival departure start end first last return moving delivery due")
_LASTING = word_set("valid available open free drink rented absent booked blocked")
_NOT_DAYS = word_set(
    "name title chapter page word owner place city episode class school line verse letter language floor half aid edition"
)
_DONE = word_set(
    "checked_in checked_out signed_in signed_up signed_off signed_out logged_in picked_up paid_off paid_back"
    " paid_out handed_in handed_out handed_over sold_out lent_out rented_out given_back sent_out used_up"
)
_KINDS: Final[tuple[tuple[frozenset[str], FieldType], ...]] = (
    (lexicon.DATE_HEADS, "date"),
    (lexicon.DATETIME_HEADS, "datetime"),
    (lexicon.PHONE_HEADS, "phone"),
    (lexicon.URL_HEADS, "url"),
    (lexicon.MONEY_HEADS, "money"),
    (lexicon.NUMBER_HEADS, "number"),
    (lexicon.INTEGER_HEADS, "integer"),
    (lexicon.TEXT_HEADS, "text"),
    (lexicon.EMAIL_HEADS, "email"),
    (frozenset(lexicon.ENUMS), "string"),
    (lexicon.STRING_HEADS, "string"),
)


def _head_kind(head: str) -> FieldType | None:
    for heads, kind in _KINDS:
        if head in heads:
            return kind
    return None


def is_attribute(word: str) -> bool:
    """Whether a single word (either number) usually names a field."""
    one = singular_word(word.lower())
    return (
        word.lower() in lexicon.TAG_HEADS | lexicon.TEXT_HEADS
        or one in lexicon.BOOLEANS
        or _head_kind(one) is not None
    )
