"""What the records of a list with a name have: 'overdue', 'not paid yet', 'expires within 30 days'.

A row of `CUES` is one way to say so: key words, and the condition that they mean for a kind of record.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from re import Match, Pattern
from typing import Final, Literal

from stackwright.offline.phrase import Phrase
from stackwright.offline.places import DATES, NUMBERS, lower, moment_of, only, span_of, stems
from stackwright.offline.slots import Token
from stackwright.offline.verbs import lemma
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import EntitySpec, FieldSpec
from stackwright.scaffold.words import Condition

DUE: Final = word_set(
    "due deadline until till end return back ready expected by expire expiry promised"
)
EXPIRY: Final = word_set(
    "expire expires expiry expiration until till end valid best use run runs lapse lapses renewal renew warranty"
)
CLOSED: Final = word_set(
    "returned paid done completed complete finished closed collected back resolved delivered settled handed"
    " repaired fixed solved sold shipped cleared cancelled canceled rejected declined refused picked won lost answered"
)
BACK: Final = word_set("return returned back brought given handed collected picked")
_DAYS: Final = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Told:
    """Conditions, and the words of the title before and behind the records' name."""

    where: tuple[Condition, ...]
    before: str = ""
    behind: str = ""


Make = Callable[[Phrase, EntitySpec, Match[str]], Told | None]


def dates_of(entity: EntitySpec) -> list[FieldSpec]:
    return [one for one in entity.fields if one.type in DATES]


def _date_of(entity: EntitySpec, words: frozenset[str]) -> FieldSpec | None:
    """The only date whose name has one of these words."""
    return only([one for one in dates_of(entity) if stems(one.name) & words])


def _named_date(phrase: Phrase, entity: EntitySpec) -> FieldSpec | None:
    """The date that the clause names, which is then told of."""
    for token in phrase.names:
        fields = [f for e, f in token.fields if e.name == entity.name and f.type in DATES]
        if token.kind is None and len(fields) == 1:
            phrase.drop(token)
            return fields[0]
    return None


def _open(entity: EntitySpec) -> Told:
    """That a record is not done with: not returned, not paid, not in one of its last states."""
    for one in entity.fields:
        if (
            one.type in ("boolean", *DATES)
            and stems(one.name) & CLOSED
            and not stems(one.name) & DUE - BACK
        ):
            return _lacks(one)
    for one in entity.fields:
        closed = {c for c in one.choices if stems(c) & CLOSED}
        if closed and len(closed) < len(one.choices):
            return _among(one, tuple(c for c in one.choices if c not in closed))
    return Told(())


def _lacks(one: FieldSpec) -> Told:
    if one.type == "boolean":
        return Told((Condition(field=one.name, values=(False,)),))
    return Told((Condition(field=one.name, empty=True),))


def _has(one: FieldSpec) -> Told:
    if one.type == "boolean":
        return Told((Condition(field=one.name, values=(True,)),))
    return Told((Condition(field=one.name, filled=True),))


def _among(one: FieldSpec, choices: tuple[str, ...]) -> Told:
    return Told((Condition(field=one.name, values=choices),))


