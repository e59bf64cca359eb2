"""Which records and fields of a finished specification a clause speaks of."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from stackwright.offline.words import ascii_words, singular_word
from stackwright.scaffold.kit_spec import KitUse
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

T = TypeVar("T")
ARTICLES = frozenset(
    {"the", "a", "an", "their", "its", "my", "our", "of", "each", "every", "same", "one", "all"}
)
NUMBERS = frozenset({"integer", "number", "money"})
DATES = frozenset({"date", "datetime"})
TIMES = frozenset({"date", "datetime", "time"})
_OF_TIME = frozenset({"date", "time", "day"})
"""'Departure' is the field 'departure date'."""
_A_DAY = frozenset({"date"})
"""'The next due date' is the field 'next due'."""
_STARTS = ("start", "begin", "from", "pickup", "pick_up", "check_in", "arrival", "first")
_ENDS = ("end", "until", "to", "till", "return", "check_out", "departure", "finish", "last")

_HANDED_OVER = ("drop_off", "dropoff", "pick_up", "pickup")
_HANDED_OUT = ("lent_on", "borrowed_on", "rented_on", "handed_out_on", "lent_out_on", "loaned_on")


def stems(words: str) -> frozenset[str]:
    """The words without articles, each in its singular."""
    plain = words.replace("_", " ").replace("-", " ").replace("enrolment", "enrollment")
    return frozenset(singular_word(word) for word in ascii_words(plain)) - ARTICLES


_CARDS = stems("card")
_LANES = (stems("column"), stems("lane"))


def kinds_named(spec: AppSpec, words: str) -> list[EntitySpec]:
    """The kinds of record that the words name, wherever they stand among others."""
    said = stems(words)
    return [one for one in spec.entities if stems(one.label) <= said]


def kind_named(spec: AppSpec, words: str) -> EntitySpec | None:
    """The kind that these words are, and nothing else; a last word suffices when it is the only one. What
    stands on a board may be called its cards."""
    said = stems(words)
    exact = [one for one in spec.entities if said == stems(one.label)]
    ends = [one for one in spec.entities if said and said <= stems(one.label)]
    boards = [one for one in spec.entities if said == _CARDS and board_of(one) is not None]
    return only(exact) or only(ends) or only(boards)


def board_of(entity: EntitySpec) -> FieldSpec | None:
    """The field by which its records stand in the columns of a board."""
    views = [one for one in entity.views if one.view == "board"]
    return entity.field(views[0].by) if views else None


def fields_named(entity: EntitySpec, words: str) -> list[FieldSpec]:
    """The fields that the words are: the label alone, or with the record's name."""
    said = stems(words)
    own = stems(f"{entity.label} {entity.label_plural}")
    whole = [one for one in entity.fields if said and stems(one.label) - _OF_TIME == said]
    if said in _LANES and (column := board_of(entity)) is not None:
        return [column]
    found = [
        one
        for one in entity.fields
        if (label := stems(one.label))
        and label <= said <= label | own | (_A_DAY if one.type in DATES else frozenset())
    ]
    return found or [one for one in whole if one.type in TIMES]


def field_named(
    spec: AppSpec, words: str, fits: Callable[[FieldSpec], bool] | None = None
) -> tuple[EntitySpec, FieldSpec] | None:
    """The only field of all kinds that the words are."""
    return only(
        [
            (entity, one)
            for entity in spec.entities
            for one in fields_named(entity, words)
            if fits is None or fits(one)
        ]
    )


def only(found: list[T]) -> T | None:
    return found[0] if len(found) == 1 else None


def span_of(entity: EntitySpec) -> tuple[FieldSpec, FieldSpec] | None:
    """The fields in which the records begin and end."""
    start, end = _of(entity, _STARTS), _of(entity, _ENDS)
    handed = [f for f in entity.fields if f.type in TIMES and f.name.startswith(_HANDED_OVER)]
    if len(handed) == 2 and handed[0].type == handed[1].type:
        start, end = handed  # a dog is dropped off first, a car is picked up first
    if start is None and end is None:  # a trip departs and returns, a stay arrives and departs
        start, end = _of(entity, ("departure",)), _of(entity, ("return",))
    if start is None and (end is None or end.name.startswith("return")):
        start, end = _of(entity, _HANDED_OUT), _of(entity, ("due",))
    if start is None or end is None or start.type != end.type:
        return None
    return start, end


def length_of(entity: EntitySpec) -> tuple[FieldSpec, FieldSpec] | None:
    """When the records begin, and the number of minutes that they last."""
    moments = [one for one in entity.fields if one.type in ("datetime", "time")]
    start = only(moments) or _of(entity, _STARTS)
    lasts = [
        f for f in entity.fields if f.type == "integer" and f.unit == "min" and f.computed is None
    ]
    length = only([f for f in lasts if f.name in ("duration", "length")]) or only(lasts)
    if start is None or length is None or start.type == "date":
        return None
    return start, length


def _of(entity: EntitySpec, words: tuple[str, ...]) -> FieldSpec | None:
    times = [one for one in entity.fields if one.type in TIMES]
    return only([one for one in times if one.name.startswith(words) or one.name.endswith(words)])


def moment_of(entity: EntitySpec) -> FieldSpec | None:
    """The one date that says when a record is: its start, or the only one it has."""
    span = span_of(entity)
    if span is not None and span[0].type in DATES:
        return span[0]
    dates = [one for one in entity.fields if one.type in DATES]
    whole = [one for one in dates if one.name in ("date", "day", "when", "date_and_time")]
    return only(dates) or only(whole) or _of(entity, _STARTS)


def referring(spec: AppSpec, target: EntitySpec) -> Iterator[tuple[EntitySpec, FieldSpec]]:
    for entity in spec.entities:
        for one in entity.fields:
            if one.target == target.name and entity is not target:
                yield entity, one


def with_entity(spec: AppSpec, entity: EntitySpec) -> AppSpec:
    entities = tuple(entity if one.name == entity.name else one for one in spec.entities)
    return spec.model_copy(update={"entities": entities})


def with_kit(spec: AppSpec, name: str, options: dict[str, Any] | None) -> AppSpec:
    """The specification with the kit behind all others, or without it when it has no options."""
    kits = [one for one in spec.kits if one.name != name]
    kits += [] if options is None else [KitUse(name=name, options=options)]
    return spec.model_copy(update={"kits": tuple(kits)})


def with_field(entity: EntitySpec, field: FieldSpec) -> EntitySpec:
    """The entity with this field, changed or new."""
    known = [one.name for one in entity.fields]
    fields = (
        tuple(field if one.name == field.name else one for one in entity.fields)
        if field.name in known
        else (*entity.fields, field)
    )
    return entity.model_copy(update={"fields": fields})


def required(entity: EntitySpec, *names: str) -> EntitySpec:
    """A rule can only hold for what is there."""
    for name in names:
        one = entity.field(name)
        if one.type != "boolean":
            update = {"required": True}
            if one.type == "reference" and one.on_delete == "unlink":
                update |= {"on_delete": "restrict"}
            entity = with_field(entity, one.model_copy(update=update))
    return entity


def lower(label: str) -> str:
    """A label inside a sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
