"""Turns deeds into relations and into records of events: 'students enroll in courses' -> enrollments."""

import re
from dataclasses import replace

from stackwright.offline import lexicon
from stackwright.offline.clauses import Deed
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.field_types import infer, is_attribute
from stackwright.offline.fields import read_field
from stackwright.offline.nouns import Noun, read_noun
from stackwright.offline.verbs import JOINING, MAKING, RECORDING
from stackwright.offline.words import label, plural

_PARTS = re.compile(
    r"\s+(?=(?:with|per|for|to|from|by|at|on|in|between|under|until|during|through|across)\s)",
    re.IGNORECASE,
)
AMOUNTS = lexicon.COUNTED | {"time", "mileage", "weight", "temperature"}
_WHERE_IT_IS = re.compile(r"(?:of|at|in) an? ", re.IGNORECASE)
"""'parents sign up for shifts at an event': the shift is at the event."""
_SEATS = frozenset({"seat", "place", "spot", "slot"})
_SEAT_ON = re.compile(r"(?:on|in|at|for) ((?:an?|the|each|every) [a-z]+)", re.IGNORECASE)
"""'colleagues book a seat on a ride': what is booked is the ride."""
_GRADES = re.compile(r"\b(?:from|between) (\d{1,3}) (?:to|and) (\d{1,3})\b", re.IGNORECASE)
"""'Guests rate wines from 1 to 20'."""
_NOTHING = frozenset(
    ["other", "nobody", "somebody", "anybody", "everybody", "something", "anything"]
)


def tell(app: AppDraft, deed: Deed) -> tuple[EntityDraft | None, str]:
    """Note a deed in `app`. The kind that its details belong to, and those details."""
    is_named = _is_named_in_it(app, deed)
    actor = None if is_named else _actor(app, deed)
    thing = read_noun(deed.what)
    is_place = thing is not None and thing.name in _SEATS and app.find(thing.name) is None
    seat = _SEAT_ON.match(deed.rest) if is_place else None
    if seat and deed.event:
        thing, deed = read_noun(seat[1]), replace(deed, rest=deed.rest[seat.end() :])
    if thing is None or thing.name in lexicon.USERS | _NOTHING:
        return actor, ""
    parts = [p.strip(" ,") for p in _PARTS.split(f" {deed.rest}") if p.strip(" ,")]
    details = [p for p in parts if p.lower().startswith("with ")]
    others = [p for p in parts if p not in details and " " in p]
    if deed.event and (
        is_named or actor is not None or _kinds(app, others) or deed.event == "loan" or seat
    ):
        target = app.entity(thing.name)
        holder = _event(app, deed.event, actor, target)
    elif deed.verb in RECORDING and thing.many and thing.head in AMOUNTS:
        holder = _amounts(app, actor, thing)
    else:
        holder = _plain(app, deed, actor, thing)
    if deed.event and (graded := _GRADES.search(deed.rest)):
        low, high = (float(one) for one in graded.groups())
        holder.put(FieldDraft("points", "integer", True, minimum=low, maximum=high))
    for part in others:
        target = app.find(thing.name) if deed.event and _WHERE_IT_IS.match(part) else None
        _take_part(app, target or holder, part)
    return holder, ", ".join(d[5:] for d in details)


_WITH_NAME = re.compile(r"\bwith (?:their |an? |the )?(?:full )?names?\b", re.IGNORECASE)


def _is_named_in_it(app: AppDraft, deed: Deed) -> bool:
    """'Attendees register for talks with name and email': the registration says who it is."""
    noun = read_noun(deed.who)
    is_told = deed.event is not None and _WITH_NAME.search(deed.rest) is not None
    return is_told and (noun is None or app.find(noun.name) is None)


def _event(app: AppDraft, name: str, actor: EntityDraft | None, target: EntityDraft) -> EntityDraft:
    family = app.find(name)
    holder = family or app.entity(name)
    holder.event = holder.event or family is None
    for end in (actor, target):
        if end is not None and end is not holder:
            holder.refer(end.name, required=True)
    return holder