def _overdue(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    named = [
        f for f in dates_of(entity) if stems(f.name) & DUE and not stems(f.name) & CLOSED - BACK
    ]
    due = only(named) or _date_of(entity, word_set("due deadline")) or _last_day(entity)
    if due is None:
        return None
    more = _open(entity)
    if any(one.field == due.name for one in more.where):
        more = Told(())
    return Told((Condition(field=due.name, to_day=-1), *more.where), "overdue")


def _last_day(entity: EntitySpec) -> FieldSpec | None:
    """What is lent from a day to a day is overdue after the last."""
    span = span_of(entity)
    return span[1] if span is not None and span[1].type in DATES else None


def _expired(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    date = _date_of(entity, EXPIRY)
    if date is None:
        return None
    return Told((Condition(field=date.name, to_day=-1),), "expired")


def _coming(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    """'That run out in the next 12 months', 'due within 30 days', 'the next 7 days'."""
    days = _days(found)
    if days is None:
        return None
    verb = phrase.take(_ENDING)
    words = (
        EXPIRY
        if verb and not verb[0].strip().startswith(("due", "fall", "owed"))
        else word_set("due deadline")
        if verb
        else frozenset[str]()
    )
    named = _named_date(phrase, entity)
    date = named or (_date_of(entity, words) if words else moment_of(entity))
    if date is None or date.type not in DATES:
        return None
    span = _span(found)
    return Told(
        (Condition(field=date.name, from_day=0, to_day=days),),
        "",
        f"{lower(date.label)} within {span}",
    )


def _days(found: Match[str]) -> int | None:
    number = float(found["number"].lstrip("#")) if found["number"] else 1
    days = {"month": 30.5}.get(found["unit"], _DAYS[found["unit"]]) * number
    return int(days) if 0 < days <= 36600 else None


def _span(found: Match[str]) -> str:
    """'30 days', 'a week'."""
    return (
        f"{found['number'].lstrip('#')} {found['unit']}s"
        if found["number"]
        else f"a {found['unit']}"
    )


def _older(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    days = _days(found)
    date = _named_date(phrase, entity) or moment_of(entity)
    if days is None or date is None or date.type not in DATES:
        return None
    span = _span(found)
    return Told((Condition(field=date.name, to_day=-days - 1),), "", f"older than {span}")


def _neglected(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    """'Hasn't been fed for 7 days': of the date that says when it was."""
    days = _days(found)
    said = found["deed"]
    word = phrase.token(said[1:]).low if said.startswith("@") else said
    wanted = {lemma(one) for one in word.split()}
    date = only([f for f in dates_of(entity) if {lemma(one) for one in f.name.split("_")} & wanted])
    if days is None or date is None:
        return None
    span = _span(found)
    return Told((Condition(field=date.name, to_day=-days),), f"not {word}", f"for {span}")


def _present(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    date = _named_date(phrase, entity) or moment_of(entity)
    if date is None or date.type not in DATES:
        return None
    word = found["when"].removesuffix("'s")
    if word in ("today", "tomorrow"):
        day = 0 if word == "today" else 1
        condition = Condition(field=date.name, from_day=day, to_day=day)
    elif word in ("upcoming", "future", "coming"):
        return Told((Condition(field=date.name, from_day=0),), "upcoming")
    else:
        period: dict[str, Literal["week", "month", "year"]] = {
            "week": "week",
            "month": "month",
            "year": "year",
        }
        condition = Condition(field=date.name, period=period[word.split()[-1]])
    return Told((condition,), "", f"of {word}")


def _lately(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    days = _days(found)
    date = _named_date(phrase, entity) or moment_of(entity)
    if days is None or date is None or date.type not in DATES:
        return None
    span = _span(found)
    return Told((Condition(field=date.name, from_day=-days, to_day=0),), "", f"of the last {span}")


def _number(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    field = _own(phrase.token(found["field"]), entity, NUMBERS)
    if field is None or field.computed is not None:
        return None
    is_more = found["sign"] in _MORE
    if found["other"]:
        other = _own(phrase.token(found["other"]), entity, NUMBERS)
        if other is None or other is field or is_more:
            return None
        return _below(field, other)
    value = float(found["number"])
    condition = (
        Condition(field=field.name, more_than=value)
        if is_more
        else Condition(field=field.name, less_than=value)
    )
    sign = "more than" if is_more else "less than"
    return Told((condition,), "", f"{lower(field.label)} {sign} {value:g}")


def _below(field: FieldSpec, other: FieldSpec) -> Told:
    condition = Condition(field=field.name, less_than_field=other.name)
    return Told((condition,), "", f"{lower(field.label)} below {lower(other.label)}")


def _low(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    """'Running low', 'low stock': below the minimum that each record has."""
    numbers = [f for f in entity.fields if f.type in NUMBERS and f.computed is None]
    least = only(
        [f for f in numbers if stems(f.name) & word_set("minimum min reorder least threshold")]
    )
    stock = only(
        [
            f
            for f in numbers
            if f is not least and stems(f.name) & word_set("stock quantity amount left number")
        ]
    )
    for token in phrase.names:
        if _own(token, entity, NUMBERS) in (stock, least) and token.kind is None:
            phrase.drop(token)
    return _below(stock, least) if stock and least else None


def _own(token: Token, entity: EntitySpec, types: frozenset[str]) -> FieldSpec | None:
    return only([f for e, f in token.fields if e.name == entity.name and f.type in types])


def _not(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    """'Not paid yet', 'hasn't been returned': the one state or the field that says so."""
    said = found["state"]
    if said.startswith("@"):
        token = phrase.token(said[1:])
        return _state(token, entity, is_not=True)
    return _unlike(entity, said)


def _unlike(entity: EntitySpec, word: str) -> Told | None:
    wanted = lemma(word)
    back = wanted in {lemma(one) for one in BACK}
    found = [
        one
        for one in entity.fields
        if one.type in ("boolean", *DATES)
        and (
            {lemma(part) for part in one.name.split("_")} & {wanted}
            or (back and stems(one.name) & BACK - DUE | stems(one.name) & word_set("returned back"))
        )
        and not stems(one.name) & word_set("due deadline")
    ]
    field = only(found) or only([one for one in found if one.type == "boolean"])
    if field is not None:
        return Told(_lacks(field).where, f"not {word}")
    for one in entity.fields:
        meant = [c for c in one.choices if lemma(c.lower()) == wanted]
        if meant:
            return _before(one, meant[0])
    return None


def _before(one: FieldSpec, choice: str) -> Told:
    """What comes before a choice; before the first there is nothing, so all others are meant."""
    place = one.choices.index(choice)
    rest = one.choices[:place] or tuple(c for c in one.choices if c != choice)
    return Told(_among(one, rest).where, f"not {choice.lower()}")


def _state(token: Token, entity: EntitySpec, *, is_not: bool) -> Told | None:
    """A choice, a checkbox, or a date that says that something was done."""
    choices = [(f, c) for e, f, c in token.choices if e.name == entity.name]
    flags = [f for e, f in token.fields if e.name == entity.name and f.type == "boolean"]
    days = [
        f
        for e, f in token.fields
        if e.name == entity.name and f.type in DATES and stems(f.name) & CLOSED
    ]
    word = token.low
    if len(flags) == 1:
        told = _lacks(flags[0]) if is_not else _has(flags[0])
    elif len(choices) == 1:
        field, choice = choices[0]
        if field.type == "boolean":
            return None if is_not else _called(_lacks(field), word)
        told = _before(field, choice) if is_not else _among(field, (choice,))
    elif len(days) == 1:
        told = _lacks(days[0]) if is_not else _has(days[0])
    else:
        return None
    return _called(told, f"not {word}" if is_not else word)


def _called(told: Told, before: str) -> Told:
    return replace(told, before=before)


def says(entity: EntitySpec, one: Condition) -> str:
    """What people read of a condition."""
    label = lower(entity.field(one.field).label)
    if one.values:
        values = ["yes" if v is True else "no" if v is False else str(v) for v in one.values]
        return f"{label} is {' or '.join(values)}{' or empty' if one.empty else ''}"
    if one.empty or one.filled:
        return f"{label} is {'' if one.empty else 'not '}empty"
    if one.period:
        return f"{label} is in this {one.period}"
    if one.less_than_field:
        return f"{label} is less than {lower(entity.field(one.less_than_field).label)}"
    if one.more_than is not None:
        return f"{label} is more than {one.more_than:g}"
    if one.less_than is not None:
        return f"{label} is less than {one.less_than:g}"
    return f"{label} is {_when(one.from_day, one.to_day)}"


def _when(first: int | None, last: int | None) -> str:
    if first == last and first in (0, 1):
        return "today" if first == 0 else "tomorrow"
    if first == 0:
        return "today or later" if last is None else f"within {last} days from today"
    if last is None:
        return f"{first} days from today or later"
    if first is None:
        return "before today" if last == -1 else f"at least {-last} days ago"
    return f"within the last {-first} days" if last == 0 else f"{first} to {last} days from today"


def _still_out(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    told = _unlike(entity, "returned")
    return _called(told, "not returned") if told else None


def _unfinished(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    told = _open(entity)
    return _called(told, found["word"]) if told.where else None


def _un(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    told = _unlike(entity, found["state"])
    return _called(told, f"un{found['state']}") if told else None


def _without(phrase: Phrase, entity: EntitySpec, found: Match[str]) -> Told | None:
    token = phrase.token(found["field"])
    field = only([f for e, f in token.fields if e.name == entity.name and f.computed is None])
    if field is None or field.type in ("boolean", "references", "tags"):
        return None
    return Told((Condition(field=field.name, empty=True),), "", f"without {lower(field.label)}")


def states_told(phrase: Phrase, entity: EntitySpec) -> Iterator[Told]:
    """Which records are meant by their state; empty conditions where that is not understood."""
    for form, make in CUES:
        found = phrase.take(form) if make in (_not, _un, _still_out, _unfinished) else None
        if found is not None:
            yield make(phrase, entity, found) or Told(())
    yield from states_left(phrase, entity)


def states_left(phrase: Phrase, entity: EntitySpec) -> Iterator[Told]:
    """The names that are states: 'confirmed bookings', 'the planned ones'."""
    for token in phrase.names:
        if token.kind is None and (told := _state(token, entity, is_not=False)) is not None:
            phrase.drop(token)
            yield told


_MORE: Final = frozenset(
    {
        "above",
        "over",
        "more than",
        "higher than",
        "greater than",
        "larger than",
        "exceeds",
        "exceed",
        ">",
    }
)
_NUMBER = r"(?P<number>#\d+(?:\.\d+)?)"
_UNIT = r"(?P<unit>day|week|month|year)s?"
_ENDING = re.compile(
    r" (?:(?:is|are|which|that|will|about to|going to|falls?|comes?|coming) )*(?:due|expir\w+|runs? out|running out|ends?|ending|lapses?|renew\w*|owed)\b(?: up)?"
)
CUES: Final[Sequence[tuple[Pattern[str], Make]]] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (r" (?:overdue|late|past due|delayed|too late|past (?:its|the|their) (?:due|deadline|@\d+))(?= )", _overdue),
        (rf" (?:(?:has|have|was|were|is|are) )?(?:not|never|hasn't|haven't|wasn't|weren't|didn't)(?: (?:been|be|get|got))* (?P<deed>@\d+|[a-z]+)(?: (?:for|in|since|over|more|than|at|least|the|last))* (?:{_NUMBER}|an?) {_UNIT}(?= )", _neglected),
        (rf" (?:older|longer ago|more) than (?:{_NUMBER}|an?) {_UNIT}(?: (?:old|ago))?(?= )", _older),
        (rf" (?:within|in|for|over|during)?(?: the)?(?: next| coming)? ?(?:(?<=next )|(?<=within )|(?<=in )|(?<=coming )|(?= #))(?:{_NUMBER}|an?) {_UNIT}(?= )", _coming),
        (rf" (?:within|in|over|from|of|during)?(?: the)? (?:last|past|previous) (?:{_NUMBER} )?{_UNIT}(?: s)?(?= )", _lately),
        (r" (?:(?:of|in|for|during|on|that|is|are|start|starts|happen|happens) )*(?P<when>this (?:week|month|year)(?:'s)?|today(?:'s)?|tomorrow(?:'s)?|upcoming|future|coming)(?: up)?(?= )", _present),
        (r" (?:(?:has|have|is|are|that) )*(?:already )?(?:expired|lapsed|out of date|ran out|run out)(?= )", _expired),
        (r" @(?P<field>\d+) (?:(?:is|are|goes|go|falls|drops|gets|was) )*(?P<sign>above|over|more than|higher than|greater than|larger than|exceeds?|>|below|under|less than|lower than|fewer than|<)(?: the| its| their)? (?:#(?P<number>\d+(?:\.\d+)?)|@(?P<other>\d+))(?: [a-z%]{1,3}(?= $))?(?= )", _number),
        (r" (?:(?:is|are|that|runs?|running|gets?|getting) )*(?:low on|low in|too low|running low|low)(?= )", _low),
        (r" (?:not|never|hasn't|haven't|wasn't|weren't|isn't|aren't|didn't|yet to be|still to be|waiting to be|to be|but not)(?: (?:yet|been|be|being|got|get|come|brought|given|handed|set|marked|as|fully))* (?P<state>@\d+|[a-z]+)(?: (?:yet|back|up|so far|in|until now))*(?= )", _not),
        (r" un(?P<state>[a-z]{4,})(?= )", _un),
        (r" (?:still out|out on loan|on loan|lent out|away|still missing|outstanding)(?= )", _still_out),
        (r" (?P<word>unfinished|pending|still open|not done)(?= )", _unfinished),
        (r" (?:without|with no|have no|has no|missing|lacking)(?: an?| any| the| their| its)? @(?P<field>\d+)(?= )", _without),
    )
)  # fmt: skip
