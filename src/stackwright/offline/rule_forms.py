"""Rules in the words of people. To recognise another wording, add a row to `FORMS`."""

import re
from collections.abc import Mapping
from itertools import pairwise
from re import Match
from typing import Literal

from stackwright.offline import lexicon
from stackwright.offline.asked import Built, Form, Made, with_rule
from stackwright.offline.places import (
    DATES,
    NUMBERS,
    TIMES,
    field_named,
    fields_named,
    kind_named,
    kinds_named,
    length_of,
    lower,
    moment_of,
    only,
    referring,
    required,
    span_of,
    stems,
    with_entity,
    with_field,
)
from stackwright.offline.verbs import EVENTS, lemma
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import (
    Capacity,
    Compare,
    Deadline,
    InTime,
    NoOverlap,
    Rule,
    Steps,
    Unique,
    key_of,
)

_HOURLY = frozenset(
    {"room", "hall", "court", "table", "desk", "studio", "machine", "stylist", "doctor", "dentist"}
    | {"teacher", "therapist", "instrument", "lane", "pitch", "field", "barber", "trainer", "coach"}
)
"""Things that are taken for hours, not for days."""
_SERVED = frozenset({"hirer", "renter", "borrower", "dog", "cat", "pet", "horse", "animal"})
"""For whom something is booked; what is taken is another thing."""
_TAKEN = frozenset({"seat", "place", "spot", "ticket", "person", "people", "piece", "slot"})
"""What a booking takes several of."""
_PEOPLE = frozenset(
    {"participant", "people", "person", "attendee", "student", "member", "guest", "player", "kid"}
    | {"child", "pupil", "visitor", "volunteer", "signup", "registration", "booking", "place"}
)
_NOT = r"(?:can ?not|can['\u2019]t|can not|must not|mustn['\u2019]t|may not|should not|shouldn['\u2019]t|never|do not|don['\u2019]t)"


def _made(spec: AppSpec, entity: EntitySpec, rule: Rule, text: str) -> Made:
    entity = with_rule(entity, rule)
    return with_entity(spec, entity), Built(text, "rule", entity.name, key_of(rule))


def _overlap(spec: AppSpec, found: Match[str]) -> Made | None:
    words = found.string
    spans = [one for one in spec.entities if span_of(one) or length_of(one)]
    named = kinds_named(spec, words)
    entity = only([one for one in spans if one in named]) or only(spans)
    if entity is None:
        return _slot(spec, words, named)
    on = _things_of(spec, entity, words)
    return None if on is None else _no_overlap(spec, entity, on)


_DAYS = frozenset({"day", "weekday", "day_of_week", "day_of_the_week"})
_NO_THING = frozenset({"time", "day", "date", "moment", "hour", "slot", "two", "them", "it"})
_THING = re.compile(
    r"\b(?:same|of an?|of the|of each|of one) (?P<of>[\w-]+)"
    r"|^(?:(?:an?|the|each|every|no|one) )?(?P<subject>[\w-]+) (?:must|can|may|should|is|never)",
    re.IGNORECASE,
)


def _things_of(spec: AppSpec, entity: EntitySpec, words: str) -> list[FieldSpec] | None:
    """The fields that have to be the same; None if one is named that the record does not have.

    Where no thing is named, it is the one that the record is of, if that is not a person."""
    found: list[FieldSpec] = []
    for told in _THING.finditer(words):
        thing = stems(told["of"] or told["subject"])
        if not thing or thing <= _NO_THING or thing <= stems(f"{entity.label} booking"):
            continue
        fields = [
            f for f in entity.fields if f.target and stems(spec.entity(f.target).label) >= thing
        ]
        field = only(fields_named(entity, " ".join(thing))) or only(fields)
        if field is None:
            return None
        if field.type not in TIMES:
            found.append(field)
    things = [f for f in entity.fields if f.target and f.target not in lexicon.PARTIES | _SERVED]
    if not found and len(things) > 1:
        return None
    return list(dict.fromkeys(found or things))


