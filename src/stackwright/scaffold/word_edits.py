"""Keeps rules, figures and views in step when the fields and records that they speak of change."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import TypeAdapter

from stackwright.scaffold.kit_spec import KitUse, Mail
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.word_checks import is_fitting, is_mail_fitting
from stackwright.scaffold.words import Computed, FigureOf, Formula, Rule, SumOf, View

_PATHS = frozenset({"than", "field"})
_NAMES = frozenset(
    {
        "fields",
        "start",
        "end",
        "minutes",
        "on",
        "of",
        "amount",
        "field",
        "than",
        "by",
        "day",
        "less_than_field",
    }
)
_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
_VIEW: TypeAdapter[View] = TypeAdapter(View)


def with_renamed_field(app: AppSpec, entity: str, old: str, new: str) -> AppSpec:
    """`app`, whose field is called `new` already, with all that spoke of it by its old name."""
    if old == new:
        return app
    entities = tuple(
        _own(one, old, new) if one.name == entity else _foreign(one, entity, old, new)
        for one in app.entities
    )
    kits = tuple(_kit(app, one, entity, old, new) for one in app.kits)
    return app.model_copy(update={"entities": entities, "kits": kits})


def _kit(app: AppSpec, use: KitUse, entity: str, old: str, new: str) -> KitUse:
    """The mails that speak of the renamed field."""
    if use.name != "messages":
        return use

    def mail(one: Mail) -> dict[str, Any]:
        words = one.model_dump(exclude_defaults=True)
        first, dot, rest = one.to.partition(".")
        if one.entity == entity:
            words |= {"to": new + dot + rest} if first == old else {}
            words |= {"field": new} if one.field == old else {}
        links = {f.name for f in app.entity(one.entity).fields if f.target == entity}
        if dot and rest == old and first in links:
            words["to"] = f"{first}.{new}"
        return words

    return KitUse(name=use.name, options={"mails": [mail(one) for one in use.settings().mails]})


def _own(entity: EntitySpec, old: str, new: str) -> EntitySpec:
    sort = entity.sort.removesuffix(old) + new if entity.sort.lstrip("-") == old else entity.sort
    return entity.model_copy(
        update={
            "rules": tuple(
                _RULE.validate_python(_renamed(one.model_dump(), old, new)) for one in entity.rules
            ),
            "views": tuple(
                _VIEW.validate_python(_renamed(one.model_dump(), old, new)) for one in entity.views
            ),
            "columns": tuple(new if name == old else name for name in entity.columns),
            "sort": sort,
            "ordered": new if entity.ordered == old else entity.ordered,
            "fields": tuple(_own_figure(one, old, new) for one in entity.fields),
        }
    )


def _own_figure(field: FieldSpec, old: str, new: str) -> FieldSpec:
    if not isinstance(field.computed, Formula):
        return field
    fields = tuple(_path(name, old, new) for name in field.computed.fields)
    computed = field.computed.model_copy(update={"fields": fields})
    return field.model_copy(update={"computed": computed})


def _path(name: str, old: str, new: str) -> str:
    """A field, or a field of a record that the field `name` refers to."""
    first, dot, rest = name.partition(".")
    return new + dot + rest if first == old else name


def _renamed(words: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {key: _name(key, value, old, new) for key, value in words.items()}


def _name(key: str, value: Any, old: str, new: str) -> Any:
    if key == "where":
        return tuple(_renamed(one, old, new) for one in cast("tuple[dict[str, Any], ...]", value))
    if key == "sort":
        return value.removesuffix(old) + new if value.lstrip("-") == old else value
    if key not in _NAMES:
        return value
    if isinstance(value, tuple):
        return tuple(new if one == old else one for one in cast("tuple[str, ...]", value))
    return _path(str(value), old, new)


def _foreign(entity: EntitySpec, target: str, old: str, new: str) -> EntitySpec:
    """What other records say of the renamed field."""
    links = {field.name for field in entity.fields if field.target == target}

    def rule(one: Rule) -> Rule:
        words = one.model_dump()
        if words.get("of") in links and words.get("maximum_field") == old:
            words["maximum_field"] = new
        for key in _PATHS & set(words):
            first, _, rest = str(words[key]).partition(".")
            if first in links and rest == old:
                words[key] = f"{first}.{new}"
        return _RULE.validate_python(words)

    def field(one: FieldSpec) -> FieldSpec:
        computed = one.computed
        if isinstance(computed, Formula):
            paths = {f"{link}.{old}": f"{link}.{new}" for link in links}
            fields = tuple(paths.get(name, name) for name in computed.fields)
            computed = computed.model_copy(update={"fields": fields})
        elif isinstance(computed, SumOf) and computed.child == target:
            factors = tuple(new if name == old else name for name in computed.factors)
            computed = computed.model_copy(update={"factors": factors})
        elif isinstance(computed, FigureOf) and computed.child == target and computed.of == old:
            computed = computed.model_copy(update={"of": new})
        if isinstance(computed, SumOf | FigureOf) and computed.child == target and computed.only:
            field_of = new if computed.only.field == old else computed.only.field
            only = computed.only.model_copy(update={"field": field_of})
            computed = computed.model_copy(update={"only": only})
        return one.model_copy(update={"computed": computed})

    update = {
        "rules": tuple(rule(one) for one in entity.rules),
        "fields": tuple(field(one) for one in entity.fields),
    }
    return entity.model_copy(update=update)


def with_renamed_child(computed: Computed | None, old: str, new: str) -> Computed | None:
    if isinstance(computed, SumOf | FigureOf) and computed.child == old:
        return computed.model_copy(update={"child": new})
    return computed


def without_misfits(app: AppSpec) -> AppSpec:
    """Drops what speaks of something that is not there any more, or has another type now.

    A total whose records are gone becomes a number that people fill in."""
    entities = tuple(
        entity.model_copy(
            update={
                "fields": tuple(
                    one
                    if one.computed is None or is_fitting(app, entity, one.computed)
                    else one.model_copy(update={"computed": None})
                    for one in entity.fields
                ),
                "rules": tuple(one for one in entity.rules if is_fitting(app, entity, one)),
                "views": tuple(one for one in entity.views if is_fitting(app, entity, one)),
                "columns": tuple(
                    name for name in entity.columns if any(f.name == name for f in entity.fields)
                ),
                "sort": entity.sort
                if any(f.name == entity.sort.lstrip("-") for f in entity.fields)
                else "",
                "ordered": entity.ordered
                if any(f.name == entity.ordered and f.type == "reference" for f in entity.fields)
                else "",
            }
        )
        for entity in app.entities
    )
    names = {entity.name: entity.name for entity in entities}
    known = [one.following(names) for one in app.kits]
    kits = tuple(kept for one in known if (kept := _fitting_kit(app, one)) is not None)
    return app.model_copy(update={"entities": entities, "kits": kits})


def with_fitting_kits(app: AppSpec, renames: Mapping[tuple[str, str], str]) -> AppSpec:
    """`app` whose kits speak of fields by their names now; what is about fields that are gone goes."""
    kits = app.kits
    for (entity, old), new in renames.items():
        kits = tuple(_kit(app, one, entity, old, new) for one in kits)
    fitting = [kept for one in kits if (kept := _fitting_kit(app, one)) is not None]
    return app.model_copy(update={"kits": tuple(fitting)})


def _fitting_kit(app: AppSpec, use: KitUse) -> KitUse | None:
    """The kit without mails whose fields are gone; None if no mail is left."""
    if use.name != "messages":
        return use
    mails = [one for one in use.settings().mails if is_mail_fitting(app, one)]
    told = [one.model_dump(exclude_defaults=True) for one in mails]
    return KitUse(name=use.name, options={"mails": told}) if told else None
