"""The type that the name of a field suggests: 'bought on' is a day, 'price per night' money."""

import re
from collections.abc import Sequence
from typing import Final

from stackwright.offline import lexicon, units
from stackwright.offline.draft import FieldDraft
from stackwright.offline.verbs import PARTICIPLES
from stackwright.offline.words import is_plural, singular_word, word_set
from stackwright.scaffold.spec import FieldType

TYPE_WORDS: Final[dict[str, str]] = {
    "boolean": "yes or no", "integer": "whole number", "string": "text", "text": "long text",
    "datetime": "date and time",
}  # fmt: skip
"""What people read of a type."""
_LAST_DONE = re.compile(
    r"^(?:last|next|first|previous|date)_\w+|_(?:since|until|by_date)$|^(?:since|until)$"
)
BINDS = frozenset(["of", "per", "at", "for", "in", "by", "from", "to", "on"])
_PARTICIPLE = re.compile(r"^(?:is|was|has|can|are|have|should|needs|has_been|to_be)_(?!number)\w+$")
QUESTION_WORDS = word_set("who whom whose what which where when how why")


def infer(name: str, owner: str = "") -> FieldDraft:
    """The type that the words of a snake_case field name suggest; `sure` when they suggest one."""
    words = name.split("_")
    head = singular_word(words[-1])
    if name == "goals" and owner in lexicon.PARTIES - {"player", "team"}:
        return FieldDraft(name, "text", True)
    if words[-1] in COUNTS or (words[0] in COUNTS and len(words) > 1):
        return FieldDraft(name, "integer", True, minimum=0)
    if unit := units.counted_in(name):
        return FieldDraft(name, "number", True, unit=unit, minimum=0)
    made = _infer_measure(name, words) or _infer_phrase(name, words) or _infer_shape(name, words)
    if made:
        return made
    kind = kind_of_head(head) or kind_of_head(words[-1])
    if (owner == "ingredient" and name == "amount") or (
        name == "value" and owner.endswith(_MEASURED)
    ):
        kind = "number"
    if (head == "position" and owner in lexicon.PARTS | {"card"}) or name in (
        "party_size",
        "crew_size",
        "class_size",
        "family_size",
        "household_size",
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
            if i and w in BINDS and (w == "per" or singular_word(words[i - 1]) == words[i - 1])
        ),
        None,
    )
    if inner is not None and (kind in (None, "string") or words[inner] in ("per", "of")):
        before = kind_of_head(singular_word(words[inner - 1]))
        head, kind = (singular_word(words[inner - 1]), before) if before else (head, kind)
    kind = _sum_of(words, head) or kind
    if words[0] in ("date", "year") and len(words) > 1:
        kind = (
            "date"
            if words[0] == "date"
            else kind or ("integer" if head.endswith("ed") or head in PARTICIPLES else None)
        )
    draft = FieldDraft(name, kind or "string", sure=kind is not None)
    return _with_habits(draft, head, owner)


_CURRENCIES = word_set(
    "euro euros eur dollar dollars usd pound pounds gbp chf franc francs cent cents"
)
_OF_STUFF = word_set("used needed taken left given applied added poured eaten drunk harvested")


def _sum_of(words: Sequence[str], head: str) -> FieldType | None:
    """'Price agreed' and 'amount due' are money, an amount of stuff is a number."""
    if words[0] == "amount" and words[1:] and _is_measured(words[1:]):
        return "number"
    is_told = head.endswith("ed") or head in ("paid", "spent", "due", "owed", "today", "now")
    return "money" if words[0] in ("price", "cost", "amount", "value") and is_told else None


def _is_measured(rest: Sequence[str]) -> bool:
    """'Amount in drops' and 'amount used' are no money; 'amount in euros' is."""
    return rest[0] in _OF_STUFF or (rest[0] == "in" and _CURRENCIES.isdisjoint(rest))


_OF_A_WEEK = word_set(
    "lesson class course group shift opening slot training rehearsal schedule stall stop tour period subject practice"
)
"""The day of a lesson may be Monday; all else is on a date."""
_BELOW_ZERO = word_set("temperature latitude longitude gain loss floor balance altitude level")


def _with_habits(draft: FieldDraft, head: str, owner: str) -> FieldDraft:
    if draft.name == "day" and owner.rsplit("_", 1)[-1] not in _OF_A_WEEK:
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
_READ = word_set("left read won in out laid")
_COUNTED = word_set("laid counted planted picked sold scored won lost conceded made missed")
"""'tickets sold', 'goals scored'."""


