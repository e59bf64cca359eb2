"""Edits of how records are listed: order, columns, filters, and the order of their fields."""

from stackwright.offline.edits.fields import Edit, changed, refused
from stackwright.offline.list_forms import columns_of
from stackwright.offline.places import lower
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

_FILTERABLE = ("enum", "boolean", "reference", "tags", "date", "string")


def sort(spec: AppSpec, entity: EntitySpec, one: FieldSpec, *, is_late: bool) -> Edit:
    """`is_late`: the last or highest stands first."""
    if one.type in ("reference", "references", "tags", "text") or one.computed is not None:
        told = f'{entity.label_plural} cannot be sorted by "{one.label}": it is {_why(one)}.'
        return refused(spec, told)
    order = f"{'-' if is_late else ''}{one.name}"
    how = " (the last or highest first)" if is_late else ""
    told = f"{entity.label_plural} are listed by {lower(one.label)}{how}."
    if entity.sort == order:
        return refused(spec, f"{told} That is so already.")
    made = entity.model_copy(update={"sort": order})
    return changed(spec, made, told, field=one.name, shows="sorted")


def _why(one: FieldSpec) -> str:
    if one.computed is not None:
        return "calculated"
    return {"text": "a long text", "tags": "a list of tags"}.get(one.type, "another record")


def unsort(spec: AppSpec, entity: EntitySpec) -> Edit:
    """The usual order again."""
    if not entity.sort:
        return refused(spec, f"{entity.label_plural} are in their usual order already.")
    made = entity.model_copy(update={"sort": ""})
    return changed(spec, made, f"{entity.label_plural} are listed in their usual order again.")


def show(spec: AppSpec, entity: EntitySpec, fields: list[FieldSpec], *, is_hidden: bool) -> Edit:
    """Which columns the list has beside the title; the fields stay."""
    columns = columns_of(entity)
    named = [one for one in fields if one.name != entity.title_field]
    if is_hidden and len(named) < len(fields):
        told = f'"{entity.field(entity.title_field).label}" names the {lower(entity.label_plural)}; it stays in their list.'
        return refused(spec, told)
    names = [one.name for one in named]
    after = (
        [one for one in columns if one not in names]
        if is_hidden
        else [*columns, *(one for one in names if one not in columns)]
    )
    verb = "hides" if is_hidden else "shows"
    told = f"The list of {lower(entity.label_plural)} {verb} {_names(fields)}"
    if after == columns:
        return refused(spec, f"{told} already.")
    if not after:
        return refused(spec, f"The list of {lower(entity.label_plural)} needs a column.")
    made = entity.model_copy(update={"columns": tuple(after)})
    return changed(spec, made, f"{told}.", field=fields[-1].name, shows="column")


def show_only(spec: AppSpec, entity: EntitySpec, fields: list[FieldSpec]) -> Edit:
    """Just these columns, in this order."""
    names = tuple(one.name for one in fields if one.name != entity.title_field)
    told = f"The list of {lower(entity.label_plural)} shows only {_names(fields)}"
    if entity.title_field not in [one.name for one in fields]:
        told += f", beside {lower(entity.field(entity.title_field).label)}, which names them"
    if not names or names == entity.columns:
        return refused(spec, f"{told} already.")
    made = entity.model_copy(update={"columns": names})
    return changed(spec, made, f"{told}.", field=names[-1], shows="column")


def _names(fields: list[FieldSpec]) -> str:
    names = [lower(one.label) for one in fields]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def add_filter(spec: AppSpec, entity: EntitySpec, one: FieldSpec) -> Edit:
    """Let the list page filter by a field."""
    if one.name in entity.filters:
        return refused(spec, f'{entity.label_plural} can already be filtered by "{one.label}".')
    if one.type not in _FILTERABLE:
        return refused(spec, f'{entity.label_plural} cannot be filtered by "{one.label}".')
    made = entity.model_copy(update={"filters": (*entity.filters, one.name)})
    told = f'{entity.label_plural} can now be filtered by "{one.label}".'
    return changed(spec, made, told, field=one.name)


def drop_filter(spec: AppSpec, entity: EntitySpec, one: FieldSpec) -> Edit:
    """The list is not narrowed by that field any more."""
    if one.name not in entity.filters:
        return refused(spec, f'{entity.label_plural} have no filter by "{one.label}".')
    kept = tuple(name for name in entity.filters if name != one.name)
    made = entity.model_copy(update={"filters": kept})
    told = f'{entity.label_plural} are not filtered by "{one.label}" any more.'
    return changed(spec, made, told, field=one.name)


def move(
    spec: AppSpec, entity: EntitySpec, one: FieldSpec, beside: FieldSpec | None, *, is_before: bool
) -> Edit:
    """Another place among the fields; without a neighbour at the start or the end."""
    rest = [f for f in entity.fields if f.name != one.name]
    at = 0 if is_before else len(rest)
    if beside is not None:
        at = next(n for n, f in enumerate(rest) if f.name == beside.name) + (not is_before)
    fields = (*rest[:at], one, *rest[at:])
    side = "before" if is_before else "after"
    where = f'{side} "{beside.label}"' if beside else ("first" if is_before else "last")
    told = f'"{one.label}" stands {where} among the fields of {entity.label_plural.lower()}'
    if fields == entity.fields:
        return refused(spec, f"{told} already.")
    return changed(spec, entity.model_copy(update={"fields": fields}), f"{told}.", field=one.name)
