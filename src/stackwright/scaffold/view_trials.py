"""What a witness of a figure, a chart, a board, a calendar or a list's order looks at."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from stackwright.scaffold import samples
from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.figure_source import chart_title, charts_of
from stackwright.scaffold.list_trials import list_trials
from stackwright.scaffold.rule_samples import rule_samples
from stackwright.scaffold.spec import WishLink
from stackwright.scaffold.views import AppView, EntityView, in_sentence
from stackwright.scaffold.words import (
    Board,
    Calendar,
    Chart,
    Compare,
    FigureOf,
    Formula,
    NamedList,
    Only,
    Steps,
    SumOf,
)

Trials = list[tuple[list[str], dict[str, Any]]]


def view_trials(app: AppView, entity: EntityView, links: Sequence[WishLink]) -> Trials:
    """(wishes, what the file's template is told) of each."""
    found: Trials = []
    for told in _all(app, entity, {link.field for link in links if link.shows == "column"}):
        wishes = [
            link.wish
            for link in links
            if link.shows == told["shows"] and link.field == told["field"]
        ]
        if wishes:
            found.append((wishes, told))
    return found


def _all(app: AppView, entity: EntityView, columns: set[str]) -> Iterator[dict[str, Any]]:
    for field in entity.fields:
        if field.is_computed and (told := _figure(app, entity, field)):
            yield told
    yield from _views(entity)
    yield from list_trials(entity)
    if entity.spec.sort:
        yield _order(entity)
    for name in sorted(columns):
        if any(field.spec.name == name for field in entity.fields):
            field = entity.by_name(name)
            is_shown = not entity.spec.columns or name in entity.spec.columns
            yield {"shows": "column", "field": name, "label": field.label, "is_shown": is_shown}
    yield from _ways(app, entity)
    yield from _slots(app, entity)


def _views(entity: EntityView) -> Iterator[dict[str, Any]]:
    for view in entity.spec.views:
        match view:
            case Chart():
                yield _chart(entity, view)
            case Board():
                yield _board(entity, view)
            case Calendar():
                yield _calendar(entity, view)
            case NamedList():
                pass


def _ways(app: AppView, entity: EntityView) -> Iterator[dict[str, Any]]:
    """Into files, out of them and onto paper. `text` is a field for what a spreadsheet would run."""
    use = app.spec.kit("exchange")
    texts = [one for one in (entity.title, *entity.inputs) if one.type in ("string", "text")]
    for table in use.settings().tables if use else ():
        if table.entity == entity.name:
            text = texts[0] if texts else None
            yield from ({"shows": way, "field": "", "text": text} for way in table.ways)


def _slots(app: AppView, entity: EntityView) -> Iterator[dict[str, Any]]:
    """Pictures and documents."""
    use = app.spec.kit("files")
    for slot in use.settings().slots if use else ():
        if slot.entity == entity.name:
            noun = in_sentence(slot.label)
            yield {"shows": "files", "field": slot.name, "slot": slot, "noun": noun}


@dataclass(frozen=True)
class ChildBody:
    entity: EntityView
    key: str
    numbers: tuple[str, ...]


def _figure(app: AppView, entity: EntityView, field: FieldView) -> dict[str, Any] | None:
    computed = field.spec.computed
    told: dict[str, Any] = {"shows": "computed", "field": field.spec.name, "view": field}
    match computed:
        case Formula():
            return told | _formula(app, entity, computed)
        case SumOf() | FigureOf():
            child = app.entity(computed.child)
            link = next(one for one in child.links if one.spec.target == entity.name)
            names = computed.factors if isinstance(computed, SumOf) else (computed.of,)
            fields = [child.by_name(name) for name in names if name]
            if any(one.is_computed for one in fields) or len(child.links) > 1:
                others = [one for one in child.references if one is not link and one.is_needed]
                if others or any(one.is_computed for one in fields):
                    return None
            kind = "sum" if isinstance(computed, SumOf) else computed.figure
            told |= {"kind": kind, "child": child, "link": link, "factors": fields}
            return told | {"only": _only(child, computed.only) if computed.only else None}
        case None:
            return None


def _only(child: EntityView, only: Only) -> dict[str, Any]:
    """A value whose records count, and one whose records do not."""
    field = child.by_name(only.field)
    known = (True, False) if field.type == "boolean" else field.spec.choices
    others = [one for one in known if one not in only.values]
    return {"key": field.key, "value": only.values[0], "other": others[0] if others else None}


def _formula(app: AppView, entity: EntityView, formula: Formula) -> dict[str, Any]:
    """Two sets of values and what comes of them: `cases` of (own changes, changes of a linked record by its field,
    the figure)."""
    if formula.formula == "age":
        fields = [entity.by_name(name) for name in formula.fields]
        return {"kind": "age", "fields": fields, "cases": []}
    if formula.formula == "days":
        year = _year_of(app, entity, formula.fields)
        dates = (f"{year}-03-01", f"{year}-03-11", f"{year}-04-01")
        fields = [entity.by_name(name) for name in formula.fields]
        times = [f"{d}T12:00:00Z" if fields[0].type == "datetime" else d for d in dates]
        keys = [field.key for field in fields]
        cases: list[Case] = [
            ({keys[0]: times[0], keys[1]: times[at]}, {}, days) for at, days in ((1, 10), (2, 31))
        ]
        return {"kind": "days", "cases": cases}
    numbers = [_kept(entity, formula.fields, values) for values in _numbers(len(formula.fields))]
    return {
        "kind": formula.formula,
        "cases": [_case(app, entity, formula, values) for values in numbers],
    }


@dataclass(frozen=True)
class Linked:
    """A number of the record that `key` of a record refers to."""

    slug: str
    key: str


Case = tuple[dict[str, Any], dict[Linked, dict[str, Any]], float]
"""Own changes, changes of the records that are referred to, and the figure."""


def _case(app: AppView, entity: EntityView, formula: Formula, values: tuple[int, ...]) -> Case:
    own: dict[str, Any] = {}
    linked: dict[Linked, dict[str, Any]] = {}
    for name, value in zip(formula.fields, values, strict=True):
        first, dot, rest = name.partition(".")
        field = entity.by_name(first)
        if dot:
            target = app.entity(field.spec.target or "")
            linked.setdefault(Linked(target.slug, field.key), {})[target.by_name(rest).key] = value
        elif isinstance(inner := field.spec.computed, Formula) and inner.formula == "days":
            own |= _days_apart(app, entity, inner, value)
        else:
            own[field.key] = value
    return own, linked, _result(formula.formula, values)


def _days_apart(app: AppView, entity: EntityView, formula: Formula, days: int) -> dict[str, Any]:
    """Dates with so many days between them."""
    first, last = (entity.by_name(name) for name in formula.fields)
    begin = dt.date(int(_year_of(app, entity, formula.fields)), 3, 1)
    ends = ((first, begin), (last, begin + dt.timedelta(days=days)))
    return {
        field.key: f"{day}T12:00:00Z" if field.type == "datetime" else day.isoformat()
        for field, day in ends
    }


def _year_of(app: AppView, entity: EntityView, names: Sequence[str]) -> str:
    """A year in which the rules of these dates let them be."""
    known = rule_samples(app.spec)
    held = [known[entity.name, name] for name in names if (entity.name, name) in known]
    return str(held[0])[:4] if held else "2024"


def _numbers(count: int) -> list[tuple[int, ...]]:
    return [tuple([50, 20, *[1] * count][:count]), tuple([10, 40, *[1] * count][:count])]


def _kept(entity: EntityView, names: Sequence[str], values: tuple[int, ...]) -> tuple[int, ...]:
    """The values, two of them exchanged where a rule wants the other one to be more."""
    kept = list(values)
    for rule in entity.spec.rules:
        if not isinstance(rule, Compare) or not {rule.field, rule.than} <= set(names):
            continue
        one, other = names.index(rule.field), names.index(rule.than)
        is_more = rule.must_be in ("more", "at_least")
        if (kept[one] > kept[other]) != is_more:
            kept[one], kept[other] = kept[other], kept[one]
    return tuple(kept)


def _result(kind: str, values: tuple[int, ...]) -> float:
    match kind:
        case "difference":
            return values[0] - sum(values[1:])
        case "quotient":
            return values[0] / values[1]
        case "percentage":
            return values[0] * 100 / values[1]
        case "product":
            result = 1
            for value in values:
                result *= value
            return result
        case _:
            return sum(values)


def _chart(entity: EntityView, chart: Chart) -> dict[str, Any]:
    by = entity.by_name(chart.by)
    return {
        "shows": "chart",
        "field": chart.by,
        "title": chart_title(entity, chart),
        "number": charts_of(entity).index(chart),
        "by": by,
        "of": entity.by_name(chart.of) if chart.of else None,
        "measure": chart.measure,
        "period": chart.period,
        "far": {"day": 1, "week": 7, "month": 31, "year": 366}[chart.period],
    }


def _board(entity: EntityView, board: Board) -> dict[str, Any]:
    """What the trial of a board needs: a move from one choice to another that the allowed steps permit."""
    field = entity.by_name(board.by)
    choices = field.spec.choices
    steps = next(
        (r for r in entity.spec.rules if isinstance(r, Steps) and r.field == board.by), None
    )
    pairs = list(pairwise(choices))
    allowed = [pair for pair in pairs if steps is None or pair[1] in steps.allowed.get(pair[0], ())]
    first, second = (allowed or pairs)[0] if pairs else (choices[0], choices[0])
    following = steps.allowed.get(second, ()) if steps else choices
    third = next((one for one in reversed(choices) if one != second and one in following), "")
    return {
        "shows": "board",
        "field": board.by,
        "key": field.key,
        "first": first,
        "second": second,
        "third": third,
    }


def _calendar(entity: EntityView, calendar: Calendar) -> dict[str, Any]:
    """What was clicked decides the day, and for moments the hours too."""
    names = {calendar.day} if calendar.day else {calendar.start, calendar.end}
    return {"shows": "calendar", "field": calendar.start, "prefilled": names}


def _order(entity: EntityView) -> dict[str, Any]:
    name = entity.spec.sort
    field = entity.by_name(name.lstrip("-"))
    return {
        "shows": "sorted",
        "field": field.spec.name,
        "key": field.key,
        "descending": name.startswith("-"),
        "values": _ordered(field),
    }


def _ordered(field: FieldView) -> list[Any]:
    """Values that grow; none for dates, which grow with the number of the record."""
    match field.type:
        case "integer" | "number" | "money":
            low, high = field.bounds
            value = samples.sample(field)
            return [max(low, min(high, value + step)) for step in (0, 1, 2)]
        case "date" | "datetime":
            return []
        case "time":
            return ["09:00", "10:00", "11:00"]
        case "boolean":
            return [False, True]
        case "enum":
            return sorted(field.spec.choices, key=str.casefold)[:3]
        case "email":
            return [f"{letter}@example.com" for letter in "abc"]
        case _:
            return ["Apple", "Birch", "Cedar"]
