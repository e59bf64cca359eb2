"""Edits of what a field may hold: its choices, its limits, what it begins as, whether it repeats."""

from dataclasses import replace

from stackwright.offline.asked import with_rule
from stackwright.offline.edits.fields import Edit, Rename, changed, refused, with_field_as
from stackwright.offline.places import NUMBERS, lower
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Unique, key_of

_MOST_CHOICES = 40


def _of(entity: EntitySpec, one: FieldSpec) -> str:
    return f'"{one.label}" of {entity.label_plural.lower()}'


def add_choices(spec: AppSpec, entity: EntitySpec, one: FieldSpec, values: list[str]) -> Edit:
    """Let an enumeration have more values."""
    known = {c.lower() for c in one.choices}
    fresh = tuple(v for v in dict.fromkeys(values) if v and v.lower() not in known)
    if not fresh:
        return refused(spec, f'"{one.label}" already has this choice.')
    if len(one.choices) + len(fresh) > _MOST_CHOICES:
        return refused(spec, f"{_of(entity, one)} cannot have more than {_MOST_CHOICES} choices.")
    return _with_choices(
        spec,
        entity,
        one,
        one.choices + fresh,
        f"{_of(entity, one)} can now also be {', '.join(fresh)}.",
    )


def in_order(edit: Edit, entity: str, name: str, order: tuple[str, ...]) -> Edit:
    """The edit with the choices of that field in this order."""
    holder = edit.spec.entity(entity)
    made = with_field_as(holder, name, holder.field(name).model_copy(update={"choices": order}))
    return replace(edit, spec=changed(edit.spec, made, "").spec)


def remove_choices(spec: AppSpec, entity: EntitySpec, one: FieldSpec, values: list[str]) -> Edit:
    """New records cannot have these values any more."""
    kept = tuple(c for c in one.choices if c not in values)
    if not kept:
        return refused(spec, f"{_of(entity, one)} needs a choice.")
    told = f"{_of(entity, one)} cannot be {' or '.join(values)} any more."
    return _with_choices(spec, entity, one, kept, told)


def rename_choice(spec: AppSpec, entity: EntitySpec, one: FieldSpec, old: str, new: str) -> Edit:
    """Stored records follow."""
    if not new or (new.lower() != old.lower() and new.lower() in map(str.lower, one.choices)):
        return refused(spec, f'{_of(entity, one)} already has the choice "{new}".')
    choices = tuple(new if c == old else c for c in one.choices)
    told = f'The choice "{old}" of {_of(entity, one)} is now called "{new}".'
    default = new if one.default == old else one.default
    made = _with_choices(
        spec, entity, one.model_copy(update={"default": default}), choices, told, old=old, new=new
    )
    rename = Rename(entity.name, entity.name, one.name, one.name, old, new)
    return replace(made, renames=(rename,))


def _with_choices(
    spec: AppSpec,
    entity: EntitySpec,
    one: FieldSpec,
    choices: tuple[str, ...],
    told: str,
    *,
    old: str = "",
    new: str = "",
) -> Edit:
    default = one.default if one.default in choices else None
    field = one.model_copy(update={"choices": choices, "default": default})
    made = with_field_as(entity, one.name, field)
    rules = tuple(
        rule.model_copy(update={"allowed": _steps_now(rule.allowed, choices, old, new)})
        if rule.rule == "steps" and rule.field == one.name
        else rule.model_copy(update={"value": new})
        if rule.rule == "capacity" and rule.of == one.name and rule.value == old and new
        else rule
        for rule in entity.rules
    )
    return changed(spec, made.model_copy(update={"rules": rules}), told, field=one.name)


def _steps_now(
    allowed: dict[str, tuple[str, ...]], choices: tuple[str, ...], old: str, new: str
) -> dict[str, tuple[str, ...]]:
    names = {old: new} if new else {}
    moved = {
        names.get(start, start): tuple(names.get(end, end) for end in ends)
        for start, ends in allowed.items()
    }
    return {
        start: tuple(end for end in ends if end in choices)
        for start, ends in moved.items()
        if start in choices
    }


