"""The wishes behind a message, out of what the offline builder made of it.

A word of the message is in a wish only if the application really has what it names: a record, a field,
a choice, a limit, the title. Every other word is left for the person to read as not understood.
"""

import dataclasses
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from stackwright.core.message_words import asks_for_text, unsaid
from stackwright.core.wishes import WishKind
from stackwright.offline.accounts import Granted
from stackwright.offline.edits.fields import Rename
from stackwright.offline.fulfilled import Fulfilled
from stackwright.offline.quotes import (
    JOINTS,
    Word,
    quotes_of,
    spans,
    stems_of,
    words_of,
    words_outside,
)
from stackwright.offline.reader import Reading
from stackwright.offline.units import words_of_unit
from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.verbs import EVENTS
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, Shows
from stackwright.scaffold.words import Capacity

_RULE_WORDS = frozenset(
    {
        *("max", "maximum", "min", "minimum", "limit", "limited", "only", "not", "never", "must"),
        *("cannot", "unique", "overlap", "per", "total", "sum", "average", "every", "until"),
        *("before", "after", "most", "least", "than", "reminder", "chart", "calendar", "login"),
    }
)
"""In the name of a field they are a rule that was taken for a name: nothing enforces it."""
_LIMITS = frozenset({"max", "maximum", "limit", "most"})
_SIGNS = {
    "boolean": frozenset(
        {"yes", "no", "not", "or", "flag", "checkbox", "whether", "true", "false"}
    ),
    "date": frozenset({"date", "day", "dates"}),
    "datetime": frozenset({"date", "time", "when"}),
    "time": frozenset({"time", "times"}),
    "integer": frozenset({"number", "many", "count"}),
    "money": frozenset({"money", "amount", "dollars", "euros", "eur", "usd"}),
    "text": frozenset({"text", "long"}),
    "enum": frozenset({"choice", "choices", "one", "either"}),
    "reference": frozenset(
        {"each", "one", "several", "many", "belong", "linked", "link", "assigned", "bring"}
    )
    | frozenset({"sit", "stand", "hang", "lie", "grow", "live", "work", "play", "happen", "made"}),
}
"""Words that say what type a field has, beside its name."""
_COMMANDS: dict[Shows, frozenset[str]] = {
    "required": frozenset({"required", "mandatory", "must", "compulsory", "optional", "needed"}),
    "filter": frozenset({"filter", "filters", "filtering", "filtered"}),
    "gone": frozenset({"remove", "delete", "drop", "without", "rid", "no", "field"}),
    "no_records": frozenset({"remove", "delete", "drop", "without", "rid"}),
    "title": frozenset({"rename", "title", "name", "call", "called", "app", "application"}),
    "field": frozenset({"rename", "field", "change", "replace"}),
    "records": frozenset({"rename"}),
    "choices": frozenset({"choice", "choices", "option", "options", "status"}),
}


@dataclass(frozen=True)
class PlannedWish:
    """A wish before it has an id; `shows`, `entity` and `field` say what a witness looks at."""

    text: str
    kind: WishKind
    quotes: tuple[str, ...]
    shows: Shows | None = None
    entity: str = ""
    field: str = ""
    not_built: str = ""


@dataclass
class _Part:
    """Something the application has, and the words that name it."""

    text: str
    kind: WishKind
    shows: Shows
    entity: str = ""
    field: str = ""
    stems: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    """Count beside a word of `stems` only."""
    context: frozenset[str] = frozenset()
    """Count wherever they stand, once a word of `stems` was found."""
    found: list[Word] = dataclasses.field(default_factory=list[Word])


def wishes_of_app(message: str, reading: Reading) -> list[PlannedWish]:
    """Of a message that described a new application."""
    spec = reading.spec
    parts = [_title(spec, reading.calls_it), *_audience(message, spec)]
    limits = _limits_in(spec)
    for entity in spec.entities:
        parts.append(_records(entity))
        for one in entity.fields:
            parts += _field(entity, one, is_limit=(entity.name, one.name) in limits)
    parts = [one for one in parts if not _is_told(one, reading.fulfilled)]
    left_out = list(_left_out(message, reading.unbuilt))
    fulfilled = list(_fulfilled(message, reading.fulfilled))
    fulfilled += wishes_of_rights(message, reading.granted)
    other = [
        *(quote for wish in (*fulfilled, *left_out) for quote in wish.quotes),
        *quotes_of(message, reading.unread),
    ]
    built = [*_found(message, parts, other=other), *fulfilled]
    return [*map(_saying_its_quotes, built), *left_out]


