"""Links between kinds of records in the words of people: many to many, lists in an order of their own,
records on the page of what they belong to. A wording is a row of `_MANY_TO_MANY` or `_OTHERS`."""

import re
from collections.abc import Callable
from re import Match

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.draft import AppDraft, EntityDraft, plural_label
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.places import kind_named, lower, only, stems, with_entity, with_field
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

_ONE = r"(?:(?:an?|each|every|the|our|all|one|any) )*(?P<{}>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}}?)"
_MANY = r"(?:any number of|more than one|one or more|(?:as )?many(?: different)?|several|multiple|various|all kinds of)"
_CAN = r"(?:(?:can|may|could|should|will|must) )?(?:also )?"
_INSIDE = r"(?:be in|be on|be part of|are in|is in|are on|is on|are part of|is part of|belongs? to|appears? in|appears? on)"
_DONE = r"(?:attends?|takes?|visits?|joins?|enroll?s? in|plays? in|studys?|studies)"
_HAS = rf"{_CAN}(?P<verb>(?:have|has|contains?|includes?|holds?|gets?|carry|carries|uses?|speaks?|knows?|teach|teaches|writes?|works? (?:on|in|for)|{_INSIDE}|be assigned to|are assigned to|{_DONE}))"
_BACK = rf"{_CAN}(?:[a-z]+(?: (?:in|on|of|to|by|for|from|assigned to|part of|written by|attended by|taken by))*) {_MANY}"
_LABELS = word_set(
    "tag label category genre topic keyword skill allergen language ingredient amenity"
)
"""Kinds that say what others are like: the others hold the link."""
_A, _B = _ONE.format("one"), _ONE.format("other")

_MANY_TO_MANY: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_A} {_HAS} {_MANY} {_B}(?:,|;)?(?: (?:and|while|but|where))?(?: (?:an?|each|every|the|one))? (?P<back>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}}?) {_BACK} (?P<again>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}})$",
        rf"^{_A} {_HAS} {_MANY} {_B},?(?: and)? (?:vice[ -]versa|the other way (?:round|around))$",
        rf"^(?:(?:there (?:is|should be)|add|make|create) )?(?:an? )?many[ -]to[ -]many(?: (?:relation(?:ship)?|link|connection))? (?:between|from|of) {_A} (?:and|to|with) {_B}$",
        rf"^{_A} and {_B} (?:are|have|form|should be|should have|a) (?:an? )?(?:(?:linked|related|connected) )?many[ -]to[ -]many(?: (?:relation(?:ship)?|link))?$",
        rf"^link many {_A} (?:to|with) many {_B}$",
        rf"^(?P<deed>){_A} {_HAS} {_MANY} {_B}$",
    )
)  # fmt: skip


def note_links(app: AppDraft, clause: str) -> bool:
    """Take a clause that says nothing but that two kinds have many of each other."""
    found = _match(clause)
    one, other = (clean_noun(found[name]) if found else None for name in ("one", "other"))
    if found is None or one is None or other is None or one.name == other.name:
        return False
    if not _is_mutual(found, other.name, is_known=_is_known(app, one) and _is_known(app, other)):
        return False
    holder, target = app.entity(one.name), app.entity(other.name)
    if _is_turned(found, holder.name, target.name):
        holder, target = target, holder
    refer_many(holder, target)
    app.unread.append(clause)
    return True


def _match(clause: str) -> Match[str] | None:
    return next((found for one in _MANY_TO_MANY if (found := one.match(clause.strip(" .")))), None)


def _is_known(app: AppDraft, noun: Noun) -> bool:
    return app.find(noun.name) is not None


def _is_mutual(found: Match[str], other: str, *, is_known: bool) -> bool:
    """Whether both have many: it is said, or it lies in the words, as with tags and courses."""
    told = found.groupdict()
    if told.get("back") is not None:
        return stems(told["back"]) == stems(told["other"]) and stems(told["again"]) == stems(
            told["one"]
        )
    if "deed" not in told or told["deed"] is None:
        return True
    is_deed = re.fullmatch(_DONE, told["verb"], re.IGNORECASE) is not None
    return is_known and (is_deed or other.split("_")[-1] in _LABELS)


def _is_turned(found: Match[str], one: str, other: str) -> bool:
    """Whether the second holds the link: 'a song can be in many setlists', 'tags have many recipes'."""
    if one.split("_")[-1] in _LABELS or other.split("_")[-1] in _LABELS:
        return one.split("_")[-1] in _LABELS
    return re.fullmatch(_INSIDE, found.groupdict().get("verb") or "", re.IGNORECASE) is not None


def _is_held(holder: EntityDraft, target: EntityDraft) -> bool:
    return any(f.type == "references" and f.target == target.name for f in holder.given.values())


