"""Rules as the generated backend has them: one call each, with the sentence that refuses."""

from typing import cast

from stackwright.scaffold.fields import FieldView, python_literal
from stackwright.scaffold.layout import item
from stackwright.scaffold.render import python_value
from stackwright.scaffold.views import AppView, EntityView, in_sentence
from stackwright.scaffold.words import (
    Capacity,
    Compare,
    Deadline,
    InTime,
    NoOverlap,
    Rule,
    Steps,
    Unique,
)

_INDENT = " " * 12
_OF_TIMES = {
    "more": "after",
    "at_least": "not before",
    "less": "before",
    "at_most": "not after",
}
_OF_NUMBERS = {
    "more": "more than",
    "at_least": "at least",
    "less": "less than",
    "at_most": "at most",
}


def rule_calls(app: AppView, entity: EntityView) -> list[str]:
    """Python source of each rule of an entity."""
    return [_call(app, entity, rule) for rule in entity.spec.rules]


def rule_kinds(app: AppView) -> list[str]:
    """The classes that the calls need."""
    return sorted({type(rule).__name__ for entity in app.entities for rule in entity.spec.rules})


def message_of(app: AppView, entity: EntityView, rule: Rule) -> str:
    """What a person reads when the rule refuses something."""
    noun = entity.noun
    match rule:
        case Unique():
            return f"There is already a record with this {_listed(entity, rule.fields)}."
        case NoOverlap():
            same = f" of the same {_listed(entity, rule.on)}" if rule.on else ""
            return f"This overlaps another {noun}{same}."
        case Capacity() if rule.value:
            much = in_sentence(_label(entity, rule.amount)) if rule.amount else entity.nouns
            return f"{_label(entity, rule.of)} {rule.value} is full: at most {rule.maximum} {much}."
        case Capacity():
            target = app.entity(str(entity.by_name(rule.of).spec.target))
            much = in_sentence(_label(entity, rule.amount)) if rule.amount else entity.nouns
            most = rule.maximum or f"the {in_sentence(_label(target, rule.maximum_field))}"
            if rule.amount:
                return f"This {target.noun} has not so much left: {much} of at most {most}."
            most = f"at most {most} {much}" if rule.maximum else f"no more {much} than {most}"
            return f"This {target.noun} is full: {most}."
        case Compare():
            than = in_sentence(_other(app, entity, rule.than)[1].label)
            is_time = entity.by_name(rule.field).type in ("date", "datetime", "time")
            words = (_OF_TIMES if is_time else _OF_NUMBERS)[rule.must_be]
            must = f"must {words}" if words.startswith("not") else f"must be {words}"
            must = must.replace("must not", "must not be")
            whose = f" of the {_whose(app, entity, rule.than)}" if "." in rule.than else ""
            return f"{_label(entity, rule.field)} {must} the {than}{whose}."
        case InTime():
            side = "past" if rule.rule == "not_past" else "future"
            return f"{_label(entity, rule.field)} must not be in the {side}."
        case Steps():
            return f"{_label(entity, rule.field)}"
        case Deadline():
            moment = in_sentence(_other(app, entity, rule.field)[1].label)
            return f"This is possible only until {_hours(rule.hours)} before the {moment}."


def _hours(hours: int) -> str:
    if hours and hours % 24 == 0 and hours > 24:
        return f"{hours // 24} days"
    return f"{hours} hour" if hours == 1 else f"{hours} hours"


def _label(entity: EntityView, name: str) -> str:
    return entity.by_name(name).label


def _listed(entity: EntityView, names: tuple[str, ...]) -> str:
    return " and ".join(in_sentence(_label(entity, name)) for name in names)


def _whose(app: AppView, entity: EntityView, path: str) -> str:
    return _other(app, entity, path)[0].noun


def _other(app: AppView, entity: EntityView, path: str) -> tuple[EntityView, FieldView]:
    """The entity and the field that `room_id.seats` or `start` leads to."""
    first, _, rest = path.partition(".")
    if not rest:
        return entity, entity.by_name(first)
    target = app.entity(str(entity.by_name(first).spec.target))
    return target, target.by_name(rest)


def _call(app: AppView, entity: EntityView, rule: Rule) -> str:
    message = message_of(app, entity, rule)
    values: dict[str, object] = {}
    match rule:
        case Unique():
            keys = tuple(_key(entity, name) for name in rule.fields)
            values = {"field": keys[0], "fields": keys}
        case NoOverlap():
            start, end = entity.by_name(rule.start), entity.by_name(rule.until)
            is_day = start.type == "date"
            order = f"{end.label} must {'not be before' if is_day else 'be after'} the {in_sentence(start.label)}."
            values = {
                "field": start.key,
                "end" if rule.end else "minutes": end.key,
                "on": tuple(_key(entity, name) for name in rule.on),
                "whole_days": is_day,
                "order_message": order if rule.end else f"{end.label} must be more than 0.",
            }
        case Capacity():
            values = _capacity(app, entity, rule)
        case Compare():
            values = {"field": _key(entity, rule.field), "must_be": rule.must_be}
            values |= _path(app, entity, rule.than, "than")
        case InTime():
            values = {"field": _key(entity, rule.field), "must_be": rule.rule}
        case Steps():
            allowed = tuple((name, rule.allowed[name]) for name in rule.allowed)
            label = _label(entity, rule.field)
            return _source(rule, {"field": _key(entity, rule.field), "allowed": allowed}, label)
        case Deadline():
            first = _key(entity, rule.field.partition(".")[0])
            values = {"field": first, "hours": rule.hours, "actions": rule.actions}
            values |= _path(app, entity, rule.field, "moment")
    return _source(rule, values | {"message": message})


def _capacity(app: AppView, entity: EntityView, rule: Capacity) -> dict[str, object]:
    values: dict[str, object] = {"field": _key(entity, rule.of), "target": ""}
    if rule.value:
        values["value"] = rule.value
    else:
        target = app.entity(str(entity.by_name(rule.of).spec.target))
        values["target"] = target.slug
        if rule.maximum_field:
            values["maximum_field"] = _key(target, rule.maximum_field)
    if rule.maximum is not None:
        values["maximum"] = rule.maximum
    if rule.amount:
        values["amount"] = _key(entity, rule.amount)
    return values


def _source(rule: Rule, values: dict[str, object], label: str = "") -> str:
    parts = [f"{name}={_python(value)}" for name, value in values.items()]
    parts += [f"label={python_literal(label)}"] if label else []
    return item(f"{type(rule).__name__}(", parts, _INDENT)


def _python(value: object) -> str:
    if isinstance(value, tuple):
        parts = [_python(one) for one in cast("tuple[object, ...]", value)]
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    return python_value(value)


def _key(entity: EntityView, name: str) -> str:
    return entity.by_name(name).key


def _path(app: AppView, entity: EntityView, path: str, name: str) -> dict[str, object]:
    target, field = _other(app, entity, path)
    first, _, rest = path.partition(".")
    more = {"via": _key(entity, first), "target": target.slug} if rest else {}
    return {name: field.key, **more}