def wishes_of_change(
    message: str,
    before: AppSpec,
    after: AppSpec,
    renames: Sequence[Rename],
    fulfilled: Sequence[Fulfilled] = (),
) -> list[PlannedWish]:
    """Of a message that changed one: what the specification has now and had not before."""
    built = list(_fulfilled(message, fulfilled))
    other = [quote for wish in built for quote in wish.quotes]
    parts = [one for one in _changed(before, after, renames) if not _is_told(one, fulfilled)]
    found = [*_found(message, parts, other=other, is_change=True), *built]
    return [_saying_its_quotes(wish) for wish in found]


def _saying_its_quotes(wish: PlannedWish) -> PlannedWish:
    """What a quote tells beside the name stands in the wish, too: 'kept (mm)', 'deleted (lends)'."""
    left = dict.fromkeys(part.strip(" ().,;") for part in unsaid(wish.text, wish.quotes))
    if not left:
        return wish
    return dataclasses.replace(wish, text=f"{wish.text.rstrip('.')} ({', '.join(left)}).")


def _changed(before: AppSpec, after: AppSpec, renames: Sequence[Rename]) -> Iterator[_Part]:
    if after.title != before.title:
        yield _title(after)
    known = {entity.name: entity for entity in before.entities}
    new_names = {one.entity_new: one.entity_old for one in renames if one.field_old is None}
    for entity in after.entities:
        former = known.pop(new_names.get(entity.name, entity.name), None)
        if former is not None and former.name != entity.name:
            yield _renamed(former, entity)
        if former is None:
            yield _records(entity)
            for one in entity.fields:
                yield from _field(entity, one)
        else:
            yield from _changed_fields(former, entity)
    yield from _gone_files(before, after)
    for entity in known.values():
        text = f"There are no {entity.label_plural.lower()} any more."
        stems = stems_of(entity.label, entity.label_plural)
        yield _Part(text, "behaviour", "no_records", entity.plural, stems=stems)


def _gone_files(before: AppSpec, after: AppSpec) -> Iterator[_Part]:
    was, now = before.kit("files"), after.kit("files")
    kept = now.settings().slots if now else ()
    kinds = {entity.name: entity for entity in after.entities}
    for slot in was.settings().slots if was else ():
        entity = kinds.get(slot.entity)
        if entity is not None and all(slot.name != one.name for one in kept):
            text = f"{entity.label_plural} have no {slot.label.lower()} any more."
            stems = stems_of(slot.label, entity.label_plural)
            yield _Part(text, "data", "gone", entity.name, slot.label, stems)


def _changed_fields(before: EntitySpec, after: EntitySpec) -> Iterator[_Part]:
    known = {one.name: one for one in before.fields}
    for one in after.fields:
        former = known.pop(one.name, None)
        if former is None or (former.type, former.label) != (one.type, one.label):
            yield from _field(after, one)
        elif former != one:
            yield from _field(after, one)
            if former.required != one.required:
                yield _required(after, one)
    for name in set(after.filters) - set(before.filters):
        one = after.field(name)
        text = f"{after.label_plural} can be filtered by {one.label.lower()}."
        context = stems_of(after.label, after.label_plural)
        yield _Part(
            text, "behaviour", "filter", after.name, name, frozenset({"filter"}), context=context
        )
    for one in known.values():
        text = f"{after.label_plural} have no {one.label.lower()} any more."
        yield _Part(
            text, "data", "gone", after.name, one.label, stems_of(one.label, after.label_plural)
        )


def _renamed(before: EntitySpec, after: EntitySpec) -> _Part:
    text = f"{before.label_plural} are called {after.label_plural.lower()} and are kept as before."
    stems = stems_of(before.label, before.label_plural, after.label, after.label_plural)
    return _Part(text, "data", "records", after.name, stems=stems)


def _title(spec: AppSpec, calls_it: str = "") -> _Part:
    text = f"The app is called {spec.title}."
    views = {"board", "kanban", "calendar", "dashboard", "chart"}
    stems = stems_of(spec.title) | (stems_of(calls_it) - views)
    return _Part(text, "words", "title", stems=stems)


def _is_told(part: _Part, fulfilled: Sequence[Fulfilled]) -> bool:
    """Whether a clause of its own asked for these links."""
    told = {(one.entity, one.field) for one in fulfilled if one.shows == "links"}
    return part.shows == "links" and (part.entity, part.field) in told


