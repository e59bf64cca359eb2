"""Plausible records to begin with, on request: they are sent to the running app like any others.

They are in no file of the app and in no database of a proof, so that nothing that is counted holds them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import AppView, EntityView, app_view

USUAL, MOST, MOST_IN_ALL = 5, 20, 60
_PEOPLE: Final = (
    *("Ada Byron", "Ben Okafor", "Chen Li", "Dora Novak", "Emil Hansen", "Fatima Zahra", "George Park"),
    *("Hana Sato", "Ivan Petrov", "Julia Costa", "Karim Aziz", "Lena Vogel", "Marco Rossi", "Nina Berg"),
    *("Omar Haddad", "Paula Reyes", "Quinn Adams", "Rosa Lima", "Sven Larsen", "Tara Singh"),
)  # fmt: skip
_PLACES: Final = ("Lisbon", "Graz", "Leeds", "Aarhus", "Kyoto", "Porto", "Utrecht", "Bergen")
_WORDS: Final = (
    *("Aurora", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Garnet", "Harbour", "Iris", "Juniper"),
    *("Kestrel", "Lagoon", "Maple", "Nimbus", "Opal", "Pebble", "Quartz", "Rowan", "Sable", "Thistle"),
)  # fmt: skip
_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "book": ("Middlemarch", "Stoner", "The Waves", "Gaudy Night", "Emma", "Dracula", "Walden", "Ariel"),
    "movie": ("Metropolis", "Vertigo", "Ran", "Playtime", "Alien", "Amelie", "Jaws", "Rashomon"),
    "film": ("Metropolis", "Vertigo", "Ran", "Playtime", "Alien", "Amelie", "Jaws", "Rashomon"),
    "recipe": ("Lentil soup", "Apple pie", "Risotto", "Pancakes", "Ratatouille", "Dal", "Goulash"),
    "product": ("Oak stool", "Linen towel", "Brass lamp", "Wool blanket", "Clay mug", "Cork board"),
    "item": ("Oak stool", "Linen towel", "Brass lamp", "Wool blanket", "Clay mug", "Cork board"),
    "plant": ("Monstera", "Basil", "Aloe", "Fern", "Rosemary", "Ivy", "Ficus", "Orchid"),
    "task": ("Order paper", "Call the plumber", "Plan the trip", "Pay the rent", "Water the plants"),
    "todo": ("Order paper", "Call the plumber", "Plan the trip", "Pay the rent", "Water the plants"),
    "course": ("Pottery", "Spanish", "Yoga", "Drawing", "First aid", "Photography", "Chess"),
    "class": ("Pottery", "Spanish", "Yoga", "Drawing", "First aid", "Photography", "Chess"),
    "dog": ("Bella", "Max", "Luna", "Rocky", "Nala", "Bruno", "Maja", "Oskar"),
    "pet": ("Bella", "Max", "Luna", "Rocky", "Nala", "Bruno", "Maja", "Oskar"),
    "room": ("Blue room", "Attic", "Garden room", "Library", "Studio", "Hall"),
    "company": ("Northwind", "Harbour Foods", "Bright Lamps", "Cedar Works", "Blue Ferry"),
}  # fmt: skip
_PERSON: Final = re.compile(
    r"(?:^|_)(?:author|artist|director|teacher|trainer|coach|owner|customer|client|member|borrower|person|guest|patient"
    r"|student|pupil|driver|doctor|employee|tenant|player|child|parent|leader|speaker|winner|contact|volunteer|by)s?$"
)
_LATER: Final = re.compile(
    r"(?:^|_)(?:end|ends|until|to|due|return|returned|deadline|expiry|finish|close)(?:_|$)"
)
_BIRTH: Final = re.compile(r"birth|born|dob")
_SENTENCES: Final = (
    "Came well recommended.", "To be looked at again next month.", "All as agreed.", "Needs a second opinion.",
    "Better than expected.",
)  # fmt: skip


@dataclass(frozen=True)
class SampleRecord:
    """`references`: key of the field -> number of the record, in the whole list, that it points at."""

    slug: str
    label_plural: str
    body: Mapping[str, Any]
    references: Mapping[str, int]
    level: int
    """Records of one level need only those of lower ones."""


def sample_records(
    spec: AppSpec, today: date, *, count: int = USUAL, only: str = ""
) -> list[SampleRecord]:
    """`count` records of each kind, what they point at first; of one kind only with what it needs."""
    app = app_view(spec)
    made: list[SampleRecord] = []
    numbers: dict[str, list[int]] = {}
    for level, entity in _in_order(app, only):
        many = min(count, MOST) if entity.name == only or not only else min(count, USUAL)
        for index in range(min(many, MOST_IN_ALL - len(made))):
            numbers.setdefault(entity.name, []).append(len(made))
            made.append(_record(entity, index, level, today, numbers))
    return made


def _in_order(app: AppView, only: str) -> Iterator[tuple[int, EntityView]]:
    """Each entity behind those that it refers to."""
    levels: dict[str, int] = {}
    wanted = {only} if only else {entity.name for entity in app.entities}
    while only and (more := _targets(app, wanted) - wanted):
        wanted |= more
    left = [entity for entity in app.entities if entity.name in wanted]
    while left:
        ready = [e for e in left if _targets(app, {e.name}) - {e.name} <= set(levels)] or left[:1]
        for entity in ready:
            levels[entity.name] = 1 + max(
                (levels.get(name, 0) for name in _targets(app, {entity.name})), default=0
            )
            yield levels[entity.name], entity
        left = [entity for entity in left if entity not in ready]


def _targets(app: AppView, names: set[str]) -> set[str]:
    return {str(f.spec.target) for name in names for f in app.entity(name).references}


def _record(
    entity: EntityView, index: int, level: int, today: date, numbers: Mapping[str, list[int]]
) -> SampleRecord:
    body: dict[str, Any] = {}
    references: dict[str, int] = {}
    for field in entity.inputs:
        if field.is_computed or field.type == "references":
            continue
        if field.type == "reference":
            if there := numbers.get(str(field.spec.target)):
                references[field.key] = there[index % len(there)]
        elif (value := _value(entity, field, index, today)) is not None:
            body[field.key] = value
    return SampleRecord(entity.slug, entity.spec.label_plural, body, references, level)


def _value(entity: EntityView, field: FieldView, index: int, today: date) -> Any:
    name, kind = field.spec.name, field.type
    match kind:
        case "enum":
            return field.spec.choices[index % len(field.spec.choices)]
        case "integer" | "number" | "money":
            return _number(field, index)
        case "date" | "datetime":
            day = _day(name, index, today).isoformat()
            return day if kind == "date" else f"{day}T{9 + index % 8:02}:00:00Z"
        case "time":
            return f"{9 + index % 8 + bool(_LATER.search(name)):02}:00"
        case "string":
            return _text(entity, field, index)
        case _:
            return _usual(entity.slug, index)[kind]


def _usual(slug: str, index: int) -> dict[str, Any]:
    """By the type alone."""
    return {
        "boolean": index % 3 == 0,
        "email": f"{_PEOPLE[index].lower().replace(' ', '.')}@example.com",
        "phone": f"+44 20 7946 {100 + index:04}",
        "url": f"https://example.com/{slug}/{index + 1}",
        "tags": [_WORDS[index].lower()],
        "text": _SENTENCES[index % len(_SENTENCES)],
    }


def _text(entity: EntityView, field: FieldView, index: int) -> str:
    name, head = field.spec.name, entity.name.rsplit("_", 1)[-1]
    if _PERSON.search(name) or (field is entity.title and _PERSON.search(entity.name)):
        return _PEOPLE[index % len(_PEOPLE)]
    if re.search(r"city|town|place|location|country|venue", name):
        return _PLACES[index % len(_PLACES)]
    if re.search(r"address|street", name):
        return f"{index + 1} {_WORDS[index]} Street"
    if re.search(r"number|code|plate|isbn|sku|serial", name):
        return f"{_WORDS[index][:2].upper()}-{1001 + index}"
    titles = _TITLES.get(head, ())
    if field is entity.title and index < len(titles):
        return titles[index]
    return f"{_WORDS[index % len(_WORDS)]} {field.label.lower()}" if field is not entity.title else f"{_WORDS[index]} {entity.spec.label.lower()}"  # fmt: skip


def _number(field: FieldView, index: int) -> int | float:
    """Within the bounds, of the size that the name suggests."""
    name = field.spec.name
    first, step = next(
        ((first, step) for form, first, step in _SIZES if re.search(form, name)), (3, 2)
    )
    low = field.spec.minimum if field.spec.minimum is not None else 0
    high = field.spec.maximum
    value: float = first + step * index
    if high is not None and not low <= value <= high:
        value = low + index % max(1, int(high - low) + 1)
    value = max(value, low)
    return int(value) if field.type == "integer" else round(value + (0.5 if high is None else 0), 2)


_SIZES: Final = (
    (r"year", 1995, 2), (r"pages", 120, 37), (r"age$", 24, 5), (r"price|cost|fee|amount|rent|salary|value", 12, 7),
    (r"weight|mass", 4, 3), (r"minutes|duration", 30, 10), (r"capacity|places|seats|participants", 8, 2),
    (r"rating|stars|grade", 1, 1),
)  # fmt: skip


def _day(name: str, index: int, today: date) -> date:
    if _BIRTH.search(name):
        return date(1975 + index % 30, 1 + index % 12, 1 + index % 28)
    ahead = 1 + index * 2 + (3 if _LATER.search(name) else 0)
    return today + timedelta(days=ahead)
