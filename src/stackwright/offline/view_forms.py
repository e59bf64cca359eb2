"""Charts, boards and calendars in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match
from typing import Literal

from stackwright.offline.asked import Built, Form, Made, with_view
from stackwright.offline.figure_forms import add_figure
from stackwright.offline.places import (
    DATES,
    NUMBERS,
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
from stackwright.offline.units import words_of_unit
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Board, Calendar, Chart

Period = Literal["day", "week", "month", "year"]
Measure = Literal["count", "sum", "average"]
_PERIODS: dict[str, Period] = {
    **dict.fromkeys(("day", "daily"), "day"),
    **dict.fromkeys(("week", "weekly"), "week"),
    **dict.fromkeys(("month", "monthly", "time"), "month"),
    **dict.fromkeys(("year", "yearly", "annual"), "year"),
}
_MONEY = frozenset(
    {"sale", "revenue", "income", "turnover", "spending", "expense", "cost", "money", "amount"}
    | {"total", "donation", "payment", "earning", "takings", "taking"}
)
_COLUMNS = frozenset({"status", "stage", "state", "phase", "step", "column", "lane", "progress"})
_SUM = re.compile(r"\b(?:sums?|totals?|total amounts?) (?:of )?(?:the )?(?:all )?", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:averages?|means?|average of) (?:of )?(?:the )?", re.IGNORECASE)
_COUNT = re.compile(r"\b(?:numbers? of|counts? of|how many) (?:the )?", re.IGNORECASE)


def _chart(spec: AppSpec, found: Match[str]) -> Made | None:
    what, group = found.groupdict().get("what") or "", found["group"] or ""
    period = _PERIODS.get(group.strip().lower())
    subject = _subject(spec, what, period) if what else _grouped(spec, group, period)
    if subject is None:
        return None
    entity, measure, of = subject
    by = _by(spec, entity, group, period)
    if by is None:
        return None
    if group.strip().lower() == "time" and of is not None and of.type != "money":
        measure, period = "average", "day"  # a weight or a temperature is measured, not added up
    shape: Literal["bars", "line"] = "line" if re.search(r"\bline|over time|curve", found.string, re.IGNORECASE) else "bars"  # fmt: skip
    view = Chart(view="chart", by=by.name, period=period or "month", measure=measure, of=of.name if of else "", shape=shape)  # fmt: skip
    entity = with_view(entity, view)
    per = (period or "month") if by.type in DATES else lower(by.label)
    figure = (
        f"{lower(of.label)} of {lower(entity.label_plural)}" if of else lower(entity.label_plural)
    )
    how = {"count": "how many", "sum": "the total", "average": "the average"}[measure]
    text = f"A chart shows {how} {figure} per {per}."
    return with_entity(spec, entity), Built(text, "chart", entity.name, by.name)


def _subject(
    spec: AppSpec, what: str, period: Period | None
) -> tuple[EntitySpec, Measure, FieldSpec | None] | None:
    """The records that are counted, or the number that is added up or averaged."""
    measure: Measure = "average" if _AVERAGE.search(what) else "sum"
    words = _COUNT.sub("", _AVERAGE.sub("", what))
    kind = kind_named(spec, words)
    if kind is not None and measure != "average":
        return kind, "count", None
    words = _SUM.sub("", words) if stems(_SUM.sub("", words)) else words
    numbers = [
        (entity, one)
        for entity in spec.entities
        for one in entity.fields
        if one.type in NUMBERS and (one in fields_named(entity, words) or one.unit == words.strip())
    ]
    place = only(numbers) or _measured(spec, words)
    if place is None and not numbers and stems(words) <= _MONEY:
        money = [(e, f) for e in spec.entities for f in e.fields if f.type == "money"]
        place = only([pair for pair in money if period is None or moment_of(pair[0])])
    if place is None and (kind := kind_named(spec, _SUM.sub("", words))) is not None:
        amount = only([f for f in kind.fields if f.type == "money"])
        if measure == "average":
            number = only([f for f in kind.fields if f.type in NUMBERS and f.computed is None])
            return (kind, measure, number) if number else None
        if _SUM.search(what) is None or amount is None:
            return kind, "count", None
        place = kind, amount
    return (place[0], measure, place[1]) if place else None


def _measured(spec: AppSpec, words: str) -> tuple[EntitySpec, FieldSpec] | None:
    """'Kilos donated' is the weight of a donation, 'kilometres I drove' those of a visit."""
    first, _, rest = words.strip().partition(" ")
    doers = {one.label[:5].lower() for one in spec.entities}
    every = [
        (entity, one)
        for entity in spec.entities
        for one in entity.fields
        if one.unit and first.lower() in words_of_unit(one.unit)
    ]
    meant = [pair for pair in every if rest[:5].lower() == pair[0].label[:5].lower()]
    is_told = not rest or re.fullmatch(r"(?:i|we|they|was|were) [a-z]+|[a-z]+(?:ed|en)", rest, re.IGNORECASE)  # fmt: skip
    return only(meant) or (only(every) if is_told and rest[:5].lower() not in doers else None)


def _grouped(
    spec: AppSpec, group: str, period: Period | None
) -> tuple[EntitySpec, Measure, FieldSpec | None] | None:
    """'A chart per category': of the only kind that has one; of its money, where it has an amount."""
    entity = only([one for one in spec.entities if _by(spec, one, group, period) is not None])
    if entity is None:
        return None
    money = only([one for one in entity.fields if one.type == "money"])
    return (entity, "sum", money) if money else (entity, "count", None)


def _by(spec: AppSpec, entity: EntitySpec, group: str, period: Period | None) -> FieldSpec | None:
    if period is not None or not group.strip():
        date = moment_of(entity)
        return date if date is not None and date.type in DATES else None
    named = [f for f in fields_named(entity, group) if f.type in ("enum", "reference", "boolean")]
    return only(named)


def _figure_or_chart(spec: AppSpec, found: Match[str]) -> Made | None:
    """'The average rating per book' is a number of each book; 'the total per month' is a chart."""
    if found["group"].strip().lower() in _PERIODS:
        return _chart(spec, found)
    target = kind_named(spec, found["group"])
    subject = _subject(spec, found["what"], None)
    if target is None or subject is None:
        return _chart(spec, found) if subject else None
    entity, measure, of = subject
    if not any(f.target == target.name for f in entity.fields):
        return None
    return add_figure(spec, target, entity, measure, of)


def _board(spec: AppSpec, found: Match[str]) -> Made | None:
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
_CHART = r"(?:(?:bar|line|pie|column) )?(?:charts?|graphs?|diagrams?|statistics|stats)"
_PER = r"(?:per|by|over|for each|for every|each|every)"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_LEAD}{_CHART}:? (?:(?:of|showing|with|for|on|about|that shows) |(?<=: ))(?:the |my |our |all )*(?P<what>[\w -]+?)(?: {_PER} (?P<group>[\w -]+))?$", _chart),
        (rf"{_LEAD}{_CHART} {_PER} (?P<group>[\w -]+)$", _chart),
        (rf"{_LEAD}(?P<what>[\w -]+?) {_PER} (?P<group>[\w -]+?) (?:as|in) an? {_CHART}$", _chart),
        (rf"{_LEAD}(?:how many )?(?P<what>(?:sums?|totals?|averages?|number|count|how many|revenue|sales|income|spending)\b[\w -]*?) {_PER} (?P<group>[\w -]+)$", _figure_or_chart),
        (rf"{_LEAD}(?:can |be able to )*(?:drag|move)(?:ging|ing)?(?: and drop)? ?(?:the |them |these )*(?P<what>[\w-]*?) ?(?:between|across|from column to|among|through) (?:the |these |all )*(?:columns?|lanes?|stages?|statuses)$", _moved),
        (rf"{_LEAD}(?:can |be able to )*(?:to )?(?:drag|move)(?: and drop)? (?:the |them |these |our )*(?P<what>[\w-]*?) ?(?:between|from|across) (?P<choices>[\w -]{{1,40}}(?:, [\w -]{{1,40}}){{0,8}},? and [\w -]{{1,40}})$", _dragged),
        (r"\b(?:kanban|(?:on|as|in) an? (?:\w+ )?board|board(?= (?:of|by|for|with|view|where)\b)|^board$|^(?:show |an? |the |with )+board)\b(?:.*?\b(?:by|with (?:a )?columns? (?:for|per|by)(?: (?:each|every))?|grouped by|per) (?:the |their |its )?(?P<by>[\w -]+))?", _board),
        (rf"{_LEAD}(?:monthly |weekly )?calendar(?: (?:view|page))?(?: (?:of|with|for|showing|where)\b.*)?$|\b(?:in|on|as) an? calendar\b|\bcalendar view\b", _calendar),
    )
)  # fmt: skip