def _no_overlap(spec: AppSpec, entity: EntitySpec, on: list[FieldSpec]) -> Made | None:
    span = span_of(entity) or length_of(entity)
    assert span is not None
    start, end = span
    if start.type == "date" and _is_hourly(start, end, on):
        for one in span:
            entity = with_field(entity, one.model_copy(update={"type": "datetime"}))
    names = [one.name for one in on]
    if start.type == "time":
        day = only([one for one in entity.fields if one.type == "date" or one.name in _DAYS])
        if day is None:
            return None
        names.append(day.name)
    entity = required(entity, start.name, end.name, *names)
    until = {"end" if end.type in TIMES else "minutes": end.name}
    rule = NoOverlap(rule="no_overlap", start=start.name, on=tuple(names), **until)
    of = f" of the same {' and '.join(lower(one.label) for one in on)}" if on else ""
    return _made(spec, entity, rule, f"Two {lower(entity.label_plural)}{of} cannot overlap.")


def _is_hourly(start: FieldSpec, end: FieldSpec, on: list[FieldSpec]) -> bool:
    is_bare = "date" not in f"{start.name}_{end.name}" and "day" not in f"{start.name}_{end.name}"
    return is_bare and any(stems(one.label) & _HOURLY for one in on)


def _lasts(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A lesson takes 45 minutes': what the form of a new one says at first."""
    minutes = int(found["number"]) * (60 if found["unit"].lower().startswith("h") else 1)
    kind = kind_named(spec, found["kind"] or "")
    for entity in [kind] if kind else spec.entities:
        for field in entity.fields:
            if field.name == "duration" and field.default == minutes:
                text = f"A new {lower(entity.label)} lasts {minutes} minutes, which can be changed."
                return spec, Built(text, "field", entity.name, field.name)
    return None


def _slot(spec: AppSpec, words: str, named: list[EntitySpec]) -> Made | None:
    """Where records have a moment but no end, no two may be at the same one."""
    with_time = [one for one in spec.entities if any(f.type in TIMES for f in one.fields)]
    entity = only([one for one in with_time if one in named]) or only(with_time)
    if entity is None or not re.search(r"double|twice|same time", words, re.IGNORECASE):
        return None
    if re.search(r"\bbe [a-z]+(?:ed|t|en) twice\b", words) and len(named) == 1 and entity in named:
        return None  # a board that is rented twice: of the rentals nothing is known
    times = [f for f in entity.fields if f.type in TIMES]
    on = _things_of(spec, entity, words)
    if on is None:
        return None
    if (
        not times
        or len(times) > 2
        or (len(times) == 2 and {f.type for f in times} != {"date", "time"})
    ):
        return None
    fields = [*(f.name for f in times), *(f.name for f in on)]
    what = " and ".join(lower(f.label) for f in (*times, *on))
    entity = required(entity, *fields)
    rule = Unique(rule="unique", fields=tuple(fields))
    return _made(spec, entity, rule, f"No two {lower(entity.label_plural)} have the same {what}.")


def _unique(spec: AppSpec, found: Match[str]) -> Made | None:
    parts = re.split(r"\s+(?:and|with|per|within|for)\s+", found["field"])
    place = field_named(spec, parts[0], lambda one: one.computed is None and one.type != "boolean")
    if place is None and found.groupdict().get("kind"):
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
    rule = Unique(rule="unique", fields=tuple(one.name for one in fields))
    what = " and ".join(lower(one.label) for one in fields)
    return _made(spec, entity, rule, f"No two {lower(entity.label_plural)} have the same {what}.")


def _once(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A member can book a class only once.'"""
    kinds = [kind_named(spec, found["who"]), kind_named(spec, found["what"])]
    for entity in spec.entities:
        links = [f for f in entity.fields if f.target in {k.name for k in kinds if k}]
        who = only(fields_named(entity, found["who"])) or only(
            [f for f in entity.fields if stems(found["who"]) <= stems(f.label)]
        )
        fields = list(dict.fromkeys(f for f in (*links, who) if f is not None))
        if len(fields) == 2 and any(f.type == "reference" for f in fields):
            rule = Unique(rule="unique", fields=tuple(f.name for f in fields))
            what = " and ".join(lower(f.label) for f in fields)
            text = f"No two {lower(entity.label_plural)} have the same {what}."
            return _made(spec, required(entity, *rule.fields), rule, text)
    return None


def _only_once(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A slot can only be booked once': by the only kind of record that refers to it."""
    target = kind_named(spec, found["what"])
    pairs = list(referring(spec, target)) if target else []
    verb = re.search(r"\bbe ([a-z]+)", found.string, re.IGNORECASE)
    event = EVENTS.get(lemma(verb[1])) if verb else None
    pair = only([one for one in pairs if one[0].name == event]) or only(pairs)
    if pair is None:
        return None
    entity, link = pair
    fields = [link]
    for word in re.split(r" and (?:per )?", found["per"] or ""):
        named = _per(entity, word) if word else link
        if named is None:
            return None
        fields.append(named)
    fields = list(dict.fromkeys(fields))
    names = tuple(one.name for one in fields)
    same = " and ".join(lower(one.label) for one in fields)
    text = f"No two {lower(entity.label_plural)} have the same {same}."
    return _made(spec, required(entity, *names), Unique(rule="unique", fields=names), text)


def _per(entity: EntitySpec, word: str) -> FieldSpec | None:
    """'Once per day': the only date; 'once per slot': the time slot."""
    moment = moment_of(entity) if word.lower() in ("day", "date") else None
    if moment is not None and moment.type == "date":
        return moment
    said = stems(word)
    longer = [one for one in entity.fields if said and said <= stems(one.label)]
    return only(fields_named(entity, word)) or only(longer)


def _one_each(spec: AppSpec, found: Match[str]) -> Made | None:
    """'One vote per member and movie'; 'one vote each' is one of each person."""
    entity = kind_named(spec, found["what"])
    if entity is None:
        return None
    said = re.split(r",? and (?:per )?|, | per ", found["who"]) if found["who"] else []
    named = [only(fields_named(entity, words)) for words in said]
    people = [f for f in entity.fields if f.target in lexicon.PARTIES]
    fields = named if said else [only(people)]
    names = [f.name for f in fields if f is not None]
    if not names or len(names) < len(fields):
        return None
    rule = Unique(rule="unique", fields=tuple(names))
    what = " and ".join(lower(entity.field(name).label) for name in names)
    text = f"No two {lower(entity.label_plural)} have the same {what}."
    return _made(spec, required(entity, *names), rule, text)


def _capacity(spec: AppSpec, found: Match[str]) -> Made | None:
    told = found.groupdict()
    target = kind_named(spec, told["per"])
    if target is None:
        return _choice_is_full(spec, told)
    children = list(referring(spec, target))
    kind = kind_named(spec, told.get("what") or "")
    named = [pair for pair in children if pair[0] is kind]
    if not named and not stems(told.get("what") or "place") & _PEOPLE:
        return None
    pair = only(named or children)
    if pair is None:
        return None
    entity, link = pair
    nouns = lower(entity.label_plural)
    if told.get("number"):
        number = int(told["number"])
        rule = Capacity(rule="capacity", of=link.name, maximum=number)
        text = f"{_one(target)} has at most {number} {nouns}."
    else:
        limit = _limit_of(target, told.get("limit") or "")
        if limit is None:
            return None
        said = stems(told.get("what") or "")
        size = only([f for f in entity.fields if f.type in NUMBERS and said <= stems(f.label)])
        if size is not None and said and span_of(entity) is not None:
            of = f"{lower(limit.label)} of the {lower(link.label)}"
            return _compared(spec, entity, size, "at_most", f"{link.name}.{limit.name}", of)
        return _no_more_than(spec, entity, link, limit)
    return _made(spec, required(entity, link.name), rule, text)


def _choice_is_full(spec: AppSpec, told: Mapping[str, str]) -> Made | None:
    """'At most 3 tasks in Doing': one of the choices of a field."""
    kind = kind_named(spec, told.get("what") or "")
    places = [
        (field, choice)
        for field in (kind.fields if kind is not None and told.get("number") else ())
        for choice in field.choices or ()
        if choice.casefold() in (told["per"].casefold(), f"in {told['per']}".casefold())
    ]
    if kind is None or len(places) != 1:
        return None
    ((field, choice),) = places
    number = int(told["number"])
    rule = Capacity(rule="capacity", of=field.name, value=choice, maximum=number)
    text = f"At most {number} {lower(kind.label_plural)} have the {lower(field.label)} {choice}."
    return _made(spec, kind, rule, text)


def _one(entity: EntitySpec) -> str:
    return f"{'An' if entity.label[0] in 'AEIOU' else 'A'} {lower(entity.label)}"


def _limit_of(target: EntitySpec, words: str) -> FieldSpec | None:
    numbers = [f for f in target.fields if f.type in NUMBERS]
    named = [f for f in fields_named(target, words) if f.type in NUMBERS] if words else []
    named = named or [f for f in numbers if words and stems(words) <= stems(f.label)]
    usual = re.compile(r"capacity|places|seats|spots|max|maximum|size")
    guessed = [f for f in target.fields if f.type in NUMBERS and usual.search(f.name)]
    return only(named) or (None if words else only(guessed))


def _full(spec: AppSpec, found: Match[str]) -> Made | None:
    """'No more bookings than seats.'"""
    child = kind_named(spec, found["what"])
    for link in (f for f in child.fields if f.target) if child else ():
        limit = _limit_of(spec.entity(str(link.target)), found["limit"])
        if child is not None and limit is not None:
            return _no_more_than(spec, child, link, limit)
    return None


def _no_more_than(spec: AppSpec, child: EntitySpec, link: FieldSpec, limit: FieldSpec) -> Made:
    target = required(spec.entity(str(link.target)), limit.name)
    said = stems(limit.label)
    taken = only(
        [f for f in child.fields if f.type == "integer" and said & stems(f.label) & _TAKEN]
    )
    rule = Capacity(rule="capacity", of=link.name, maximum_field=limit.name, amount=taken.name if taken else "")  # fmt: skip
    child = required(child, taken.name) if taken else child
    much = lower((taken or limit).label) if taken else lower(child.label_plural)
    text = f"{_one(target)} has no more {much} than its {lower(limit.label)}."
    return _made(with_entity(spec, target), required(child, link.name), rule, text)


def _filled(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A course can't be overbooked': no more records of the only kind that refers to it than it has
    places."""
    target = kind_named(spec, found["per"])
    pair = only(list(referring(spec, target))) if target else None
    limit = _limit_of(target, "") if target else None
    if pair is None or target is None:
        return None
    for rule in pair[0].rules if limit is None else ():
        if rule.rule == "capacity" and rule.of == pair[1].name:
            text = f"{_one(target)} that is full takes no more {lower(pair[0].label_plural)}."
            return spec, Built(text, "rule", pair[0].name, key_of(rule))
    return None if limit is None else _no_more_than(spec, *pair, limit)


_RELATIONS: tuple[tuple[str, Literal["more", "at_least", "less", "at_most"]], ...] = (
    (r"not be (?:before|earlier than|less than|lower than|smaller than|below|under)", "at_least"),
    (r"not (?:be (?:after|later than|more than|higher than|greater than|larger than|above|over)|exceed)", "at_most"),
    (r"not (?:end|finish|come|lie|return) before", "at_least"),
    (r"(?:be |end |finish |come |lie )?(?:after|later than|more than|higher than|greater than|larger than)", "more"),
    (r"(?:be |start |begin |come |lie )?(?:before|earlier than|less than|lower than|smaller than|below)", "less"),
    (r"be at least", "at_least"),
    (r"be at most", "at_most"),
)  # fmt: skip
_MustBe = Literal["more", "at_least", "less", "at_most"]
_Action = Literal["create", "change", "delete"]
_IS: dict[_MustBe, tuple[str, str]] = {
    "more": ("after", "more than"),
    "at_least": ("not before", "at least"),
    "less": ("before", "less than"),
    "at_most": ("not after", "at most"),
}


def _compare(spec: AppSpec, found: Match[str]) -> Made | None:
    phrase = re.sub(r"^can(?:['\u2019]t|not| not)", "not", found["how"], flags=re.IGNORECASE)
    phrase = re.sub(r"^(?:must|may|should|has to|have to) ?", "", phrase, flags=re.IGNORECASE)
    must_be: _MustBe | None = next(
        (r for p, r in _RELATIONS if re.fullmatch(p, phrase, re.IGNORECASE)), None
    )
    if must_be is None:
        return None
    for entity in spec.entities:
        field = only([f for f in fields_named(entity, found["field"]) if f.computed is None])
        other = only(fields_named(entity, found["than"])) if field else None
        if field and other and _comparable(field, other):
            return _compared(spec, entity, field, must_be, other.name, lower(other.label))
        for link in (f for f in entity.fields if f.target and field):
            target = spec.entity(str(link.target))
            of = only([f for f in fields_named(target, found["than"]) if f.computed is None])
            if field and of and _comparable(field, of):
                label = f"{lower(of.label)} of the {lower(link.label)}"
                path = f"{link.name}.{of.name}"
                return _compared(spec, entity, field, must_be, path, label)
    return None


def _no_more_in(spec: AppSpec, found: Match[str]) -> Made | None:
    """'A booking may not have more people than the room's capacity.'"""
    entity, target = kind_named(spec, found["kind"]), kind_named(spec, found["target"])
    if entity is None or target is None:
        return None
    link = only([f for f in entity.fields if f.target == target.name])
    said = stems(found["what"])
    field = only([f for f in entity.fields if f.type in NUMBERS and said <= stems(f.label)])
    limit = _limit_of(target, found["limit"])
    if link is None or field is None or limit is None:
        return None
    label = f"{lower(limit.label)} of the {lower(link.label)}"
    return _compared(spec, entity, field, "at_most", f"{link.name}.{limit.name}", label)


def _ends_after_its_start(spec: AppSpec, found: Match[str]) -> Made | None:
    entity = kind_named(spec, found["kind"])
    span = span_of(entity) if entity else None
    if entity is None or span is None or not _comparable(*span):
        return None
    start, end = span
    return _compared(spec, entity, end, "more", start.name, lower(start.label))


def _comparable(one: FieldSpec, other: FieldSpec) -> bool:
    if one.name == other.name or other.computed is not None:
        return False
    is_time = one.type in TIMES and one.type == other.type
    return is_time or {one.type, other.type} <= NUMBERS


def _compared(
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
    return _made(spec, entity, rule, text)


def _in_time(spec: AppSpec, found: Match[str]) -> Made | None:
    side: Literal["not_past", "not_future"] = "not_past"
    is_refused = re.search(rf"{_NOT}|\bno\b|\bnot\b", found.string, re.IGNORECASE) is not None
    if (found["side"].lower() == "future") == is_refused:
        side = "not_future"
    what = found["what"] or ""
    place = field_named(spec, what, lambda one: one.type in DATES)
    if place is None:
        entity = kind_named(spec, what)
        field = moment_of(entity) if entity else None
        if entity is None or field is None or field.type not in DATES:
            return None
        place = entity, field
    entity, field = place
    entity = required(entity, field.name)
    rule = InTime(rule=side, field=field.name)
    when = "past" if side == "not_past" else "future"
    text = f"{field.label} of {lower(entity.label_plural)} is not in the {when}."
    return _made(spec, entity, rule, text)


def _steps(spec: AppSpec, found: Match[str]) -> Made | None:
    """Each pair that is named is allowed; several clauses say it together."""
    said = [
        part.strip(" ,")
        for part in re.split(r"\bto\b|->|→|\bthen\b", found["steps"])
        if part.strip(" ,")
    ]
    for entity in spec.entities:
        for field in (f for f in entity.fields if f.choices):
            known = {choice.casefold(): choice for choice in field.choices}
            if len(said) < 2 or any(one.casefold() not in known for one in said):
                continue
            names = [known[one.casefold()] for one in said]
            before = next(
                (r for r in entity.rules if isinstance(r, Steps) and r.field == field.name), None
            )
            allowed = dict(before.allowed) if before else {}
            for one, other in pairwise(names):
                allowed[one] = tuple(dict.fromkeys((*allowed.get(one, ()), other)))
            rule = Steps(rule="steps", field=field.name, allowed=allowed)
            text = f"{field.label} of {lower(entity.label_plural)} goes from {' to '.join(names)} only."
            return _made(spec, entity, rule, text)
    return None


_ACTIONS: tuple[tuple[str, Literal["create", "change", "delete"]], ...] = (
    (r"cancel|withdraw|delete|unsubscribe|sign(?:ed)? out|take back", "delete"),
    (r"chang|edit|mov|reschedul", "change"),
    (r"book(?:ed)?\b|register|sign(?:ed)? up|enrol|reserv", "create"),
)


def _deadline(spec: AppSpec, found: Match[str]) -> Made | None:
    verb = found["verb"]
    action: _Action | None = next(
        (one for words, one in _ACTIONS if re.search(words, verb, re.IGNORECASE)), None
    )
    hours = int(found["number"]) * {"hour": 1, "day": 24, "week": 168}[found["unit"].lower()]
    named = kinds_named(spec, verb)
    moment = stems(found["moment"] or "")
    places: list[tuple[EntitySpec, str, FieldSpec]] = []
    for entity in spec.entities:
        own = moment_of(entity)
        if own is not None and own.type in DATES:
            places.append((entity, own.name, own))
        for link in (f for f in entity.fields if f.target):
            other = moment_of(spec.entity(str(link.target)))
            if other is not None and other.type in DATES:
                places.append((entity, f"{link.name}.{other.name}", other))
    fitting = [
        p
        for p in places
        if not moment or moment & (stems(p[2].label) | {"start", "begin", "beginning"})
    ]
    of_named = [p for p in fitting if p[0] in named]
    linked = [p for p in fitting if "." in p[1]]
    place = only(of_named) or (only(linked) if stems(verb) & _PEOPLE else None) or only(fitting)
    if place is None or action is None:
        return None
    entity, path, field = place
    entity = required(entity, path.partition(".")[0])
    rule = Deadline(rule="deadline", field=path, hours=hours, actions=(action,))
    done = {"delete": "deleted", "change": "changed", "create": "added"}[action]
    time = f"{found['number']} {found['unit'].lower()}{'' if found['number'] == '1' else 's'}"
    text = f"{entity.label_plural} can be {done} until {time} before the {lower(field.label)}."
    return _made(spec, entity, rule, text)


_N = r"(?P<number>\d{1,5})"
_MOST = r"(?:at most|max(?:imum)?(?: of)?|up to|no more than|not more than|only|a maximum of|(?:with )?(?:a )?limit of|limited to)"
_HAVE = r"(?:can|may|should|must)? ?(?:has|have|takes?|holds?|accepts?|allows?)"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (r"\boverlap(?:s|ping|ped)?\b|\bdouble[- ]?book|\bbooked twice\b|\bat the same time\b", _overlap),
        (r"^(?:(?:an?|each|every|the|all) )?(?:(?P<kind>[\w -]{1,60}?) )??(?:always )?(?:takes?|lasts?|is|are)(?: about| always| exactly)? (?P<number>\d{1,4}) (?P<unit>minutes?|mins?|hours?)(?: long)?$", _lasts),
        (r"^(?:the )?(?P<field>[\w -]+?) (?:must|has to|should|have to|is|are) (?:be )?(?:always )?unique$", _unique),
        (r"^unique (?P<field>[\w -]+?)(?: (?:for|per|of) (?:each |every |all )?(?P<kind>[\w -]+))?$", _unique),
        (rf"^(?:no two|two) (?P<kind>[\w-]+) (?:{_NOT} |may |can )?(?:have|with|share) the same (?P<field>[\w -]+)$", _unique),
        (r"^(?P<field>[a-z][\w -]*?)(?: ?\([^()]*\))? ?\((?:must be |is )?unique\)$", _unique),
        (r"^(?:no|never) duplicate (?P<field>[\w -]+?)s?$", _unique),
        (r"^(?:each|every|an?|one) (?P<who>[\w-]+) (?:can|may) (?:only )?[\w-]+ (?:up )?(?:for |in |at )?(?:an?|each|every|the same) (?P<what>[\w-]+) (?:only |just )?once$", _once),
        (r"^(?:an?|each|every|the) (?P<what>[\w-]+) (?:can|may|must) (?:only )?be (?:booked|taken|reserved|rented|lent|used) (?:only |just )?once(?: (?:per|a|each|every|on the same) (?P<per>[\w-]+(?: and (?:per )?[\w-]+)?))?$", _only_once),
        (rf"^the same (?P<what>[\w-]+) {_NOT} be (?:used|booked|taken|reserved|rented|assigned|planned)(?: (?:for|by|in) (?:two|several|more than one) [\w-]+)?(?: (?:per|a|each|every|on the same) (?P<per>[\w-]+))?$", _only_once),
        (r"^(?:only |just |exactly )?(?:one|a single) (?P<what>[\w-]+) (?:each|per (?P<who>[\w-]+(?:(?:,? and|,| per) (?:per )?[\w-]+){0,4}))$", _one_each),
        (rf"^(?:there )?(?:(?:can|may) be )?{_MOST} {_N} (?P<what>[\w-]+(?: [\w-]+)?) (?:per|in|for|on) (?:an? |each |every |one )?(?P<per>[\w-]+(?: [\w-]+)??)(?: (?:at once|at a time|at the same time))?$", _capacity),
        (rf"^(?:an?|each|every|the) (?P<per>[\w-]+) {_HAVE} {_MOST} {_N} (?P<what>[\w-]+)$", _capacity),
        (rf"^(?:an?|each|every|the) (?P<per>[\w-]+) {_NOT} (?:have|take|hold|accept) more than {_N} (?P<what>[\w-]+)$", _capacity),
        (rf"^(?:never |not |no )more than {_N} (?P<what>[\w-]+) (?:per|in|for|on) (?:an? |each |every |one )?(?P<per>[\w-]+)$", _capacity),
        (rf"^(?:an?|each|every|the|no) (?P<kind>[\w-]+) (?:{_NOT} |may |can )(?:have|be for|take) more (?P<what>[\w-]+) than (?:the|its) (?P<target>[\w-]+)['\u2019]s (?P<limit>[\w -]+)$", _no_more_in),
        (rf"^(?:an?|each|every|the) (?P<per>[\w-]+) {_NOT} (?:have|take) more (?P<what>[\w-]+) than (?:its |the |there are )?(?P<limit>[\w -]+)$", _capacity),
        (rf"^(?:{_NOT} )?(?:sell|accept|take|allow|book)? ?more (?P<what>[\w-]+) than (?:the |there are |its )?(?P<limit>[\w -]+?)(?: of (?:the|an?|its) [\w-]+)?$", _full),
        (r"^(?:when|once|if) (?:an?|the) (?P<per>[\w-]+) is full,? (?:nobody|no one|you|people|nobody else) (?:can|may|can['\u2019]t|cannot)\b.*$", _filled),
        (rf"^(?:an?|the|no|each|every) (?P<per>[\w-]+) (?:{_NOT} |may |can )be (?:over-?booked|overfull|over-?filled|booked over (?:its )?capacity)$", _filled),
        (r"^(?:no|never) (?P<per>[\w-]+) (?:may|can|should|must) have more (?P<what>[\w-]+) than (?P<limit>[\w -]+)$", _capacity),
        (r"^(?:there (?:can|may) be )?(?:no|not|never) more (?P<what>[\w-]+) than (?:the |there are )?(?P<limit>[\w -]+?)(?: of (?:the|an?|its) [\w-]+)?$", _full),
        (rf"^(?:the )?(?P<what>.*?)(?: {_NOT} (?:be |lie |start |begin )?| must (?:be |lie |start )?(?:not be )?| has to be | have to be | (?:not )?)(?:allowed )?(?:made |entered )?in the (?P<side>past|future)$", _in_time),
        (rf"^(?:an?|each|every|no|the) (?P<kind>[\w-]+) (?:{_NOT} |may |can )(?:end|finish|stop|be over) before (?:it|they|he|she) (?:has |have )?(?:start|beg[aiu]n|open)(?:s|ed)?$", _ends_after_its_start),
        (r"^(?:no )?(?P<what>[\w -]+?) in the (?P<side>past|future)(?: (?:are|is) (?:not|never) (?:allowed|possible|permitted))?$", _in_time),
        (r"\bfrom (?P<steps>[\w -]+?(?:,? (?:to|then) [\w -]+?)+)$", _steps),
        (rf"^(?P<verb>.+?) (?:only )?(?:until|till|up to|no later than|at least) {_N} (?P<unit>hour|day|week)s? before(?: the)? ?(?P<moment>[\w -]*)$", _deadline),
        (r"^(?:the )?(?P<field>[\w -]+?) (?P<how>(?:must|should|has to|have to|cannot|can['\u2019]t|can not|may not)(?: not)?(?: [\w]+)*?(?: before| after| than| below| above| under| over| exceed| least| most| than)) (?:the )?(?P<than>[a-z][\w -]+)$", _compare),
    )
)  # fmt: skip
