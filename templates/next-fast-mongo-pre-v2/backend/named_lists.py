"""Parts of lists that have names of their own: what is overdue, what expires within a month."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from charts import Zone
from database import Document
from entity import Entity
from list_parts import Condition


@dataclass(frozen=True)
class Part:
    """The list with this number among those of a kind of record, as of today where the reader is."""

    number: int | None
    zone: ZoneInfo

    def query(self, entity: Entity) -> Document:
        """Nothing is asked for without a number; a number that no list has finds nothing."""
        if self.number is None:
            return {}
        if self.number >= len(entity.lists):
            return {"_id": None}
        today = datetime.now(self.zone).date()
        conditions = entity.lists[self.number].where
        return {"$and": [one for each in conditions for one in _parts(each, today, self.zone)]}


async def part(
    zone: Zone,
    part: Annotated[
        int | None, Query(ge=0, le=20, description="Which of the lists with a name.")
    ] = None,
) -> Part:
    return Part(part, zone)


NamedPart = Annotated[Part, Depends(part)]


def _parts(one: Condition, today: date, zone: ZoneInfo) -> Iterator[Document]:
    key, nothing = one.key, [None, ""]
    if one.values or one.empty:
        yield {key: {"$in": [*one.values, *(nothing if one.empty else [])]}}
    if one.filled:
        yield {key: {"$nin": nothing}}
    first, last = _days(one, today)
    if first is not None:
        yield {key: {"$gte": _start_of(first, zone) if one.is_moment else first.isoformat()}}
    if last is not None and one.is_moment:
        yield {key: {"$lt": _start_of(last + timedelta(days=1), zone)}}
    elif last is not None:
        yield {key: {"$gt": "", "$lte": last.isoformat()}}
    if one.more_than is not None:
        yield {key: {"$gt": one.more_than}}
    if one.less_than is not None:
        yield {key: {"$lt": one.less_than}}
    if one.less_than_field:
        both: list[Any] = [f"${key}", f"${one.less_than_field}"]
        yield {key: {"$ne": None}, "$expr": {"$lt": both}}


def _days(one: Condition, today: date) -> tuple[date | None, date | None]:
    """The first and the last day that a record may have."""
    match one.period:
        case "week":
            first = today - timedelta(days=today.weekday())
            return first, first + timedelta(days=6)
        case "month":
            last = monthrange(today.year, today.month)[1]
            return today.replace(day=1), today.replace(day=last)
        case "year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case _:
            return _after(today, one.from_day), _after(today, one.to_day)


def _after(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
