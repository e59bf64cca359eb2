"""What a witness of a rule sends: records that are taken, and one that must be refused."""

from dataclasses import dataclass
from typing import Any

from stackwright.scaffold import samples
from stackwright.scaffold.fields import FieldView, python_literal
from stackwright.scaffold.render import python_value
from stackwright.scaffold.rule_samples import FUTURE, PAST, beyond
from stackwright.scaffold.rule_source import message_of
from stackwright.scaffold.views import AppView, EntityView
from stackwright.scaffold.words import (
    Capacity,
    Compare,
    Deadline,
    InTime,
    NoOverlap,
    Rule,
    Steps,
    Unique,
    key_of,
)


@dataclass(frozen=True)
class Trial:
    """`before`, `wrong` and `right` are Python source: changes of a record that keeps all rules."""

    rule: Rule
    name: str
    field: str
    message: str
    before: tuple[str, ...] = ()
    wrong: str = "{}"
    right: str = ""
    typed: tuple[tuple[FieldView, Any], ...] = ()
    """What a person types to break the rule, beside what the form is filled with anyway."""
    twice: bool = False
    """Whether the same form, sent a second time, breaks the rule."""
    target: str = ""
    """The field of the record referred to that makes it full: key, colon, number."""

    @property
    def kind(self) -> str:
        return self.rule.rule


def trial_of(app: AppView, entity: EntityView, rule: Rule) -> Trial:
    message = message_of(app, entity, rule)
    base = (rule, key_of(rule))
    match rule:
        case Unique():
            key = entity.by_name(rule.fields[0]).key
            return Trial(*base, key, message, twice=True)
        case NoOverlap():
            return _overlap(entity, rule, base, message)
        case Capacity():
            return _capacity(app, entity, rule, base, message)
        case Compare():
            return _compare(app, entity, rule, base, message)
        case InTime():
            field = entity.by_name(rule.field)
            value = (PAST if rule.rule == "not_past" else FUTURE)[field.type]
            return Trial(
                *base, field.key, message, wrong=_dict(field.key, value), typed=((field, value),)
            )
        case Steps():
            return _steps(entity, rule, base)
        case Deadline():
            key = entity.by_name(rule.field.partition(".")[0]).key
            return Trial(*base, key, message)


def _dict(key: str, value: Any) -> str:
    return f"{{{python_literal(key)}: {python_value(value)}}}"


def _overlap(entity: EntityView, rule: NoOverlap, base: tuple[Rule, str], message: str) -> Trial:
    """Times that touch do not overlap; days that touch do."""
    start, end = entity.by_name(rule.start), entity.by_name(rule.until)
    if start.type == "date" or rule.minutes:
        return Trial(*base, start.key, message, twice=True)
    last = samples.sample(end)
    shifted = "later({}, 5)" if start.type == "datetime" else "{}"
    values = [shifted.format(python_literal(one)) for one in (last, beyond(last, 1))]
    keys = [python_literal(field.key) for field in (start, end)]
    days = ""
    for name in rule.on:
        if entity.by_name(name).type == "date":
            sample = python_literal(samples.sample(entity.by_name(name)))
            days = f", {python_literal(entity.by_name(name).key)}: later({sample}, 5)"
    right = f"{{{keys[0]}: {values[0]}, {keys[1]}: {values[1]}{days}}}"
    return Trial(*base, start.key, message, right=right, twice=True)


def _capacity(
    app: AppView, entity: EntityView, rule: Capacity, base: tuple[Rule, str], message: str
) -> Trial:
    key = entity.by_name(rule.of).key
    size = samples.sample(entity.by_name(rule.amount)) if rule.amount else 1
    if rule.maximum is not None:
        taken = ("{}",) * min(int(rule.maximum // (size or 1)), 300)
        wrong = _dict(key, rule.value) if rule.value else "{}"
        return Trial(*base, key, message, taken, wrong)
    target = app.entity(str(entity.by_name(rule.of).spec.target))
    limit = target.by_name(rule.maximum_field).key
    return Trial(*base, key, message, ("{}",), target=f"{key}:{limit}:{size}")


def _compare(
    app: AppView, entity: EntityView, rule: Compare, base: tuple[Rule, str], message: str
) -> Trial:
    field = entity.by_name(rule.field)
    reference, _, inner = rule.than.partition(".")
    other = (
        app.entity(str(entity.by_name(reference).spec.target)).by_name(inner)
        if inner
        else entity.by_name(reference)
    )
    value = beyond(samples.sample(other), -1 if rule.must_be in ("more", "at_least") else 1)
    return Trial(*base, field.key, message, wrong=_dict(field.key, value), typed=((field, value),))


def _steps(entity: EntityView, rule: Steps, base: tuple[Rule, str]) -> Trial:
    """The first choice that not every other one may follow."""
    field = entity.by_name(rule.field)
    for choice in field.spec.choices:
        following = rule.allowed.get(choice, ())
        forbidden = [one for one in field.spec.choices if one not in (choice, *following)]
        if following and forbidden:
            return Trial(
                *base,
                field.key,
                f"{field.label} {choice} can become",
                (_dict(field.key, choice),),
                _dict(field.key, forbidden[0]),
                _dict(field.key, following[0]),
            )
    return Trial(*base, field.key, "")
