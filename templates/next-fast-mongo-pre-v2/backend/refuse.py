"""Refuses what breaks a rule, whatever the page did before."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from database import Document, collection
from entity import Entity
from locks import locked
from order import lock_of
from problems import FieldProblem, InvalidFields
from rules import (
    NEEDS_LOCK,
    Capacity,
    Compare,
    Deadline,
    InTime,
    NoOverlap,
    Rule,
    Steps,
    Unique,
)

Action = Literal["create", "change", "delete"]
WEST, EAST = timedelta(hours=12), timedelta(hours=14)
"""How far clocks on earth are behind and before UTC: a day is past when it is past everywhere."""


@asynccontextmanager
async def writing(entity: Entity, owner: str) -> AsyncGenerator[None]:
    """Alone with the records of `entity`, if a rule between them or their order could be broken."""
    if entity.ordered or any(isinstance(rule, NEEDS_LOCK) for rule in entity.rules):
        async with locked(lock_of(entity, owner)):
            yield
    else:
        yield


async def refuse_broken_rules(
    entity: Entity, action: Action, before: Document, values: Document, owner: str
) -> None:
    """Raise InvalidFields if storing `values` over `before` breaks a rule; all are told at once."""
    after = {**before, **values}
    changed = {key for key, value in after.items() if key not in before or before[key] != value}
    problems = [
        problem
        for rule in entity.rules
        async for problem in _broken(entity, rule, action, before, after, changed, owner)
    ]
    if problems:
        raise InvalidFields(problems)


async def _broken(
    entity: Entity,
    rule: Rule,
    action: Action,
    before: Document,
    after: Document,
    changed: set[str],
    owner: str,
) -> AsyncGenerator[FieldProblem]:
    if isinstance(rule, Deadline):
        if action in rule.actions and await _is_late(rule, before or after, owner):
            yield FieldProblem(field=rule.field, message=rule.message)
        return
    if action == "delete" or changed.isdisjoint(_keys(rule)):
        return
    others = {"_owner": owner, "_id": {"$ne": before.get("_id")}}
    match rule:
        case Unique():
            same = {key: after.get(key) for key in rule.fields}
            if _is_told(same) and await _is_there(entity, {**others, **same}):
                yield FieldProblem(field=rule.field, message=rule.message)
        case NoOverlap():
            async for problem in _overlap(entity, rule, after, others):
                yield problem
        case Capacity():
            if await _is_full(entity, rule, after, others, owner):
                yield FieldProblem(field=rule.field, message=rule.message)
        case Compare():
            other = await _value(rule.via, rule.target, rule.than, after, owner)
            if not _holds(after.get(rule.field), rule.must_be, other):
                yield FieldProblem(field=rule.field, message=rule.message)
        case InTime():
            if rule.field in changed and _is_wrong_side(rule, after.get(rule.field)):
                yield FieldProblem(field=rule.field, message=rule.message)
        case Steps():
            for message in _wrong_step(rule, before.get(rule.field), after.get(rule.field)):
                yield FieldProblem(field=rule.field, message=message)


def _keys(rule: Rule) -> set[str]:
    match rule:
        case Unique():
            return set(rule.fields)
        case NoOverlap():
            return {rule.field, rule.end or rule.minutes, *rule.on}
        case Capacity():
            return {rule.field, rule.amount}
        case Compare():
            return {rule.field, rule.via or rule.than}
        case _:
            return {rule.field}


def _is_told(values: Mapping[str, Any]) -> bool:
    return all(value not in (None, "") for value in values.values())


async def _is_there(entity: Entity, query: Document) -> bool:
    collation = {"locale": "en", "strength": 2}
    found = await collection(entity.name).find_one(query, {"_id": 1}, collation=collation)
    return found is not None


async def _overlap(
    entity: Entity, rule: NoOverlap, after: Document, others: Document
) -> AsyncGenerator[FieldProblem]:
    start, end = after.get(rule.field), _end(rule, after)
    same = {key: after.get(key) for key in rule.on}
    if start is None or end is None:
        return
    if end < start or (end == start and not rule.whole_days):
        yield FieldProblem(field=rule.end or rule.minutes, message=rule.order_message)
        return
    if rule.minutes:
        query = {**others, **same, rule.field: {"$lt": end, "$gt": _moved(start, -LONGEST)}}
        if _is_told(same) and await _is_one_running(entity, rule, query, start):
            yield FieldProblem(field=rule.field, message=rule.message)
        return
    until, since = ("$lte", "$gte") if rule.whole_days else ("$lt", "$gt")
    crossing = {rule.field: {until: end}, rule.end: {since: start}}
    if _is_told(same) and await _is_there(entity, {**others, **same, **crossing}):
        yield FieldProblem(field=rule.field, message=rule.message)


LONGEST = 7 * 24 * 60
"""Minutes; what lasts longer is no appointment."""


def _end(rule: NoOverlap, document: Document) -> Any:
    """When it ends; None if that is not told."""
    start, minutes = document.get(rule.field), document.get(rule.minutes)
    if not rule.minutes:
        return document.get(rule.end)
    return None if start is None or minutes is None else _moved(start, min(minutes, LONGEST))


def _moved(start: datetime | str, minutes: int) -> datetime | str:
    """Times of the day are text; what runs past midnight ends at 25:00 or later."""
    if isinstance(start, datetime):
        return start + timedelta(minutes=minutes)
    hour, minute = (int(part) for part in start.split(":")[:2])
    total = hour * 60 + minute + minutes
    return "" if total < 0 else f"{total // 60:02}:{total % 60:02}"


async def _is_one_running(
    entity: Entity, rule: NoOverlap, query: Document, start: datetime | str
) -> bool:
    """Whether one of those that begin before the new one ends lasts into it."""
    fields = {rule.field: 1, rule.minutes: 1}
    async for document in collection(entity.name).find(query, fields):
        end = _end(rule, document)
        if end is not None and end > start:
            return True
    return False


async def _is_full(
    entity: Entity, rule: Capacity, after: Document, others: Document, owner: str
) -> bool:
    """A record without an amount takes no place."""
    target = after.get(rule.field)
    if target is None or rule.value not in ("", target):
        return False
    maximum = rule.maximum
    if rule.maximum_field:
        maximum = await _value(rule.field, rule.target, rule.maximum_field, after, owner)
    if maximum is None:
        return False
    query = {**others, rule.field: target}
    if not rule.amount:
        return await collection(entity.name).count_documents(query) >= maximum
    rows = collection(entity.name).find(query, {rule.amount: 1})
    taken = sum([row.get(rule.amount) or 0 async for row in rows])
    return bool(taken + (after.get(rule.amount) or 0) > maximum)


async def _value(via: str, target: str, key: str, record: Document, owner: str) -> Any:
    """A field of the record, or of the one that it refers to."""
    if not via:
        return record.get(key)
    found = await collection(target).find_one({"_id": record.get(via), "_owner": owner}, {key: 1})
    return None if found is None else found.get(key)


def _holds(value: Any, must_be: str, other: Any) -> bool:
    """Nothing is compared with what is not there."""
    if value is None or other is None:
        return True
    match must_be:
        case "more":
            return bool(value > other)
        case "at_least":
            return bool(value >= other)
        case "less":
            return bool(value < other)
        case _:
            return bool(value <= other)


def _is_wrong_side(rule: InTime, value: Any) -> bool:
    """A minute passes while a form is filled in; a day counts while it is that day somewhere."""
    moment = _moment(value)
    if moment is None:
        return False
    now = datetime.now(UTC)
    if isinstance(value, str):
        if rule.must_be == "not_past":
            return moment + timedelta(days=1) + WEST <= now
        return moment - EAST > now
    slack = timedelta(minutes=1)
    return moment < now - slack if rule.must_be == "not_past" else moment > now + slack


def _wrong_step(rule: Steps, before: Any, after: Any) -> Iterator[str]:
    if before in (None, "") or before == after:
        return
    allowed = dict(rule.allowed).get(before, ())
    if after not in allowed:
        then = f"can become {' or '.join(allowed)}" if allowed else "cannot be changed any more"
        yield f"{rule.label} {before} {then}."


async def _is_late(rule: Deadline, record: Document, owner: str) -> bool:
    moment = _moment(await _value(rule.via, rule.target, rule.moment, record, owner))
    return moment is not None and datetime.now(UTC) > moment - timedelta(hours=rule.hours)


def _moment(value: Any) -> datetime | None:
    """A date begins at midnight, UTC."""
    if isinstance(value, str) and value:
        day = date.fromisoformat(value)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None
