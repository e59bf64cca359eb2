"""Rules of what is there once."""

import re
from collections.abc import Sequence
from re import Match

from stackwright.offline import lexicon
from stackwright.offline.asked import Made
from stackwright.offline.places import (
    field_named,
    fields_named,
    kind_named,
    lower,
    moment_of,
    only,
    referring,
    required,
    stems,
)
from stackwright.offline.rule_words import with_made_rule
from stackwright.offline.verbs import EVENTS, lemma
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Unique


def unique(spec: AppSpec, found: Match[str]) -> Made | None:
    told = found.groupdict()
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|with|per|within|for)\s+", found["field"])
    parts += [told["within"]] if told.get("within") else []
    place = field_named(spec, parts[0], lambda one: one.computed is None and one.type != "boolean")
    if place is None and told.get("kind"):
        kind = kind_named(spec, found["kind"])
        field = only(fields_named(kind, parts[0])) if kind else None
        place = (kind, field) if kind and field else None
    if place is None:
        return None
    entity, field = place
    more = [only(fields_named(entity, part)) for part in parts[1:]]
    if None in more:
        return None
    fields = [field, *(one for one in more if one is not None)]
    return _no_two(spec, entity, fields, is_there=False)


def _no_two(
    spec: AppSpec, entity: EntitySpec, fields: Sequence[FieldSpec], *, is_there: bool = True
) -> Made:
    """`is_there`: the fields must be filled in."""
    fields = list(dict.fromkeys(fields))
    names = tuple(one.name for one in fields)
    what = " and ".join(lower(one.label) for one in fields)
    text = f"No two {lower(entity.label_plural)} have the same {what}."
    entity = required(entity, *names) if is_there else entity
    return with_made_rule(spec, entity, Unique(rule="unique", fields=names), text)


def once_each(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A member can book a class only once.'"""
    kinds = [kind_named(spec, found["who"]), kind_named(spec, found["what"])]
    for entity in spec.entities:
        links = [f for f in entity.fields if f.target in {k.name for k in kinds if k}]
        who = only(fields_named(entity, found["who"])) or only(
            [f for f in entity.fields if stems(found["who"]) <= stems(f.label)]
        )
        fields = list(dict.fromkeys(f for f in (*links, who) if f is not None))
        if len(fields) == 2 and any(f.type == "reference" for f in fields):
            return _no_two(spec, entity, fields)
    return None


def only_once(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A slot can only be booked once': by the only kind of record that refers to it."""
    target = kind_named(spec, found["what"])
    pairs = list(referring(spec, target)) if target else []
    verb = re.search(r"\bbe ([a-z]+)", found.string, re.IGNORECASE)
    event = EVENTS.get(lemma(verb[1])) if verb else None
    pair = only([one for one in pairs if one[0].name == event]) or only(pairs)
    if pair is None:
        return None
    entity, link = pair
    words = re.split(r" and (?:per )?", found["per"]) if found["per"] else []
    named = [_per(entity, word) for word in words]
    fields = [one for one in named if one is not None]
    return None if None in named else _no_two(spec, entity, [link, *fields])


def _per(entity: EntitySpec, word: str) -> FieldSpec | None:
    """'Once per day': the only date; 'once per slot': the time slot."""
    moment = moment_of(entity) if word.lower() in ("day", "date") else None
    if moment is not None and moment.type == "date":
        return moment
    said = stems(word)
    longer = [one for one in entity.fields if said and said <= stems(one.label)]
    return only(fields_named(entity, word)) or only(longer)


def one_for_each(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A driver can't have two rides on the same day', 'a member has at most one loan per book'."""
    entity = kind_named(spec, found["what"])
    named = [_per(entity, found[one]) for one in ("who", "per")] if entity else []
    fields = [one for one in named if one is not None]
    return _no_two(spec, entity, fields) if entity and len(set(fields)) == 2 else None


def one_each(spec: AppSpec, found: Match[str]) -> Made | None:
    """'One vote per member and movie'; 'one vote each' is one of each person."""
    entity = kind_named(spec, found["what"])
    if entity is None:
        return None
    said = re.split(r",? and (?:per )?|, | per ", found["who"]) if found["who"] else []
    named = [_per(entity, words) for words in said]
    people = [f for f in entity.fields if f.target in lexicon.PARTIES]
    fields = named if said else [only(people)]
    found_fields = [f for f in fields if f is not None]
    is_whole = bool(fields) and len(found_fields) == len(fields)
    return _no_two(spec, entity, found_fields) if is_whole else None
