"""What the frontend's record components are told of the views and the list of one kind of record."""

from typing import Any

from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.figure_source import chart_title, charts_of, named_lists_of
from stackwright.scaffold.views import EntityView
from stackwright.scaffold.words import Board, Calendar, Chart, InTime, NamedList

PAGE_OF = {"board": "board", "calendar": "calendar", "chart": "charts"}
"""View -> the last part of its page's address."""


def view_kinds(entity: EntityView) -> list[str]:
    """Each kind of view once, in the order of the tabs."""
    wanted = {view.view for view in entity.spec.views}
    return [kind for kind in PAGE_OF if kind in wanted]


def views_of(entity: EntityView) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for view in entity.spec.views:
        match view:
            case Board():
                told["board"] = entity.by_name(view.by).key
            case Calendar():
                told["calendar"] = _calendar(entity, view)
            case Chart() | NamedList():
                pass
    if charts := charts_of(entity):
        told["charts"] = [_chart(entity, chart) for chart in charts]
    if lists := named_lists_of(entity):
        told["lists"] = [_named_list(entity, one) for one in lists]
    return told


def _named_list(entity: EntityView, one: NamedList) -> dict[str, Any]:
    told: dict[str, Any] = {"title": one.title}
    if one.sort:
        told["sort"] = key_of_sort(entity, one.sort)
    return told | ({"first": True} if one.first else {})


def _calendar(entity: EntityView, view: Calendar) -> dict[str, Any]:
    start = entity.by_name(view.start)
    asked = entity.by_name(view.day) if view.day else start
    told: dict[str, Any] = {"start": start.key, "withTime": start.type != "date"}
    if view.end:
        told["end"] = entity.by_name(view.end).key
    if view.day:
        told["day"] = asked.key
    return told | {"params": [one.param for one in entity.filters if one.field is asked]}


def _chart(entity: EntityView, chart: Chart) -> dict[str, Any]:
    told: dict[str, Any] = {"title": chart_title(entity, chart), "shape": chart.shape}
    if entity.by_name(chart.by).type in ("date", "datetime"):
        told["period"] = chart.period
    if chart.of:
        told["of"] = entity.by_name(chart.of).key
    return told


def sort_of(entity: EntityView) -> str:
    return key_of_sort(entity, entity.spec.sort)


def key_of_sort(entity: EntityView, name: str) -> str:
    """'-date' by the key of the field."""
    return ("-" if name.startswith("-") else "") + entity.by_name(name.lstrip("-")).key


def columns_of(entity: EntityView) -> list[str]:
    return [entity.by_name(name).key for name in entity.spec.columns]


def time_of(entity: EntityView, field: FieldView) -> str:
    """Whether a date must not be past, or not in the future."""
    rules = [one for one in entity.spec.rules if isinstance(one, InTime)]
    return next((one.rule for one in rules if one.field == field.spec.name), "")