def _audience(message: str, spec: AppSpec) -> Iterator[_Part]:
    """Who the application is for: nothing to build, but the start page says it."""
    for found in _AUDIENCE.finditer(message):
        whom = " ".join((found["for"] or found["of"]).split())
        if whom.casefold() in spec.description.casefold():
            text = f"The start page says whom the application is for: {whom}."
            yield _Part(text, "words", "about", field=whom, stems=stems_of(whom))


_AUDIENCE = re.compile(
    r"\bfor (?:my|our|the|a|an) (?P<for>[\w-]+(?: [\w-]+){0,3}?)(?=\s*(?:[:.,;]|$|\bwith\b|\bthat\b|\bwhere\b))"
    r"|\b(?:my|our|the|a|an) (?P<of>[\w-]+(?: [\w-]+){0,2}?)['\N{RIGHT SINGLE QUOTATION MARK}]s\b",
    re.IGNORECASE,
)


def _records(entity: EntitySpec) -> _Part:
    text = f"{entity.label_plural} can be added, changed and deleted."
    stems = stems_of(entity.label, entity.label_plural, entity.name, entity.plural)
    stems |= {verb for verb, left in EVENTS.items() if left == entity.name}
    if entity.name == "signup":
        stems |= {"up"}
    verbs = frozenset(stem.removesuffix("ing") for stem in stems if stem.endswith("ing"))
    return _Part(text, "data", "records", entity.name, stems=stems | verbs)


def _field(entity: EntitySpec, one: FieldSpec, *, is_limit: bool = False) -> Iterator[_Part]:
    """`is_limit`: a rule holds to it, so that "maximum" is no empty word in its name."""
    nouns, label = entity.label_plural.lower(), one.label.lower()
    units = words_of_unit(one.unit) if one.unit else ()
    name = one.name.removesuffix("_id") if one.target else one.name
    named = stems_of(one.label, name, *units) - (_RULE_WORDS - _kept_in_name(one))
    if is_limit:
        named |= _LIMITS
    named = frozenset(stem for stem in named if not stem.isdigit())
    signs = _SIGNS.get(one.type, frozenset[str]())
    if one.type == "references":
        text = f"{entity.label_plural} have any number of {label}, shown on both pages."
        yield _Part(text, "data", "links", entity.name, one.name, named)
        return
    text = f"The {label} of {nouns} is kept."
    nouns_of = stems_of(entity.label, entity.label_plural)
    yield _Part(text, "data", "field", entity.name, one.name, named, signs, nouns_of)
    if one.choices:
        text = f"{one.label} of {nouns} is one of: {', '.join(one.choices)}."
        stems, signs = stems_of(*one.choices), frozenset({"column", "lane"})
        yield _Part(text, "data", "choices", entity.name, one.name, stems, signs)
    bounds = [value for value in (one.minimum, one.maximum) if value is not None and value != 0]
    if bounds:
        numbers = frozenset(
            f"{value:g}" for value in (one.minimum, one.maximum) if value is not None
        )
        text = f"{label.capitalize()} of {nouns} stays within {' and '.join(sorted(numbers))}."
        signs = frozenset({"between", "star", "max", "min", "maximum", "minimum", "least", "most"})
        yield _Part(text, "rule", "limits", entity.name, one.name, numbers, signs)


def _kept_in_name(one: FieldSpec) -> frozenset[str]:
    """'Price per night' and 'best before' are names."""
    return frozenset({"per", "before", "after", "until"} & {*one.label.lower().split()[1:]})


def _limits_in(spec: AppSpec) -> set[tuple[str, str]]:
    """The fields to which a rule holds: (entity, field)."""
    return {
        (str(entity.field(rule.of).target), rule.maximum_field)
        for entity in spec.entities
        for rule in entity.rules
        if isinstance(rule, Capacity) and rule.maximum_field
    }


def _required(entity: EntitySpec, one: FieldSpec) -> _Part:
    word = "required" if one.required else "optional"
    text = f"{one.label} of {entity.label_plural.lower()} is {word}."
    kind: WishKind = "rule" if one.required else "data"
    return _Part(text, kind, "required", entity.name, one.name, stems_of(one.label))