def limit(
    spec: AppSpec, entity: EntitySpec, one: FieldSpec, low: float | None, high: float | None
) -> Edit:
    """Bounds of a number; one that is not said stays as it is."""
    if one.type not in NUMBERS or one.computed is not None:
        return refused(
            spec, f"{_of(entity, one)} is no number that people fill in: it has no limits."
        )
    low = one.minimum if low is None else low
    high = one.maximum if high is None else high
    if low is not None and high is not None and low >= high:
        return refused(spec, f"{_of(entity, one)} cannot be from {low:g} to {high:g}.")
    told = f"is from {low or 0:g} to {high or 0:g}"
    if high is None:
        told = f"is at least {low or 0:g}"
    elif low is None:
        told = f"is at most {high:g}"
    field = one.model_copy(update={"minimum": low, "maximum": high})
    if field == one:
        return refused(spec, f"{_of(entity, one)} {told} already.")
    made = with_field_as(entity, one.name, field)
    return changed(spec, made, f"{_of(entity, one)} {told}.", field=one.name, shows="limits")


def without_limits(
    spec: AppSpec, entity: EntitySpec, one: FieldSpec, *, low: bool = True, high: bool = True
) -> Edit:
    """Any number is taken again."""
    update = ({"minimum": None} if low else {}) | ({"maximum": None} if high else {})
    field = one.model_copy(update=update)
    if field == one:
        return refused(spec, f"{_of(entity, one)} has no such limit.")
    which = "limits" if low and high else "lowest value" if low else "highest value"
    made = with_field_as(entity, one.name, field)
    return changed(spec, made, f"{_of(entity, one)} has no {which} any more.", field=one.name)


def set_default(spec: AppSpec, entity: EntitySpec, one: FieldSpec, value: str) -> Edit:
    """What a new record has before anybody fills the field in; '' for nothing."""
    given: str | bool | int | float | None = value
    if one.type == "enum":
        given = next((c for c in one.choices if c.casefold() == value.casefold()), None)
    elif one.type == "boolean":
        known = {"yes": True, "true": True, "no": False, "false": False, "on": True, "off": False}
        named = {one.label.lower(): True, f"not {one.label.lower()}": False, f"un{one.label.lower()}": False}  # fmt: skip
        given = {**named, **known}.get(value.lower())
    elif one.type in NUMBERS:
        try:
            given = float(value) if "." in value else int(value)
        except ValueError:
            given = None
    elif one.type not in ("string", "text"):
        given = None
    if given is None or one.computed is not None or len(value) > 60:
        return refused(spec, f'{_of(entity, one)} cannot begin as "{value}".')
    made = with_field_as(entity, one.name, one.model_copy(update={"default": given}))
    told = f'"{one.label}" of new {entity.label_plural.lower()} is now: {_shown(given)}.'
    if made == entity:
        return refused(spec, f"{told} That is so already.")
    return changed(spec, made, told, field=one.name)


def _shown(value: str | bool | int | float) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def drop_default(spec: AppSpec, entity: EntitySpec, one: FieldSpec) -> Edit:
    """A new record begins with nothing in the field."""
    if one.default is None:
        return refused(spec, f"{_of(entity, one)} begins as nothing already.")
    made = with_field_as(entity, one.name, one.model_copy(update={"default": None}))
    told = f'"{one.label}" of new {entity.label_plural.lower()} is empty now.'
    return changed(spec, made, told, field=one.name)


def make_unique(spec: AppSpec, entity: EntitySpec, fields: list[FieldSpec]) -> Edit:
    """No two records have the same in all these fields."""
    told = f"No two {lower(entity.label_plural)} have the same {' and '.join(lower(f.label) for f in fields)}."
    if any(f.computed is not None or f.type in ("boolean", "references", "tags") for f in fields):
        return refused(spec, f'"{fields[0].label}" cannot be unique.')
    rule = Unique(rule="unique", fields=tuple(f.name for f in fields))
    if rule in entity.rules:
        return refused(spec, f"{told} That is so already.")
    made = with_rule(entity, rule)
    return changed(spec, made, told, field=fields[0].name, shows="rule", named=key_of(rule))


def drop_unique(spec: AppSpec, entity: EntitySpec, one: FieldSpec) -> Edit:
    """Several records may have the same value from now on."""
    kept = tuple(
        rule for rule in entity.rules if not (rule.rule == "unique" and one.name in rule.fields)
    )
    if kept == entity.rules:
        return refused(spec, f"{_of(entity, one)} is not unique.")
    told = f"Several {entity.label_plural.lower()} may have the same {one.label.lower()} now."
    return changed(spec, entity.model_copy(update={"rules": kept}), told, field=one.name)
