"""Single edits of a specification. Each keeps it valid and says in a sentence what it did."""

from collections.abc import Iterable
from dataclasses import dataclass

from stackwright.offline.draft import EntityDraft, FieldDraft
from stackwright.offline.field_types import TYPE_WORDS, infer
from stackwright.offline.places import NUMBERS
from stackwright.offline.spec_builder import entity_spec
from stackwright.offline.words import label, snake
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, Shows
from stackwright.scaffold.word_edits import with_renamed_field, without_misfits


@dataclass(frozen=True)
class Rename:
    """A name that changed, so that stored records can follow. Fields are None for an entity."""

    entity_old: str
    entity_new: str
    field_old: str | None = None
    field_new: str | None = None
    choice_old: str | None = None
    choice_new: str | None = None


@dataclass(frozen=True)
class Edit:
    """The specification after one edit. `done` is False when the sentence says why nothing changed."""

    spec: AppSpec
    sentence: str
    done: bool = True
    entity: str | None = None
    renames: tuple[Rename, ...] = ()
    field: str = ""
    shows: Shows | None = None
    """What a witness looks at, where the changed fields do not say it."""
    named: str = ""
    """What the witness calls it, if not by the field."""


def refused(spec: AppSpec, sentence: str) -> Edit:
    """Why nothing changed."""
    return Edit(spec, sentence, done=False)


def changed(
    spec: AppSpec,
    entity: EntitySpec,
    sentence: str,
    *,
    field: str = "",
    shows: Shows | None = None,
    named: str = "",
) -> Edit:
    """The entity in the place of the one that is called so."""
    entities = [entity if e.name == entity.name else e for e in spec.entities]
    return Edit(
        checked(spec, entities),
        sentence,
        entity=entity.name,
        field=field,
        shows=shows,
        named=named,
    )


def rename_field(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, phrase: str) -> Edit:
    """Give a field another name; its type stays."""
    name = snake(phrase)
    if attribute.type == "reference" and name:
        name = name.removesuffix("_id") + "_id"
    if not name or any(f.name == name for f in entity.fields):
        return refused(spec, f'{entity.label_plural} cannot have another field "{phrase}".')
    renamed = attribute.model_copy(update={"name": name, "label": label(name.removesuffix("_id"))})
    made = [
        with_field_as(e, attribute.name, renamed) if e.name == entity.name else e
        for e in spec.entities
    ]
    renamed_app = with_renamed_field(
        spec.model_copy(update={"entities": tuple(made)}), entity.name, attribute.name, name
    )
    sentence = (
        f'"{attribute.label}" of {entity.label_plural.lower()} is now called "{renamed.label}".'
    )
    return Edit(
        checked(renamed_app, list(renamed_app.entities)),
        sentence,
        entity=entity.name,
        renames=(Rename(entity.name, entity.name, attribute.name, name),),
        field=name,
    )


def with_field_as(entity: EntitySpec, old: str, new: FieldSpec) -> EntitySpec:
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
    return changed(
        spec, rebuilt, f'Removed "{attribute.label}" from {entity.label_plural.lower()}.'
    )


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
        return Edit(spec, told, done=False, entity=entity.name, field=known.name)
    if len(entity.fields) >= 40:
        return refused(spec, f"{entity.label_plural} cannot have more than 40 fields.")
    new = as_spec(draft)
    filters = (
        (*entity.filters, new.name)
        if new.type in ("enum", "boolean", "reference")
        else entity.filters
    )
    made = entity.model_copy(update={"fields": (*entity.fields, new), "filters": filters})
    return changed(
        spec,
        made,
        f'Added "{new.label}" ({kind_of(new)}) to {entity.label_plural.lower()}.',
        field=new.name,
    )


def as_spec(draft: FieldDraft) -> FieldSpec:
    holder = EntityDraft("holder", {"name": infer("name"), draft.name: draft})
    made = entity_spec(holder)
    return next((f for f in made.fields if f.name == draft.name), made.fields[-1])


def kind_of(attribute: FieldSpec) -> str:
    words = TYPE_WORDS.get(attribute.type, attribute.type)
    return ", ".join(attribute.choices or [words, *([attribute.unit] if attribute.unit else [])])


def retype(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, draft: FieldDraft) -> Edit:
    """Give a field the type, choices, unit or range of `draft`."""
    draft.required = attribute.required
    new = as_spec(draft).model_copy(
        update={"name": attribute.name, "label": attribute.label, "required": attribute.required}
    )
    if new.type not in NUMBERS:
        new = new.model_copy(update={"minimum": None, "maximum": None, "unit": None})
    made = with_field_as(entity, attribute.name, new)
    if new.type in ("enum", "boolean") and new.name not in made.filters:
        made = made.model_copy(update={"filters": (*made.filters, new.name)})
    return changed(
        spec,
        made,
        f'"{attribute.label}" of {entity.label_plural.lower()} is now: {kind_of(new)}.',
        field=attribute.name,
    )


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
    made = with_field_as(
        entity,
        attribute.name,
        attribute.model_copy(update={"required": is_required, "on_delete": on_delete}),
    )
    return changed(
        spec,
        made,
        f'"{attribute.label}" of {entity.label_plural.lower()} is now {"required" if is_required else "optional"}.',
        field=attribute.name,
    )


def checked(spec: AppSpec, entities: list[EntitySpec]) -> AppSpec:
    fitting = without_misfits(spec.model_copy(update={"entities": tuple(entities)}))
    return AppSpec.model_validate(fitting.model_dump())
