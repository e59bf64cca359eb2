"""Rules of one field against another, and of the way from one choice to the next."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from stackwright.offline.asked import Made
from stackwright.offline.capacity_rules import limit_of, no_more_than, pair_of
from stackwright.offline.places import NUMBERS, TIMES, lower, only, required, span_of
from stackwright.offline.rule_slots import PEOPLE, explains
from stackwright.offline.rule_words import with_made_rule
from stackwright.offline.slots import Clause, Token
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Compare, Steps

_MustBe = Literal["more", "at_least", "less", "at_most"]


_IS: dict[_MustBe, tuple[str, str]] = {
    "more": ("after", "more than"),
    "at_least": ("not before", "at least"),
    "less": ("before", "less than"),
    "at_most": ("not after", "at most"),
}


COMPARED: Final = re.compile(
    r"\b(?P<how>on or after|on or before|before|after|earlier|later|sooner|more|higher|greater|larger|bigger|longer|above|over|exceeds?|exceeding|beyond|less|lower|smaller|fewer|shorter|below|under|at least|at most)\b"
)
_MORE: Final = word_set("after later more higher greater larger bigger longer above over exceed exceeds exceeding beyond")  # fmt: skip
_WORDS: Final = _MORE | word_set(
    "than before earlier sooner less lower smaller fewer shorter below under least most equal equals same end ends ended finish finishes finished"
    " stop stops over start starts started begin begins begun began open opens lie lies come comes fall falls number amount value date time there it exceeding on sell sold maximum max capacity limit size place places seat seats spot spots available left"
)
_ENDS: Final = word_set("end ends ended ending finish finishes finished stop stops stopped over")
_STARTS: Final = word_set("start starts started starting begin begins begun began beginning open opens opened")  # fmt: skip


def compare(clause: Clause) -> Made | None:
    """One field against another: what stands before the comparing word, or between 'more' and 'than',
    and what stands behind it."""
    found = COMPARED.search(clause.low)
    if found is None or clause.numbers or not explains(clause, _WORDS | PEOPLE):
        return None
    sides = _sides(clause, found["how"].split())
    if sides is None:
        return None
    must_be = _must_be(found["how"], is_refused=clause.refuses)
    for entity in clause.spec.entities:
        if (made := _compared_in(clause, entity, must_be, *sides)) is not None:
            return made
    return _counted(clause, must_be, *sides)


def _must_be(how: str, *, is_refused: bool) -> _MustBe:
    if how in ("on or after", "at least"):
        return "at_least"
    if how in ("on or before", "at most"):
        return "at_most"
    if how in _MORE:
        return "at_most" if is_refused else "more"
    return "at_least" if is_refused else "less"


def _sides(clause: Clause, how: Sequence[str]) -> tuple[list[Token], list[Token]] | None:
    """What is compared, and with what: what is named between 'more' and 'than' is the first."""
    lows = [one.low for one in clause.tokens]
    at = next((i for i in range(len(lows)) if lows[i : i + len(how)] == list(how)), None)
    if at is None:
        return None
    than = lows.index("than", at) if "than" in lows[at:] else at
    one, other = list(clause.tokens[:at]), list(clause.tokens[than + 1 :])
    one += clause.tokens[at:than]
    return one, other


def _compared_in(
    clause: Clause, entity: EntitySpec, must_be: _MustBe, one: list[Token], other: list[Token]
) -> Made | None:
    field = _field_in(entity, one, entity)
    if field is None or field.computed is not None:
        return None
    than = _field_in(entity, other, entity)
    if than is not None and _comparable(field, than) and _belong(clause, (entity,), (field, than)):
        return compared(clause.spec, entity, field, must_be, than.name, lower(than.label))
    for link in (f for f in entity.fields if f.target):
        target = clause.spec.entity(str(link.target))
        of = _field_in(target, other, entity)
        is_there = of is not None and of.computed is None and _comparable(field, of)
        if of is not None and is_there and _belong(clause, (entity, target), (field, of)):
            label = f"{lower(of.label)} of the {lower(link.label)}"
            return compared(clause.spec, entity, field, must_be, f"{link.name}.{of.name}", label)
    return None


def _field_in(
    entity: EntitySpec, side: Sequence[Token], owner: EntitySpec | None
) -> FieldSpec | None:
    """The only field that is named on one side. A verb may say it: 'ends', 'before it starts'."""
    named = [f for one in side for e, f in one.fields if e.name == entity.name]
    named = [f for f in named if f.type in NUMBERS | TIMES]
    if named or any(one.fields for one in side):
        return only(list(dict.fromkeys(named)))
    span = span_of(entity) if entity is owner else None
    said = {one.low for one in side}
    if span is None:
        return None
    if said & _ENDS and not said & _STARTS:
        return span[1]
    return span[0] if said & _STARTS else None


def _belong(clause: Clause, entities: Sequence[EntitySpec], fields: Sequence[FieldSpec]) -> bool:
    """Whether every name of the clause is one of these records or fields."""
    names = {one.name for one in entities}
    return all(
        (token.kind is not None and token.kind.name in names)
        or any(e.name in names and f in fields for e, f in token.fields)
        for token in clause.named
    )


def _counted(clause: Clause, must_be: _MustBe, one: list[Token], other: list[Token]) -> Made | None:
    """'No more bookings than seats', 'a rack must not hold more samples than it has seats'."""
    if must_be != "at_most":
        return None
    for target in clause.spec.entities:
        for token in (one for one in one if one.kind or one.stem in PEOPLE):
            pair = pair_of(clause, target, token)
            is_said = {word.stem for word in other} & _PLACES and not any(t.fields for t in other)
            limit = limit_of(target) if is_said else _field_in(target, other, pair and pair[0])
            kinds = [one for one in (target, token.kind, pair and pair[0]) if one is not None]
            if pair and span_of(pair[0]):
                return None  # those of earlier times would count, too
            if pair and limit and limit.type in NUMBERS and _belong(clause, kinds, (limit,)):
                return no_more_than(clause.spec, *pair, limit)
    return None


_PLACES: Final = word_set("maximum max capacity limit size place seat spot")


def _comparable(one: FieldSpec, other: FieldSpec) -> bool:
    if one.name == other.name or other.computed is not None:
        return False
    is_time = one.type in TIMES and one.type == other.type
    return is_time or {one.type, other.type} <= NUMBERS


def compared(
    spec: AppSpec,
    entity: EntitySpec,
    field: FieldSpec,
    must_be: Literal["more", "at_least", "less", "at_most"],
    than: str,
    label: str,
) -> Made:
    rule = Compare(rule="compare", field=field.name, must_be=must_be, than=than)
    entity = required(entity, field.name, than.partition(".")[0])
    words = _IS[must_be][field.type not in TIMES]
    text = f"{field.label} of {lower(entity.label_plural)} is {words} the {label}."
    return with_made_rule(spec, entity, rule, text)


STEPS: Final = re.compile(r"\b(?:to|then|only|after|before|until|unless|once|when|forwards?|backwards?|back|from|first|order|not|never|cannot|cant|again|[a-z]+n't)\b|->|\u2192")  # fmt: skip
_STEP_WORDS: Final = word_set("to then only after before until unless once when first finally last been mark set make marked move moves change changes status forward forwards backward backwards back order step steps next follow follows way become becomes go goes going gone already if that which still again any more anymore")  # fmt: skip


def steps(clause: Clause) -> Made | None:
    """Which choice may follow which: 'only from draft to sent to paid', 'paid only after invoiced', 'the
    status only goes forwards', 'what is shipped can't be cancelled'."""
    if not explains(clause, _STEP_WORDS):
        return None
    said = [(token, token.choices) for token in clause.tokens if token.choices]
    others = [token for token in clause.named if not token.choices]
    for entity in clause.spec.entities:
        for field in (f for f in entity.fields if f.choices):
            names = [c for _, cs in said for e, f, c in cs if e.name == entity.name and f == field]
            is_all = len(names) == len(said)
            is_own = all(_is_own(token, entity, field) for token in others)
            allowed = _allowed(clause, field, names) if is_all and is_own else None
            if allowed and (names or field in [f for t in others for _, f in t.fields]):
                return _stepped(clause.spec, entity, field, names, allowed)
    return None


def _is_own(token: Token, entity: EntitySpec, field: FieldSpec) -> bool:
    is_entity = token.kind is not None and token.kind.name == entity.name
    return is_entity or any(e.name == entity.name and f == field for e, f in token.fields)


_Allowed = dict[str, tuple[str, ...]]


def _allowed(clause: Clause, field: FieldSpec, names: Sequence[str]) -> _Allowed | None:
    every = field.choices
    if not names and re.search(r"\b(?:only .*forwards?|not? .*back(?:wards?)?|never .*back(?:wards?)?)\b", clause.low):  # fmt: skip
        return {one: every[at + 1 :] for at, one in enumerate(every[:-1])}
    if len(names) != len(set(names)) or len(names) < 2:
        return None
    is_way = re.search(r"\bfrom\b|\bto\b.*\bto\b|->|\u2192|\bthen\b", clause.low)
    if (
        is_way
        and not clause.refuses
        and "only" in clause.low.split() + ["only"] * ("from" in clause.low)
    ):
        return {one: (other,) for one, other in pairwise(names)}
    if len(names) != 2:
        return None
    first, second = names
    is_before = re.search(r"\b(?:before|until|unless|without)\b", clause.low)
    if is_before and not clause.refuses and re.search(r"\b(?:must|has to|have to|needs?|first)\b", clause.low):  # fmt: skip
        return _only_after(every, second, first)
    if (is_before and clause.refuses) or (_ONLY_AFTER.search(clause.low) and not clause.refuses):
        return _only_after(every, first, second)
    if not is_before and clause.refuses:
        state, taken = (second, first) if _WHEN_LAST.search(clause.low) else (first, second)
        return {o: tuple(n for n in every if n != o and (o, n) != (state, taken)) for o in every}
    return None


_ONLY_AFTER = re.compile(r"\bonly\b.*\b(?:after|once|when|if)\b")
_WHEN_LAST = re.compile(r"n't .*\b(?:once|when|after|if)\b|\bnot .*\b(?:once|when|after|if)\b")


def _only_after(every: Sequence[str], later: str, first: str) -> _Allowed:
    return {o: tuple(n for n in every if n != o and (n != later or o == first)) for o in every}


def _stepped(
    spec: AppSpec, entity: EntitySpec, field: FieldSpec, names: Sequence[str], allowed: _Allowed
) -> Made:
    """Several clauses say it together."""
    before = next((r for r in entity.rules if isinstance(r, Steps) and r.field == field.name), None)
    merged = dict(before.allowed) if before else {}
    for one, following in allowed.items():
        merged[one] = tuple(dict.fromkeys((*merged.get(one, ()), *following)))
    rule = Steps(rule="steps", field=field.name, allowed=merged)
    label = f"{field.label} of {lower(entity.label_plural)}"
    way = [(one, *allowed.get(one, ())) for one in names[:-1]]
    if not names:
        text = f"{label} goes forwards only: {', '.join(field.choices)}."
    elif all(pair == two for pair, two in zip(way, pairwise(names), strict=True)):
        text = f"{label} goes from {' to '.join(names)} only."
    else:
        text = f"{label}: {_told(allowed, names)}."
    return with_made_rule(spec, entity, rule, text)


def _told(allowed: _Allowed, names: Sequence[str]) -> str:
    one, other = names
    for first, later in ((one, other), (other, one)):
        if [name for name, following in allowed.items() if later in following] == [first]:
            return f"{later} comes only after {first}"
    state, taken = (one, other) if other not in allowed[one] else (other, one)
    return f"what is {state} cannot become {taken}"
