"""Figures over many records, per period or per group: what a chart draws."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from pydantic import BaseModel

from database import Document
from entity import Chart
from formulas import rounded
from links import readable, titles_of, with_links
from registry import ENTITIES
from store import Store

MAX_BARS = 400
"""More cannot be told apart; of longer spans the latest are shown."""

MAX_GAPS = 60
"""Longer spans are mostly empty: then only the periods are shown in which something was."""


class Bar(BaseModel):
    """One period or group: its name, what a list is filtered with, and its figure."""

    label: str
    value: float


class ChartData(BaseModel):
    """The bars of one chart, periods in their order and without gaps."""

    bars: list[Bar]


async def zone(
    zone: Annotated[str, Query(max_length=60, description="Time zone of the reader.")] = "UTC",
) -> ZoneInfo:
    """An unknown zone counts as UTC."""
    try:
        return ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")


Zone = Annotated[ZoneInfo, Depends(zone)]


async def chart_of(
    records: Store[Any], number: int, where: Mapping[str, Any], zone: ZoneInfo
) -> ChartData:
    """The chart with this number among the entity's; empty when there are not so many."""
    entity = records.entity
    if number >= len(entity.charts):
        return ChartData(bars=[])
    chart = entity.charts[number]
    groups: defaultdict[str, list[Decimal]] = defaultdict(list)
    for row in await _rows(records, chart, where):
        value = row.get(chart.of) if chart.of else 0
        name = _group(chart, row.get(chart.by), zone)
        if name is not None and value is not None:
            groups[name].append(Decimal(str(value)))
    names = _names(chart, groups)
    labels = await _labels(records, chart, names)
    return ChartData(
        bars=[Bar(label=labels.get(n, n), value=_measure(chart, groups[n])) for n in names]
    )


async def _rows(records: Store[Any], chart: Chart, where: Mapping[str, Any]) -> list[Document]:
    entity = records.entity
    is_computed = chart.of in {one.field for one in (*entity.totals, *entity.formulas)}
    wanted = None if is_computed else {chart.by: 1, **({chart.of: 1} if chart.of else {})}
    rows = await records.records.find(records.visible(where), wanted).to_list()
    if is_computed:
        await with_links(entity, rows, records.owner, records.access)
    return rows


def _names(chart: Chart, groups: Mapping[str, list[Decimal]]) -> list[str]:
    """An average of nothing is not 0: only sums and counts have groups in which nothing was."""
    if not chart.period:
        return _by_size(groups) if not chart.choices else _by_choice(chart, groups)
    if chart.measure == "average":
        return sorted(groups)[-MAX_BARS:]
    return _periods(chart, sorted(groups))


def _measure(chart: Chart, values: list[Decimal]) -> float:
    if chart.measure == "count":
        return len(values)
    total = sum(values, Decimal(0))
    return rounded(total / len(values) if chart.measure == "average" and values else total, None)


def _group(chart: Chart, value: Any, zone: ZoneInfo) -> str | None:
    if not chart.period:
        return "Yes" if value is True else "No" if value is False else value or "None"
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        day = aware.astimezone(zone).date()
    elif isinstance(value, str) and value:
        day = date.fromisoformat(value)
    else:
        return None
    return _name(chart.period, day)


def _name(period: str, day: date) -> str:
    match period:
        case "year":
            return f"{day.year:04}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
        case "week":
            return (day - timedelta(days=day.weekday())).isoformat()
        case _:
            return day.isoformat()


def _periods(chart: Chart, names: list[str]) -> list[str]:
    """Those between too, in which nothing was."""
    if not names:
        return []
    last = date.fromisoformat((names[-1] + "-01-01")[:10])
    found: list[str] = [_name(chart.period, last)]
    while found[-1] != names[0]:
        if len(found) > MAX_GAPS + len(names):
            return names[-MAX_BARS:]
        last -= timedelta(days=1)
        if chart.period in ("month", "year"):
            last = last.replace(day=1)
        if chart.period == "year":
            last = last.replace(month=1)
        name = _name(chart.period, last)
        if name != found[-1]:
            found.append(name)
    return found[::-1]


def _by_choice(chart: Chart, groups: Mapping[str, list[Decimal]]) -> list[str]:
    """All choices in their order, then what is none of them; nothing as long as there is no record."""
    if not groups:
        return []
    shown = [one for one in chart.choices if chart.measure != "average" or one in groups]
    return [*shown, *(name for name in _by_size(groups) if name not in chart.choices)]


def _by_size(groups: Mapping[str, list[Decimal]]) -> list[str]:
    return sorted(groups, key=lambda name: (-len(groups[name]), name))[:MAX_BARS]


async def _labels(records: Store[Any], chart: Chart, names: list[str]) -> dict[str, str]:
    reference = next((one for one in records.entity.references if one.field == chart.by), None)
    if reference is None:
        return {name: readable(name) for name in names}
    target = ENTITIES[reference.target]
    known = [name for name in names if name != "None"]
    return await titles_of(target, known, records.owner, records.access)