def refer_many(holder: EntityDraft, target: EntityDraft) -> None:
    """Once, and in place of a single link that was read before."""
    if _is_held(holder, target) or _is_held(target, holder):
        return
    for a, b in ((holder, target), (target, holder)):
        a.given = {name: f for name, f in a.given.items() if f.target != b.name}
        a.parent = None if a.parent == b.name else a.parent
    holder.refer_many(target.name)


def note_order(app: AppDraft, clause: str) -> bool:
    """Take a clause that asks for an order within what records belong to."""
    found = next((one for form in _ORDERED if (one := form.match(clause.strip(" .")))), None)
    told = found.groupdict() if found else {}
    kind, owner = (clean_noun(told.get(name) or "") for name in ("kind", "owner"))
    if kind is None or not kind.many or (told.get("owner") and owner is None):
        return False
    if owner is not None:
        held, holder = app.entity(kind.name), app.entity(owner.name)
        if _SHARED.search(clause):
            refer_many(holder, held)
        _belong(app, held, holder)
    app.unread.append(clause)
    return True


_SHARED = re.compile(
    r"\b(?:has|have|is|are) (?:an? )?(?:setlist|playlist|programme|program|line-?up|menu)\b",
    re.IGNORECASE,
)
"""'Each gig has a setlist of songs in order': a song is played at many gigs."""


def _belong(app: AppDraft, kind: EntityDraft, owner: EntityDraft) -> None:
    """Where each has many of the other, what connects them is put in order."""
    if _is_held(owner, kind) or _is_held(kind, owner):
        for a, b in ((owner, kind), (kind, owner)):
            a.given = {name: f for name, f in a.given.items() if f.target != b.name}
        joint = app.entity(f"{owner.name}_{kind.name}")
        for end in (kind, owner):
            joint.refer(end.name, required=True)
        joint.parent, joint.joins = owner.name, True
    elif not app.connected(kind.name, owner.name) and not owner.refers_to(kind.name):
        kind.refer(owner.name)
        kind.parent = kind.parent or owner.name


def speaks_of_links(words: str) -> bool:
    """Whether the words say that two kinds have many of each other, or ask for an order."""
    found = _match(words)
    if found is not None and found.groupdict().get("deed") is None:
        return _is_mutual(found, "", is_known=True)
    return any(form.match(words.strip(" .")) for form in _ORDERED)


def _linked(spec: AppSpec, found: Match[str]) -> Made | None:
    one, other = kind_named(spec, found["one"]), kind_named(spec, found["other"])
    if one is None or other is None or one is other:
        return None
    if not _is_mutual(found, other.name, is_known=True):
        return None
    if (made := _has_link(one, other) or _has_link(other, one)) is not None:
        return spec, made
    if (joint := _connected(spec, one, other)) is not None:
        text = f"{joint.label_plural} connect {lower(one.label_plural)} and {lower(other.label_plural)}, as many as there are."
        return spec, Built(text, "records", joint.name, "")
    if _is_turned(found, one.name, other.name):
        one, other = other, one
    if any(f.target == b.name for a, b in ((one, other), (other, one)) for f in a.fields):
        return None  # records are linked already: what they hold would be lost
    label = plural_label(other.name)
    field = FieldSpec(
        name=f"{other.name}_ids"[:60],
        label=label,
        type="references",
        target=other.name,
        on_delete="unlink",
    )
    entity = with_field(one, field)
    entity = entity.model_copy(update={"filters": (*entity.filters, field.name)})
    return with_entity(spec, entity), _told(entity, other, field)


def _has_link(one: EntitySpec, other: EntitySpec) -> Built | None:
    field = next((f for f in one.fields if f.type == "references" and f.target == other.name), None)
    return None if field is None else _told(one, other, field)


def _told(one: EntitySpec, other: EntitySpec, field: FieldSpec) -> Built:
    text = (
        f"{one.label_plural} have any number of {lower(other.label_plural)}, and the other way round: "
        "they are chosen in the form and shown on both pages."
    )
    return Built(text, "links", one.name, field.name)


def _ordered(spec: AppSpec, found: Match[str]) -> Made | None:
    """'An ordered list of songs per setlist': what belongs to one, or what connects the two."""
    told = found.groupdict()
    kind = kind_named(spec, told["kind"])
    owner = kind_named(spec, told.get("owner") or "")
    if kind is None or (told.get("owner") and owner is None):
        return None
    if owner is not None:
        kind = _connected(spec, owner, kind) or kind
    else:
        kind = only(_joints(spec, kind)) or kind
    links = [
        one
        for one in kind.fields
        if one.type == "reference" and (owner is None or one.target == owner.name)
    ]
    if owner is None and len(links) > 1:
        links = [one for one in links if one.target == kind.parent]
    if (link := only(links)) is None:
        return None
    entity = kind.model_copy(update={"ordered": link.name})
    of = spec.entity(str(link.target))
    text = f"{entity.label_plural} of a {lower(of.label)} stand in an order of their own and are moved on its page, by mouse or arrow keys."
    return with_entity(spec, entity), Built(text, "ordered", entity.name, link.name)