def _found(
    message: str, parts: Sequence[_Part], *, other: Sequence[str] = (), is_change: bool = False
) -> list[PlannedWish]:
    """The parts that the message names, with the words that name them. A part of which it says
    nothing (a field that every record of this kind has) is no wish of the person's. The quotes in
    `other` say something else, whatever their words are."""
    current = ""
    every = words_of(message)
    words = words_outside(message, every, other)
    for index, word in enumerate(words):
        named = [part for part in parts if _names(part, word)]
        near = [part for part in named if part.entity == current]
        for part in named:
            if part.shows in _EVERYWHERE or part in (near or named):
                part.found.append(word)
                current = part.entity or current
        if not named:
            _take_sign(words, index, parts, is_change=is_change)
    found = [part for part in parts if any(_names(part, one) for one in part.found)]
    for part in found:
        part.found += [word for word in words if is_change and word.stem in part.context]
    whole = {part.entity for part in found if part.shows == "records"}
    wishes = [_wish(message, _shown_with(part, whole), every) for part in found]
    return [wish for wish in wishes if wish.kind != "words" or _is_asked_for(message, wish)]


def _names(part: _Part, word: Word) -> bool:
    """A word with hyphens counts as one without, and when all of its parts do: 'to-do', 'check-in'."""
    pieces = set(word.stem.split("-")) - JOINTS
    whole = {word.stem, word.stem.replace("-", "")}
    return not whole.isdisjoint(part.stems) or (len(pieces) > 0 and pieces <= part.stems)


def _is_asked_for(message: str, wish: PlannedWish) -> bool:
    """A text is no wish where the message only mentions its words."""
    return any(asks_for_text([message], quote) for quote in wish.quotes)


def _shown_with(part: _Part, whole: Container[str]) -> _Part:
    """The witness of a whole record fills in each of its fields: they need none of their own."""
    if part.shows == "field" and part.entity in whole:
        part.shows = "records"
    return part


_EVERYWHERE = frozenset({"records", "no_records", "title", "about"})
"""Of these a word counts wherever it stands; a field's name counts for the record just spoken of."""


def _take_sign(
    words: Sequence[Word], index: int, parts: Sequence[_Part], *, is_change: bool
) -> None:
    """A word that only says how or what: it counts beside the part that it belongs to."""
    word = words[index]
    around = {*words[max(0, index - 2) : index + 3]}
    for part in parts:
        commands = _COMMANDS.get(part.shows, frozenset()) if is_change else frozenset[str]()
        is_beside = any(one in around for one in part.found)
        will_be = any(one.stem in part.stems for one in words[index + 1 : index + 4])
        if word.stem in commands or (word.stem in part.signs and (is_beside or will_be)):
            part.found.append(word)


def _wish(message: str, part: _Part, words: Sequence[Word]) -> PlannedWish:
    quotes = tuple(dict.fromkeys(spans(message, part.found, words)))
    return PlannedWish(part.text, part.kind, quotes, part.shows, part.entity, part.field)


_KINDS: dict[Shows, WishKind] = {"limits": "rule", "rule": "rule", "look": "look"}


def _fulfilled(message: str, built: Sequence[Fulfilled]) -> Iterator[PlannedWish]:
    """Filters, bounds that the message names apart from the field, and the like. What is asked for twice
    is one wish with both quotes."""
    said: dict[tuple[str, ...], list[Fulfilled]] = {}
    for one in built:
        said.setdefault((one.text, one.shows, one.entity, one.field), []).append(one)
    for first, *others in said.values():
        kind = _KINDS.get(first.shows, "behaviour")
        words = [one.words for one in (first, *others)]
        quotes = tuple(dict.fromkeys(quotes_of(message, words)))
        if quotes:
            yield PlannedWish(first.text, kind, quotes, first.shows, first.entity, first.field)


def wishes_of_rights(message: str, granted: Sequence[Granted]) -> Iterator[PlannedWish]:
    """Logins and rights."""
    for one in granted:
        kind: WishKind = "behaviour" if one.shows == "login" else "rule"
        if quotes := tuple(quotes_of(message, [one.words, one.who])):
            yield PlannedWish(one.text, kind, quotes, one.shows, one.entity, one.actions)


def _left_out(message: str, unbuilt: Sequence[Unbuilt]) -> Iterator[PlannedWish]:
    """What the reader noticed and the builder cannot make."""
    for one in unbuilt:
        for quote in quotes_of(message, [one.words]):
            yield PlannedWish(quote[:300], "behaviour", (quote,), not_built=one.reason)
