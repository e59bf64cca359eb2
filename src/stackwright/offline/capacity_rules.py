"""Rules of how many there may be."""

import re
from collections.abc import Sequence
from typing import Final

from stackwright.offline.asked import Built, Made
from stackwright.offline.bound_forms import at_most
from stackwright.offline.places import (
    NUMBERS,
    TIMES,
    board_of,
    lower,
    only,
    referring,
    required,
    stems,
    with_entity,
)
from stackwright.offline.rule_slots import PEOPLE, SAME_TIME, explains
from stackwright.offline.rule_words import with_made_rule
from stackwright.offline.slots import Clause, Token
from stackwright.offline.unique_rules import no_two
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Capacity, key_of

_TAKEN = frozenset({"seat", "place", "spot", "ticket", "person", "people", "piece", "slot"})
"""What a booking takes several of."""


CAPACITY: Final = re.compile(r"\b(?:at most|no more|not more|never more|more than|max|maximum|up to|limit|limited|only|capacity|hold|holds|full|overbooked|over booked|overbook|overfull|overfilled|exceed|exceeds|most|sold out|over)\b")  # fmt: skip
_MOST: Final = re.compile(r"\b(?:at most|max|maximum|up to|limit|limited|only|no more than|not more than|never more than|more than|exceed|over)\b")  # fmt: skip
_LEAST: Final = re.compile(r"\bat least\b|\bmin(?:imum)?\b|\bor more\b")
_WORDS: Final = word_set(
    "most more than max maximum up limit limited capacity hold holds per each full overbooked over booked overbook overfull overfilled exceed exceeds number total"
    " accept accepts sell sold out attend join place places there when once time if nobody new card cards add adds added join joins to fit fits room"
)


def capacity(clause: Clause) -> Made | None:
    """How many there may be: 'at most 12 participants per class', 'three cards in Doing', 'a course can't
    be overbooked', 'no more sign-ups than places'."""
    if _LEAST.search(clause.low) or not explains(clause, _WORDS | PEOPLE):
        return None
    numbers = [one for one in clause.numbers if one.number is not None and one.number >= 1]
    if len(numbers) > 1 or (numbers and not _MOST.search(clause.low)):
        return None
    if numbers and re.search(r"\b(?:more than|exceed|over)\b", clause.low) and not clause.refuses:
        return None
    if not numbers:
        return _full(clause)
    return _at_most(clause, numbers[0])


def _at_most(clause: Clause, told: Token) -> Made | None:
    number, at = int(told.number or 0), clause.tokens.index(told)
    what = clause.tokens[at + 1] if at + 1 < len(clause.tokens) else None
    if what is None or not (what.names or what.stem in PEOPLE or what.stem == "card"):
        return None
    others = [one for one in clause.named if one is not what]
    if any(f.choices for one in others for _, f, _ in one.choices):
        return _choice_is_full(clause, what, others, number)
    targets = [one.kind for one in others if one.kind is not None]
    target = only(targets) if len(targets) == len(others) else None
    if target is None:
        return None
    if what.names and (made := at_most(clause.spec, target, what.text, number)):
        return made
    pair = pair_of(clause, target, what)
    if pair is None:
        return None
    entity, link = pair
    if number == 1:
        return no_two(clause.spec, entity, [link])
    rule = Capacity(rule="capacity", of=link.name, maximum=number)
    text = f"{_one(target)} has at most {number} {lower(entity.label_plural)}."
    return with_made_rule(clause.spec, required(entity, link.name), rule, text)


def pair_of(
    clause: Clause, target: EntitySpec, what: Token | None
) -> tuple[EntitySpec, FieldSpec] | None:
    """The records that refer to the target, and by which field: those that are named or whose person is,
    or else the only ones."""
    children = list(referring(clause.spec, target))
    if SAME_TIME.search(clause.low) and any(
        f.type in (*TIMES, "boolean") for one, _ in children for f in one.fields
    ):
        return None  # those of earlier times would count, too
    kind = what.kind if what else None
    if kind is None:
        is_anybody = what is None or what.names is None
        left = [pair for pair in children if pair[0] in clause.deeds]
        return (only(left) or only(children)) if is_anybody else None
    named = [pair for pair in children if pair[0].name == kind.name]
    linked = [p for p in children if any(f.target == kind.name for f in p[0].fields)]
    return only(named or linked)


def _full(clause: Clause) -> Made | None:
    """'A course can't be overbooked': no more records that refer to it than it has places."""
    is_full = re.search(r"\b(?:full|over ?book(?:ed)?|overfull|overfilled|over (?:its |the )?capacity|sold out)\b", clause.low)  # fmt: skip
    if not is_full or not clause.refuses or not clause.kinds:
        return None
    target = clause.kinds[0]
    pair = pair_of(clause, target, None)
    limit = limit_of(target)
    if pair is None or any(one not in (target, pair[0]) for one in clause.kinds):
        return None
    for rule in pair[0].rules if limit is None else ():
        if rule.rule == "capacity" and rule.of == pair[1].name:
            text = f"{_one(target)} that is full takes no more {lower(pair[0].label_plural)}."
            return clause.spec, Built(text, "rule", pair[0].name, key_of(rule))
    return None if limit is None else no_more_than(clause.spec, *pair, limit)


def _choice_is_full(
    clause: Clause, what: Token, others: Sequence[Token], number: int
) -> Made | None:
    """'At most 3 tasks in Doing': one of the choices of a field. What stands on a board may be called
    its cards."""
    boards = [one for one in clause.spec.entities if board_of(one) is not None]
    kind = what.kind or (only(boards) if what.stem == "card" else None)
    places = [(f, c) for one in others for e, f, c in one.choices if kind and e.name == kind.name]
    if kind is None or len(places) != 1 or len(others) != 1:
        return None
    ((field, choice),) = places
    rule = Capacity(rule="capacity", of=field.name, value=choice, maximum=number)
    text = f"At most {number} {lower(kind.label_plural)} have the {lower(field.label)} {choice}."
    return with_made_rule(clause.spec, kind, rule, text)


def _one(entity: EntitySpec) -> str:
    return f"{'An' if entity.label[0] in 'AEIOU' else 'A'} {lower(entity.label)}"


def limit_of(target: EntitySpec) -> FieldSpec | None:
    usual = re.compile(r"capacity|places|seats|spots|max|maximum|size")
    return only([f for f in target.fields if f.type in NUMBERS and usual.search(f.name)])


def no_more_than(spec: AppSpec, child: EntitySpec, link: FieldSpec, limit: FieldSpec) -> Made:
    """No more records of `child` than the record that they refer to by `link` has places, or no more
    places of theirs."""
    target = required(spec.entity(str(link.target)), limit.name)
    said = stems(limit.label)
    taken = only(
        [f for f in child.fields if f.type == "integer" and said & stems(f.label) & _TAKEN]
    )
    rule = Capacity(rule="capacity", of=link.name, maximum_field=limit.name, amount=taken.name if taken else "")  # fmt: skip
    child = required(child, taken.name) if taken else child
    much = lower((taken or limit).label) if taken else lower(child.label_plural)
    text = f"{_one(target)} has no more {much} than its {lower(limit.label)}."
    return with_made_rule(with_entity(spec, target), required(child, link.name), rule, text)