def _connected(spec: AppSpec, owner: EntitySpec, kind: EntitySpec) -> EntitySpec | None:
    """The records that do nothing but connect the two."""
    for one in spec.entities:
        targets = [f.target for f in one.fields if f.type == "reference"]
        is_plain = len(targets) == 2 and all(f.type == "reference" for f in one.fields)
        if is_plain and {*targets} == {owner.name, kind.name}:
            return one
    return None


def _joints(spec: AppSpec, kind: EntitySpec) -> list[EntitySpec]:
    """What does nothing but put records of this kind into others: songs into setlists."""
    found = [_connected(spec, one, kind) for one in spec.entities if one is not kind]
    return [one for one in found if one is not None]


def _inline(spec: AppSpec, found: Match[str]) -> Made | None:
    """'Show the line items on the invoice page': every page of a record shows what belongs to it."""
    kind, owner = kind_named(spec, found["kind"]), kind_named(spec, found["owner"])
    if kind is None or owner is None or kind is owner:
        return None
    link = only([f for f in kind.fields if f.type == "reference" and f.target == owner.name])
    if link is None:
        return None
    text = (
        f"{kind.label_plural} stand on the page of their {lower(owner.label)} and are added there."
    )
    return spec, Built(text, "inline", kind.name, link.name)


_LEAD = r"^(?:please |also |and |then |i want |we want |i need |we need |i'd like |we'd like |with |there (?:is|should be) )*"
_KIND = r"(?P<kind>[a-z][\w-]*(?: [a-z][\w-]*){0,2}?)"
_OWNER = r"(?P<owner>[a-z][\w-]*(?: [a-z][\w-]*){0,2}?)"
_WITHIN = r"(?:per|for (?:each|every|a|the)|of (?:each|every|a|the)|in (?:each|every|a|the)|on (?:each|every|a|the)|within (?:each|every|a|the)|to (?:each|every|a|the))"
_OTHERS: tuple[tuple[str, Callable[[AppSpec, Match[str]], Made | None]], ...] = (
    (rf"{_LEAD}(?:to have |to see |keep |have )?an? (?:ordered|sortable|orderable|sorted) list of (?:the |its |their )?{_KIND} {_WITHIN} {_OWNER}$", _ordered),
    (rf"^(?:each|every|an?) {_OWNER} (?:has|should have|needs|is|contains) an? (?:\w+ )?(?:\w*list|programme|program|sequence|series|line-?up|menu|agenda) of (?:the |its )?{_KIND} in (?:an? |the |their )?(?:\w+ )?order$", _ordered),
    (rf"^an? (?:\w+ )?(?:\w*list|programme|program|sequence|series|line-?up|menu|agenda) of (?:the |its )?{_KIND} in (?:an? |the |their )?(?:\w+ )?order$", _ordered),
    (rf"^(?:the )?{_KIND} (?:{_WITHIN} {_OWNER} )?(?:are|is|should be|must be|stay) (?:ordered|in order|sortable|orderable|in an order|in a fixed order)(?: and can be (?:moved|reordered|re-ordered|rearranged).*)?$", _ordered),
    (rf"^(?:the )?{_KIND} {_WITHIN} {_OWNER} can be (?:moved|reordered|re-ordered|rearranged|dragged)(?: (?:by|with|up|around|into).*)?$", _ordered),
    (rf"{_LEAD}(?:to )?(?:reorder|re-order|rearrange) (?:the |all )?{_KIND}$", _ordered),
    (rf"{_LEAD}(?:to )?(?:show|see|list|add|edit|enter|display) (?:the |all |its )?{_KIND} (?:directly |right |inline )?(?:on|inside|in) (?:the |an? |each |every |its )?{_OWNER}(?:'s)? (?:detail |details )?page$", _inline),
    (rf"{_LEAD}(?:to )?(?:show|see|list|view|display) (?:the |all )?{_KIND} (?:per|for each|for every|of each|of every|by) {_OWNER}$", _inline),
)  # fmt: skip
_ORDERED = tuple(re.compile(one, re.IGNORECASE) for one, make in _OTHERS if make is _ordered)
FORMS: tuple[Form, ...] = (
    *((pattern, _linked) for pattern in _MANY_TO_MANY),
    *((re.compile(pattern, re.IGNORECASE), make) for pattern, make in _OTHERS),
)