def _plain(app: AppDraft, deed: Deed, actor: EntityDraft | None, thing: Noun) -> EntityDraft:
    known = app.find(thing.name)
    attribute = is_attribute(thing.head) and thing.name not in lexicon.FIELDS_OF
    if known is None and attribute and actor is not None:
        return actor
    if known is None and thing.head in lexicon.PLACES and not thing.many and actor is not None:
        return actor
    target = known or app.entity(thing.name)
    if actor is None or actor is target:
        return target
    last = thing.name.split("_")[-1]
    makes = deed.verb in MAKING or last in lexicon.LINKS | lexicon.PARTS
    inside = deed.located or deed.verb in JOINING or last in lexicon.GROUPERS | lexicon.PARTIES
    if inside and not makes and not target.refers_to(actor.name):
        actor.refer(target.name)
    elif not actor.refers_to(target.name):
        target.refer(actor.name)
    return target


def _amounts(app: AppDraft, actor: EntityDraft | None, thing: Noun) -> EntityDraft:
    """'employees log hours': entries with a number of hours and a date."""
    holder = app.entity("time_entry" if thing.head in ("hour", "time") else f"{thing.name}_entry")
    if actor is not None:
        holder.refer(actor.name, required=True)
    many = plural(thing.name)
    holder.put(FieldDraft(many, "number", True, minimum=0) if thing.head == "hour" else infer(many))
    holder.put(infer("date"))
    return holder


def _actor(app: AppDraft, deed: Deed) -> EntityDraft | None:
    noun = read_noun(deed.who)
    if (
        noun is None
        or noun.name in _NOTHING
        or (noun.name in lexicon.USERS and noun.name not in app.entities)
    ):
        return None
    one = re.match(r"(?:an?|our|my|the)\b", deed.who, re.IGNORECASE)
    users = (
        (deed.able or (one and not noun.many))
        and deed.verb in RECORDING
        and not deed.what.lower().startswith("their ")
    )
    if users and app.find(noun.name) is None:
        if app.place is None and noun.head in lexicon.PLACES:
            app.place = noun.phrase
        return None
    place = noun.head in lexicon.PLACES | lexicon.CONTAINERS and not noun.many
    if place and app.find(noun.name) is None:
        if app.place is None and noun.head in lexicon.PLACES:
            app.place = noun.phrase
        return None
    return app.entity(noun.name)


def _kinds(app: AppDraft, parts: list[str]) -> bool:
    nouns = [read_noun(p.split(" ", 1)[1]) for p in parts]
    return any(n and (n.many or app.find(n.name)) and not is_attribute(n.head) for n in nouns)


def _take_part(app: AppDraft, holder: EntityDraft, part: str) -> None:
    word, _, phrase = part.partition(" ")
    noun = read_noun(phrase)
    if noun is None or noun.name in lexicon.USERS | _NOTHING or noun.head in lexicon.CONTAINERS:
        return
    known = app.find(noun.name)
    if known is None and noun.name == "day":
        holder.put(infer("date"))
        return
    if known is None and is_attribute(noun.head) and noun.head not in lexicon.GROUPERS:
        draft = read_field(phrase)
        if draft is not None and not noun.many and word not in ("per", "by"):
            holder.put(draft)
        return
    if known is None and noun.head in lexicon.PLACES and not noun.many:
        return
    usual = noun.name in lexicon.FIELDS_OF or noun.head in lexicon.PARTIES
    if known is not None or (noun.many and usual) or noun.single or word == "per":
        holder.refer((known or app.entity(noun.name)).name)


def explain(app: AppDraft, names: set[str]) -> list[str]:
    """Plain sentences on the records that connect two kinds."""
    said: list[str] = []
    for entity in app.entities.values():
        ends = [f.target for f in entity.given.values() if f.target in names]
        if entity.event and len(ends) > 1 and entity.name in names:
            one, other = (label(plural(str(e))) for e in ends[:2])
            said.append(
                f"{one} and {other.lower()} can be connected many times:"
                f" each connection is one of the {label(plural(entity.name)).lower()}."
            )
    return said