def _infer_phrase(name: str, words: list[str]) -> FieldDraft | None:
    if name in ("quantity_number", "value_number"):
        return FieldDraft(words[0], "number", True, minimum=0)
    head = words[-1]
    if (
        words[0] == "number"
        and len(words) > 1
        and (words[1] in PARTICIPLES | {"born"} or words[1].endswith("ed"))
    ):
        return FieldDraft(name, "integer", True, minimum=0)
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
        and kind_of_head(head) in (None, "string", "integer")
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


COUNTS = word_set(
    "frames units words boxes beds rooms bottles pieces copies adults children goals tries times places persons passengers"
)
"""Of these a field that is called so holds how many."""
_SPENT = word_set(
    "prep preparation cooking cook baking total travel waiting playing running brewing"
)
_NOT_DONE = word_set("mitglied deceased seed breed feed speed weed need")


DAYS_OR_STATES: Final = word_set(
    "born died joined started hired dropped_off moved_in moved_out planted sown expires purchased acquired"
)
"""By itself such a word names a day; among choices it is one of them."""
_TYPES_OF_NAMES: Final[dict[str, FieldType]] = {
    "from": "date", "to": "date", "until": "date", "till": "date",
    "start": "date", "end": "date", "begin": "date", **dict.fromkeys(DAYS_OR_STATES, "date"), "best_before": "date", "use_by": "date",
    "age_rating": "string", "film_stock": "string", "sold_for": "money", "bought_for": "money", "paid_for": "money", "seat": "string", "bill": "money", "night": "date", "evening": "date",
}  # fmt: skip


def _infer_shape(name: str, words: list[str]) -> FieldDraft | None:
    """By how a name is built: 'bought on' is a day, 'checked in' a yes or no."""
    head, several = words[-1], len(words) > 1
    if head == "time" and several and words[-2] in _SPENT and words[0] not in QUESTION_WORDS:
        return FieldDraft(name, "integer", True, unit="min", minimum=0)
    shapes: tuple[tuple[bool, FieldType], ...] = (
        (len(words) > 2 and words[0] in ("notes", "remarks"), "text"),
        (several and head == "by" and words[-2] in _WANTED, "date"),
        (several and head == "by", "string"),
        (name.endswith("_attached_file"), "url"),
        (several and words[0] == "points", "integer"),
        (several and words[0] in QUESTION_WORDS, "string"),
        (f"_{name}".startswith("_date_") and "time" in words, "datetime"),
        (name.endswith("_date_time") or (several and head in ("at", "datetime")), "datetime"),
        (several and head == "point", "string"),
        (_is_day(name, words), "date"),
        (head == "time" or (name.startswith("time_of_") and name != "time_of_day"), "time"),
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
    is_asked = several and words[0] in QUESTION_WORDS
    return FieldDraft(name, fitting[0], not is_asked) if fitting else None


def _is_day(name: str, words: list[str]) -> bool:
    head = words[-1]
    if len(words) == 2 and head == "day" and words[0] in _ENDS_OF_STAYS:
        return True
    if len(words) == 2 and head == "night" and words[0] in ("opening", "closing", "first", "last"):
        return True
    if len(words) > 1 and (
        head == "on"
        or (
            words[0] == "day"
            and (
                head in PARTICIPLES | {"read", "run", "begun", "cut", "set", "put"}
                or head.endswith("ed")
            )
        )
    ):
        return True
    if head == "back" and len(words) == 2 and words[0] in ("expected", "due", "date", "planned"):
        return True
    if 1 < len(words) < 4 and head in ("until", "since", "start", "end"):
        return True
    if head == "from" and words[0] in _LASTING:
        return True
    is_last = (
        _LAST_DONE.search(name) is not None
        and len(words) < 4
        and not (head.endswith("s") and is_plural(head))
    )
    return is_last and kind_of_head(head) is None and head not in _NOT_DAYS


_MEASURED = ("reading", "measurement", "sample", "result")
"""What such records hold is measured, and no money."""
_ENDS_OF_STAYS = word_set("arrival departure start end first last return moving delivery due")
_LASTING = word_set("valid available open free drink rented absent booked blocked")
_NOT_DAYS = word_set(
    "name title chapter page word owner place city episode class school line verse letter language floor half aid edition"
)
_WANTED = word_set(
    "ready due needed wanted finish finished deliver delivered required complete completed"
)
"""'Ready by' is a day, 'made by' is somebody."""
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


def kind_of_head(head: str) -> FieldType | None:
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
        or kind_of_head(one) is not None
    )
