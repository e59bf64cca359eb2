"""Single edits of a specification. Each keeps it valid and says in a sentence what it did."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stackwright.offline.draft import EntityDraft, FieldDraft
from stackwright.offline.field_types import TYPE_WORDS, infer
from stackwright.offline.places import with_kit
from stackwright.offline.spec_builder import entity_spec
from stackwright.offline.words import label, snake
from stackwright.scaffold.kit_spec import FileSlot, FilesOptions
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.word_edits import with_renamed_field, without_misfits

_FILTERABLE = ("enum", "boolean", "reference", "tags", "date", "string")


@dataclass(frozen=True)
class Rename:
    """A name that changed, so that stored records can follow. Fields are None for an entity."""

    entity_old: str
    entity_new: str
    field_old: str | None = None
    field_new: str | None = None


@dataclass(frozen=True)
class Edit:
    """The specification after one edit. `done` is False when the sentence says why nothing changed."""

    spec: AppSpec
    sentence: str
    done: bool = True
    entity: str | None = None
    renames: tuple[Rename, ...] = ()


def refused(spec: AppSpec, sentence: str) -> Edit:
    """Why nothing changed."""
    return Edit(spec, sentence, done=False)


def _changed(spec: AppSpec, entity: EntitySpec, sentence: str) -> Edit:
    """The entity in the place of the one that is called so."""
    entities = [entity if e.name == entity.name else e for e in spec.entities]
    return Edit(checked(spec, entities), sentence, entity=entity.name)


def rename_field(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, phrase: str) -> Edit:
    """Give a field another name; its type stays."""
    name = snake(phrase)
    if attribute.type == "reference" and name:
        name = name.removesuffix("_id") + "_id"
    if not name or any(f.name == name for f in entity.fields):
        return refused(spec, f'{entity.label_plural} cannot have another field "{phrase}".')
    renamed = attribute.model_copy(update={"name": name, "label": label(name.removesuffix("_id"))})
    made = [
        _with_field(e, attribute.name, renamed) if e.name == entity.name else e
        for e in spec.entities
    ]
    changed = with_renamed_field(
        spec.model_copy(update={"entities": tuple(made)}), entity.name, attribute.name, name
    )
    sentence = (
        f'"{attribute.label}" of {entity.label_plural.lower()} is now called "{renamed.label}".'
    )
    return Edit(
        checked(changed, list(changed.entities)),
        sentence,
        entity=entity.name,
        renames=(Rename(entity.name, entity.name, attribute.name, name),),
    )


def _with_field(entity: EntitySpec, old: str, new: FieldSpec) -> EntitySpec:
    return entity.model_copy(
        update={
            "fields": tuple(new if f.name == old else f for f in entity.fields),
            "filters": tuple(new.name if n == old else n for n in entity.filters),
            "title_field": new.name if entity.title_field == old else entity.title_field,
        }
    )


def remove_field(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec) -> Edit:
    """Take a field away; another becomes the title when it was the title."""
    rest = [f for f in entity.fields if f.name != attribute.name]
    if not rest:
        return refused(
            spec,
            f'"{attribute.label}" is the only field of {entity.label_plural.lower()}; it stays.',
        )
    still_owned = any(f.target == entity.parent for f in rest)
    rebuilt = rebuild(entity, rest, parent=entity.parent if still_owned else None)
    return _changed(
        spec, rebuilt, f'Removed "{attribute.label}" from {entity.label_plural.lower()}.'
    )


def remove_files(spec: AppSpec, slot: FileSlot) -> Edit:
    """Take a place for uploads away."""
    use = spec.kit("files")
    slots = [one for one in use.settings().slots if one != slot] if use else []
    options = FilesOptions(slots=tuple(slots)).model_dump(mode="json") if slots else None
    entity = spec.entity(slot.entity)
    told = f'Removed "{slot.label}" from {entity.label_plural.lower()}.'
    return Edit(with_kit(spec, "files", options), told, entity=entity.name)


def rebuild(entity: EntitySpec, fields: Iterable[FieldSpec], *, parent: str | None) -> EntitySpec:
    kept = list(fields)
    names = {f.name for f in kept}
    title = entity.title_field
    if title not in names:
        drafts = {
            f.name: FieldDraft(f.name, f.type, target=f.target, choices=f.choices) for f in kept
        }
        title = entity_spec(EntityDraft(entity.name, drafts)).title_field
        if title not in names:
            title = kept[0].name
    return entity.model_copy(
        update={
            "fields": tuple(kept),
            "title_field": title,
            "parent": parent,
            "filters": tuple(f for f in entity.filters if f in names),
        }
    )


def add_field(spec: AppSpec, entity: EntitySpec, draft: FieldDraft) -> Edit:
    """Add a field. One that exists is completed by new choices, or left as it is."""
    known = next((f for f in entity.fields if f.name == draft.name), None)
    if known is not None:
        if draft.choices and draft.choices != known.choices:
            return retype(spec, entity, known, draft)
        told = f'{entity.label_plural} already have "{known.label}".'
        return Edit(spec, told, done=False, entity=entity.name)
    if len(entity.fields) >= 40:
        return refused(spec, f"{entity.label_plural} cannot have more than 40 fields.")
    new = _as_spec(draft)
    filters = (
        (*entity.filters, new.name)
        if new.type in ("enum", "boolean", "reference")
        else entity.filters
    )
    made = entity.model_copy(update={"fields": (*entity.fields, new), "filters": filters})
    return _changed(
        spec, made, f'Added "{new.label}" ({_kind(new)}) to {entity.label_plural.lower()}.'
    )


def _as_spec(draft: FieldDraft) -> FieldSpec:
    holder = EntityDraft("holder", {"name": infer("name"), draft.name: draft})
    made = entity_spec(holder)
    return next((f for f in made.fields if f.name == draft.name), made.fields[-1])


def _kind(attribute: FieldSpec) -> str:
    words = TYPE_WORDS.get(attribute.type, attribute.type)
    return ", ".join(attribute.choices or [words, *([attribute.unit] if attribute.unit else [])])


def retype(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, draft: FieldDraft) -> Edit:
    """Give a field the type, choices, unit or range of `draft`."""
    draft.required = attribute.required
    new = _as_spec(draft).model_copy(
        update={"name": attribute.name, "label": attribute.label, "required": attribute.required}
    )
    made = _with_field(entity, attribute.name, new)
    if new.type in ("enum", "boolean") and new.name not in made.filters:
        made = made.model_copy(update={"filters": (*made.filters, new.name)})
    return _changed(
        spec, made, f'"{attribute.label}" of {entity.label_plural.lower()} is now: {_kind(new)}.'
    )


def add_choices(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, values: list[str]) -> Edit:
    """Let an enumeration have more values."""
    known = {c.lower() for c in attribute.choices}
    fresh = tuple(v for v in dict.fromkeys(values) if v and v.lower() not in known)
    if not fresh:
        return refused(spec, f'"{attribute.label}" already has this choice.')
    made = _with_field(
        entity, attribute.name, attribute.model_copy(update={"choices": attribute.choices + fresh})
    )
    return _changed(spec, made, f'"{attribute.label}" can now also be {", ".join(fresh)}.')


def set_default(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, value: str) -> Edit:
    """What a new record has before anybody fills the field in."""
    given: str | bool | int | float | None = value
    if attribute.type == "enum":
        given = next((c for c in attribute.choices if c.casefold() == value.casefold()), None)
    elif attribute.type == "boolean":
        given = {"yes": True, "true": True, "no": False, "false": False}.get(value.lower())
    elif attribute.type in ("integer", "number", "money"):
        is_number = re.fullmatch(r"-?\d{1,9}(?:\.\d{1,4})?", value) is not None
        given = (float(value) if "." in value else int(value)) if is_number else None
    elif attribute.type not in ("string", "text"):
        given = None
    if given is None or attribute.computed is not None:
        told = f'"{attribute.label}" of {entity.label_plural.lower()} cannot begin as "{value}".'
        return refused(spec, told)
    made = _with_field(entity, attribute.name, attribute.model_copy(update={"default": given}))
    told = f'"{attribute.label}" of new {entity.label_plural.lower()} is now: {value}.'
    return _changed(spec, made, told)


def remove_views(spec: AppSpec, entity: EntitySpec, kind: str) -> Edit:
    """Take the charts, the board or the calendar of a kind of record away; the records stay."""
    kept = tuple(view for view in entity.views if view.view != kind)
    told = f"{entity.label_plural} have no {kind} any more."
    return _changed(spec, entity.model_copy(update={"views": kept}), told)


def drop_unique(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec) -> Edit:
    """Several records may have the same value from now on."""
    kept = tuple(
        rule
        for rule in entity.rules
        if not (rule.rule == "unique" and attribute.name in rule.fields)
    )
    if kept == entity.rules:
        told = f'"{attribute.label}" of {entity.label_plural.lower()} is not unique.'
        return refused(spec, told)
    told = f"Several {entity.label_plural.lower()} may have the same {attribute.label.lower()} now."
    return _changed(spec, entity.model_copy(update={"rules": kept}), told)


def require(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, *, is_required: bool) -> Edit:
    """Make a field required or optional."""
    owned = attribute.type == "reference" and attribute.target == entity.parent
    if attribute.computed is not None or attribute.type == "boolean" or (owned and not is_required):
        return refused(
            spec,
            f'"{attribute.label}" of {entity.label_plural.lower()} cannot be changed in this way.',
        )
    on_delete = attribute.on_delete
    if attribute.type == "reference" and not owned:
        on_delete = "restrict" if is_required else "unlink"
    made = _with_field(
        entity,
        attribute.name,
        attribute.model_copy(update={"required": is_required, "on_delete": on_delete}),
    )
    return _changed(
        spec,
        made,
        f'"{attribute.label}" of {entity.label_plural.lower()} is now {"required" if is_required else "optional"}.',
    )


def add_filter(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec) -> Edit:
    """Let the list page filter by a field."""
    if attribute.name in entity.filters:
        return refused(
            spec, f'{entity.label_plural} can already be filtered by "{attribute.label}".'
        )
    if attribute.type not in _FILTERABLE:
        return refused(spec, f'{entity.label_plural} cannot be filtered by "{attribute.label}".')
    made = entity.model_copy(update={"filters": (*entity.filters, attribute.name)})
    return _changed(
        spec, made, f'{entity.label_plural} can now be filtered by "{attribute.label}".'
    )


def checked(spec: AppSpec, entities: list[EntitySpec]) -> AppSpec:
    fitting = without_misfits(spec.model_copy(update={"entities": tuple(entities)}))
    return AppSpec.model_validate(fitting.model_dump())
