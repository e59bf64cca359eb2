"""Values that keep the rules: what tests, checks and witnesses send instead of the usual samples."""

from datetime import date, datetime, timedelta
from typing import Any

from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Capacity, Compare, Deadline, InTime, NoOverlap

FUTURE = {"date": "2099-03-31", "datetime": "2099-03-31T14:30:00Z"}
PAST = {"date": "2020-03-31", "datetime": "2020-03-31T14:30:00Z"}
_USUAL: dict[str, Any] = {
    "date": "2026-03-31",
    "datetime": "2026-03-31T14:30:00Z",
    "time": "14:30",
    "integer": 3,
    "number": 3,
    "money": 3,
}
Samples = dict[tuple[str, str], Any]
"""(entity, field) -> value."""


def rule_samples(app: AppSpec) -> Samples:
    """The fields whose usual sample would break a rule, and a value that keeps it."""
    found: Samples = {}
    for entity in app.entities:
        for rule in entity.rules:
            match rule:
                case InTime():
                    times = FUTURE if rule.rule == "not_past" else PAST
                    found[entity.name, rule.field] = times[entity.field(rule.field).type]
                case Deadline():
                    owner, field = _at(app, entity, rule.field)
                    found[owner.name, field.name] = FUTURE[field.type]
                case Capacity() if rule.value:
                    found[entity.name, rule.of] = _unlimited(entity, rule.of)
                case _:
                    pass
    _keep_order(app, found)
    return found


def _keep_order(app: AppSpec, found: Samples) -> None:
    """Values of two fields of which one is less than the other."""
    for entity in app.entities:
        for rule in entity.rules:
            match rule:
                case NoOverlap() if rule.end:
                    low = _value(found, entity, entity.field(rule.start))
                    found[entity.name, rule.start] = low
                    found[entity.name, rule.end] = beyond(low, 1)
                case Compare():
                    _compared(app, entity, rule, found)
                case _:
                    pass


def _unlimited(entity: EntitySpec, field: str) -> str:
    """The first choice that any number of records may have, or else the first."""
    choices = entity.field(field).choices
    limited = {r.value for r in entity.rules if isinstance(r, Capacity) and r.of == field}
    return next((choice for choice in choices if choice not in limited), choices[0])


def _compared(app: AppSpec, entity: EntitySpec, rule: Compare, found: Samples) -> None:
    field = entity.field(rule.field)
    owner, other = _at(app, entity, rule.than)
    if rule.must_be in ("more", "at_least"):
        low = _value(found, owner, other)
        found[owner.name, other.name] = low
        wanted = beyond(low, 1)
        if field.maximum is not None and isinstance(wanted, int | float):
            wanted = min(wanted, field.maximum)
        found[entity.name, field.name] = wanted
    else:
        low = _value(found, entity, field)
        found[entity.name, field.name] = low
        found[owner.name, other.name] = beyond(low, 1)


def _value(found: Samples, entity: EntitySpec, field: FieldSpec) -> Any:
    known = found.get((entity.name, field.name))
    if known is not None:
        return known
    usual = _USUAL[field.type]
    if isinstance(usual, int):
        usual = usual if field.maximum is None else min(usual, field.maximum)
        usual = usual if field.minimum is None else max(usual, field.minimum)
        return int(usual) if float(usual).is_integer() else usual
    return usual


def beyond(value: Any, steps: int) -> Any:
    """A later moment, day or time, or a larger number."""
    if isinstance(value, int | float):
        return value + steps
    if ":" not in value:
        return (date.fromisoformat(value) + timedelta(days=steps)).isoformat()
    if len(value) == len("14:30"):
        moment = datetime.fromisoformat(f"2026-01-01T{value}") + timedelta(hours=steps)
        return moment.strftime("%H:%M")
    moment = datetime.fromisoformat(value) + timedelta(hours=steps)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _at(app: AppSpec, entity: EntitySpec, path: str) -> tuple[EntitySpec, FieldSpec]:
    first, _, rest = path.partition(".")
    if not rest:
        return entity, entity.field(first)
    target = app.entity(str(entity.field(first).target))
    return target, target.field(rest)
