"""Charts, boards and calendars in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match

from stackwright.offline.asked import Built, Form, Made, with_view
from stackwright.offline.places import (
    DATES,
    board_of,
    field_named,
    fields_named,
    kind_named,
    kinds_named,
    lower,
    moment_of,
    only,
    span_of,
    stems,
    with_entity,
    with_field,
)
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Board, Calendar

_COLUMNS = frozenset({"status", "stage", "state", "phase", "step", "column", "lane", "progress"})


_PEOPLE = re.compile(r"(?:the|our) board (?!shows|has|is|groups|sorts|lists|displays)[a-z]+s (?:it|them|the|an?|each|every)\b", re.IGNORECASE)  # fmt: skip
"""'The board answers it with a text' speaks of people."""


def _board(spec: AppSpec, found: Match[str]) -> Made | None:
    if _PEOPLE.match(found.string):
        return None
    named = kinds_named(spec, found.string)
    holders = [one for one in spec.entities if any(f.choices for f in one.fields)]
    entity = only([one for one in holders if one in named]) or only(holders)
    if entity is None:
        return None
    choices = [f for f in entity.fields if f.choices]
    wanted = found.groupdict().get("by") or ""
    by = only([f for f in fields_named(entity, wanted) if f.choices]) if wanted else None
    usual = [f for f in choices if stems(f.label) & _COLUMNS]
    by = by or (None if wanted else only(usual))
    if by is None:
        return None
    # Without a choice a new card would stand in a column of its own behind the others.
    by = by.model_copy(update={"default": by.default or by.choices[0]})
    entity = with_view(with_field(entity, by), Board(view="board", by=by.name))
    return with_entity(spec, entity), _on_a_board(entity, by)


def _on_a_board(entity: EntitySpec, by: FieldSpec) -> Built:
    text = f"{entity.label_plural} stand on a board by {lower(by.label)} and can be moved there."
    return Built(text, "board", entity.name, by.name)


_MOVES = re.compile(
    r"(?:, (?:and |with )?|\b(?:and|with) )(drag(?:ging|ged)?\b(?: [\w-]+){0,3}? (?:between|across) (?:the )?"
    r"(?:columns?|lanes?|stages?))\b",
    re.IGNORECASE,
)


def take_moves(statement: str) -> tuple[str, list[str]]:
    """(The statement without what it says about dragging amid a list, what it says about dragging)."""
    return _MOVES.sub("", statement), _MOVES.findall(statement)


def _moved(spec: AppSpec, found: Match[str]) -> Made | None:
    """Every board lets its cards be dragged."""
    boards = [(one, by) for one in spec.entities if (by := board_of(one)) is not None]
    entity, by = only(boards) or (None, None)
    if (
        entity is None
        or by is None
        or (found["what"] and kind_named(spec, found["what"]) != entity)
    ):
        return None
    return spec, _on_a_board(entity, by)


def _dragged(spec: AppSpec, found: Match[str]) -> Made | None:
    """'I want to drag books between new, read and lost': a board by the choice that has these."""
    said = [one.strip().casefold() for one in re.split(r",| and ", found["choices"]) if one.strip()]
    places = [
        (entity, field)
        for entity in spec.entities
        for field in entity.fields
        if field.choices and {*said} <= {one.casefold() for one in field.choices}
    ]
    place = only(places)
    if place is None or kind_named(spec, found["what"] or place[0].label) != place[0]:
        return None
    entity, by = place
    by = by.model_copy(update={"default": by.default or by.choices[0]})
    entity = with_view(with_field(entity, by), Board(view="board", by=by.name))
    return with_entity(spec, entity), _on_a_board(entity, by)


def _calendar(spec: AppSpec, found: Match[str]) -> Made | None:
    named = kinds_named(spec, found.string)
    of = re.search(r"\b(?:of|with|by) (?:the |all |our |my )*([\w -]+)$", found.string) or re.match(
        rf"{_LEAD}([\w -]+?) (?:in|on) an? calendar$", found.string, re.IGNORECASE
    )
    place = field_named(spec, of[1], lambda one: one.type in DATES) if of and not named else None
    if place is not None:
        entity = with_view(place[0], Calendar(view="calendar", start=place[1].name))
        text = f"{entity.label_plural} stand in a calendar."
        return with_entity(spec, entity), Built(text, "calendar", entity.name, place[1].name)
    dated = [one for one in spec.entities if _calendar_of(one) is not None]
    entity = only([one for one in dated if one in named]) or (None if named else only(dated))
    view = _calendar_of(entity) if entity else None
    if entity is None or view is None:
        return None
    entity = with_view(entity, view)
    text = f"{entity.label_plural} stand in a calendar."
    return with_entity(spec, entity), Built(text, "calendar", entity.name, view.start)


def _calendar_of(entity: EntitySpec) -> Calendar | None:
    span = span_of(entity)
    if span is not None and span[0].type == "time":
        day = only([f for f in entity.fields if f.type == "date"])
        return day and Calendar(view="calendar", start=span[0].name, end=span[1].name, day=day.name)
    if span is not None:
        return Calendar(view="calendar", start=span[0].name, end=span[1].name)
    date = moment_of(entity)
    if date is None or date.type not in DATES:
        return None
    times = [f for f in entity.fields if f.type == "time"]
    if date.type == "date" and len(times) == 1:
        return Calendar(view="calendar", start=times[0].name, day=date.name)
    return Calendar(view="calendar", start=date.name)


_LEAD = r"^(?:please |also |and |then |i |we |it would be (?:lovely|nice|great|good|useful) |i'd like |we'd like |want |need |would like |like |show |show me |show us |display |give me |add |see |have |get |with |to see |to have )*(?:an? |the |some |nice )*"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_LEAD}(?:can |be able to )*(?:drag|move)(?:ging|ing)?(?: and drop)? ?(?:the |them |these )*(?P<what>[\w-]*?) ?(?:between|across|from column to|among|through) (?:the |these |all )*(?:columns?|lanes?|stages?|statuses)$", _moved),
        (rf"{_LEAD}(?:can |be able to )*(?:to )?(?:drag|move)(?: and drop)? (?:the |them |these |our )*(?P<what>[\w-]*?) ?(?:between|from|across) (?P<choices>[\w -]{{1,40}}(?:, [\w -]{{1,40}}){{0,8}},? and [\w -]{{1,40}})$", _dragged),
        (r"\b(?:kanban|(?:on|as|in) an? (?:\w+ )?board|board(?= (?:of|by|for|with|view|where)\b)|^board$|^(?:show |an? |the |with )+board)\b(?:.*?\b(?:by|with (?:a )?columns? (?:for|per|by)(?: (?:each|every))?|grouped by|per) (?:the |their |its )?(?P<by>[\w -]+))?", _board),
        (rf"{_LEAD}(?:monthly |weekly )?calendar(?: (?:view|page))?(?: (?:of|with|for|showing|where|by)\b.*)?$|\b(?:in|on|as) an? calendar\b|\bcalendar view\b", _calendar),
    )
)  # fmt: skip
