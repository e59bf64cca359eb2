"""Single edits of a specification. Each keeps it valid and says in a sentence what it did."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stackwright.offline import lexicon, prepare
from stackwright.offline.drafts import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.fields import infer, read_field
from stackwright.offline.finish import entity_spec, to_spec
from stackwright.offline.grammar import Grammar
from stackwright.offline.nouns import read_noun
from stackwright.offline.words import label, plural, singular, snake, title_case
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

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


def find_entity(spec: AppSpec, phrase: str) -> EntitySpec | None:
    """The entity a phrase names, in either number; a last word suffices when it is unique."""
    noun = read_noun(
        re.sub(r"\b(?:resource|entity|table|records?|page|form|list)s?$", "", phrase.strip())
        or phrase
    )
    if noun is None:
        return None
    for entity in spec.entities:
        if noun.name in (entity.name, entity.plural):
            return entity
    ends = [e for e in spec.entities if e.name.endswith(f"_{noun.name}")]
    return ends[0] if len(ends) == 1 else None


def find_field(
    spec: AppSpec, phrase: str, entity: EntitySpec | None, focus: str | None
) -> tuple[EntitySpec | None, FieldSpec | None]:
    """The field a phrase names: in `entity`, else in the entity in focus, else in the first that has it."""
    words = re.sub(r"^(?:the|a|an|its|their)\s+", "", phrase.strip(), flags=re.IGNORECASE)
    if entity is None:
        for candidate in spec.entities:
            lead = re.match(
                rf"^(?:{candidate.label}|{candidate.label_plural})(?:'s?)?\s+(.+)$",
                words,
                re.IGNORECASE,
            )
            if lead and (found := _field_of(candidate, lead.group(1))):
                return candidate, found
    order = [entity] if entity else sorted(spec.entities, key=lambda e: e.name != focus)
    for candidate in order:
        if found := _field_of(candidate, words):
            return candidate, found
    return None, None


def _field_of(entity: EntitySpec, words: str) -> FieldSpec | None:
    draft = read_field(words)
    names = {snake(words), singular(words), draft.name if draft else ""} - {""}
    for attribute in entity.fields:
        if {attribute.name, attribute.name.removesuffix("_id"), snake(attribute.label)} & names:
            return attribute
    ends = [f for f in entity.fields if any(f.name.endswith(f"_{n}") for n in names)]
    return ends[0] if len(ends) == 1 else None


def retitle(spec: AppSpec, title: str) -> Edit:
    """Change the application's title."""
    if not title:
        return Edit(spec, "The title cannot be empty.", done=False)
    new = title[:80] if title != title.lower() else title_case(title)
    return Edit(spec.model_copy(update={"title": new}), f'The title is now "{new}".')


def rename_entity(spec: AppSpec, entity: EntitySpec, phrase: str) -> Edit:
    """Give a kind of record another name, everywhere."""
    name = singular(re.sub(r"^(?:the|a|an)\s+", "", phrase, flags=re.IGNORECASE))
    if not name or any(e.name == name or e.plural == plural(name) for e in spec.entities):
        return Edit(
            spec,
            f'"{phrase}" cannot be the new name of {entity.label_plural.lower()}: it is taken or empty.',
            done=False,
        )
    renames = [Rename(entity.name, name)]
    made: list[EntitySpec] = []
    for old in spec.entities:
        taken = {f.name for f in old.fields}
        fields = tuple(_retarget(f, entity.name, name, taken) for f in old.fields)
        current = name if old.name == entity.name else old.name
        renames += [
            Rename(old.name, current, a.name, b.name)
            for a, b in zip(old.fields, fields, strict=True)
            if a.name != b.name
        ]
        changed = {a.name: b.name for a, b in zip(old.fields, fields, strict=True)}
        update = {
            "fields": fields,
            "filters": tuple(changed[f] for f in old.filters),
            "title_field": changed[old.title_field],
            "parent": name if old.parent == entity.name else old.parent,
        }
        if old.name == entity.name:
            update |= {
                "name": name,
                "plural": plural(name),
                "label": label(name),
                "label_plural": label(plural(name)),
            }
        made.append(old.model_copy(update=update))
    return Edit(
        _checked(spec, made),
        f"{entity.label_plural} are now called {label(plural(name)).lower()}.",
        entity=name,
        renames=tuple(renames),
    )


def _retarget(attribute: FieldSpec, old: str, new: str, taken: set[str]) -> FieldSpec:
    if attribute.computed is not None and attribute.computed.child == old:
        return attribute.model_copy(
            update={"computed": attribute.computed.model_copy(update={"child": new})}
        )
    if attribute.target != old:
        return attribute
    update: dict[str, str] = {"target": new}
    if attribute.name == f"{old}_id" and f"{new}_id" not in taken:
        update["name"] = f"{new}_id"
        if attribute.label == label(old):
            update["label"] = label(new)
    return attribute.model_copy(update=update)


def rename_field(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, phrase: str) -> Edit:
    """Give a field another name; its type stays."""
    name = snake(phrase)
    if attribute.type == "reference" and name:
        name = name.removesuffix("_id") + "_id"
    if not name or any(f.name == name for f in entity.fields):
        return Edit(
            spec, f'{entity.label_plural} cannot have another field "{phrase}".', done=False
        )
    renamed = attribute.model_copy(update={"name": name, "label": label(name.removesuffix("_id"))})
    made = [
        _with_field(e, attribute.name, renamed)
        if e.name == entity.name
        else _factor(e, entity.name, attribute.name, name)
        for e in spec.entities
    ]
    sentence = (
        f'"{attribute.label}" of {entity.label_plural.lower()} is now called "{renamed.label}".'
    )
    return Edit(
        _checked(spec, made),
        sentence,
        entity=entity.name,
        renames=(Rename(entity.name, entity.name, attribute.name, name),),
    )


def _factor(entity: EntitySpec, child: str, old: str, new: str) -> EntitySpec:
    fields = tuple(
        f.model_copy(update={"computed": f.computed.model_copy(update={"factors": tuple(new if x == old else x for x in f.computed.factors)})})
        if f.computed is not None and f.computed.child == child
        else f
        for f in entity.fields
    )  # fmt: skip
    return entity.model_copy(update={"fields": fields})


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
        return Edit(
            spec,
            f'"{attribute.label}" is the only field of {entity.label_plural.lower()}; it stays.',
            done=False,
        )
    still_owned = any(f.target == entity.parent for f in rest)
    rebuilt = _rebuild(entity, rest, parent=entity.parent if still_owned else None)
    made = [
        rebuilt if e.name == entity.name else _without_factor(e, entity.name, attribute.name)
        for e in spec.entities
    ]
    return Edit(
        _checked(spec, made),
        f'Removed "{attribute.label}" from {entity.label_plural.lower()}.',
        entity=entity.name,
    )


def _without_factor(entity: EntitySpec, child: str, gone: str) -> EntitySpec:
    fields = tuple(
        f.model_copy(update={"computed": None}) if f.computed is not None and f.computed.child == child and gone in f.computed.factors else f
        for f in entity.fields
    )  # fmt: skip
    return entity.model_copy(update={"fields": fields})


def _rebuild(entity: EntitySpec, fields: Iterable[FieldSpec], *, parent: str | None) -> EntitySpec:
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


def remove_entity(spec: AppSpec, entity: EntitySpec) -> Edit:
    """Take a kind of record away with every reference to it."""
    if len(spec.entities) == 1:
        return Edit(
            spec,
            f"{entity.label_plural} are the only records of this application; they stay.",
            done=False,
        )
    made: list[EntitySpec] = []
    for other in spec.entities:
        if other.name == entity.name:
            continue
        kept = [f for f in other.fields if f.target != entity.name]
        kept = [
            f.model_copy(update={"computed": None})
            if f.computed and f.computed.child == entity.name
            else f
            for f in kept
        ]
        kept = kept or [entity_spec(EntityDraft(other.name, {"name": infer("name")})).fields[0]]
        made.append(
            _rebuild(other, kept, parent=None if other.parent == entity.name else other.parent)
        )
    return Edit(
        _checked(spec, made), f"Removed {entity.label_plural.lower()} and every reference to them."
    )


def add_field(spec: AppSpec, entity: EntitySpec, draft: FieldDraft) -> Edit:
    """Add a field. One that exists is completed by new choices, or left as it is."""
    known = next((f for f in entity.fields if f.name == draft.name), None)
    if known is not None:
        if draft.choices and draft.choices != known.choices:
            return retype(spec, entity, known, draft)
        return Edit(
            spec,
            f'{entity.label_plural} already have "{known.label}".',
            done=False,
            entity=entity.name,
        )
    if len(entity.fields) >= 40:
        return Edit(spec, f"{entity.label_plural} cannot have more than 40 fields.", done=False)
    new = _as_spec(draft)
    filters = (
        (*entity.filters, new.name)
        if new.type in ("enum", "boolean", "reference")
        else entity.filters
    )
    made = entity.model_copy(update={"fields": (*entity.fields, new), "filters": filters})
    return Edit(
        _replaced(spec, made),
        f'Added "{new.label}" ({_kind(new)}) to {entity.label_plural.lower()}.',
        entity=entity.name,
    )


def _as_spec(draft: FieldDraft) -> FieldSpec:
    holder = EntityDraft("holder", {"name": infer("name"), draft.name: draft})
    made = entity_spec(holder)
    return next((f for f in made.fields if f.name == draft.name), made.fields[-1])


def _kind(attribute: FieldSpec) -> str:
    if attribute.choices:
        return ", ".join(attribute.choices)
    words = {
        "boolean": "yes or no",
        "integer": "whole number",
        "string": "text",
        "text": "long text",
        "datetime": "date and time",
    }
    return words.get(attribute.type, attribute.type) + (
        f", {attribute.unit}" if attribute.unit else ""
    )


def retype(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, draft: FieldDraft) -> Edit:
    """Give a field the type, choices, unit or range of `draft`."""
    draft.required = attribute.required
    new = _as_spec(draft).model_copy(
        update={"name": attribute.name, "label": attribute.label, "required": attribute.required}
    )
    made = _with_field(entity, attribute.name, new)
    if new.type in ("enum", "boolean") and new.name not in made.filters:
        made = made.model_copy(update={"filters": (*made.filters, new.name)})
    return Edit(
        _replaced(spec, made),
        f'"{attribute.label}" of {entity.label_plural.lower()} is now: {_kind(new)}.',
        entity=entity.name,
    )


def add_choices(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, values: list[str]) -> Edit:
    """Let an enumeration have more values."""
    known = {c.lower() for c in attribute.choices}
    fresh = tuple(v for v in dict.fromkeys(values) if v and v.lower() not in known)
    if not fresh:
        return Edit(spec, f'"{attribute.label}" already has this choice.', done=False)
    made = _with_field(
        entity, attribute.name, attribute.model_copy(update={"choices": attribute.choices + fresh})
    )
    return Edit(
        _replaced(spec, made),
        f'"{attribute.label}" can now also be {", ".join(fresh)}.',
        entity=entity.name,
    )


def require(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec, *, is_required: bool) -> Edit:
    """Make a field required or optional."""
    owned = attribute.type == "reference" and attribute.target == entity.parent
    if attribute.computed is not None or attribute.type == "boolean" or (owned and not is_required):
        return Edit(
            spec,
            f'"{attribute.label}" of {entity.label_plural.lower()} cannot be changed in this way.',
            done=False,
        )
    on_delete = attribute.on_delete
    if attribute.type == "reference" and not owned:
        on_delete = "restrict" if is_required else "unlink"
    made = _with_field(
        entity,
        attribute.name,
        attribute.model_copy(update={"required": is_required, "on_delete": on_delete}),
    )
    return Edit(
        _replaced(spec, made),
        f'"{attribute.label}" of {entity.label_plural.lower()} is now {"required" if is_required else "optional"}.',
        entity=entity.name,
    )


def add_filter(spec: AppSpec, entity: EntitySpec, attribute: FieldSpec) -> Edit:
    """Let the list page filter by a field."""
    if attribute.name in entity.filters:
        return Edit(
            spec,
            f'{entity.label_plural} can already be filtered by "{attribute.label}".',
            done=False,
        )
    if attribute.type not in _FILTERABLE:
        return Edit(
            spec, f'{entity.label_plural} cannot be filtered by "{attribute.label}".', done=False
        )
    made = entity.model_copy(update={"filters": (*entity.filters, attribute.name)})
    return Edit(
        _replaced(spec, made),
        f'{entity.label_plural} can now be filtered by "{attribute.label}".',
        entity=entity.name,
    )


def relate(spec: AppSpec, one: EntitySpec, other: EntitySpec) -> Edit:
    """Let records of `one` point at a record of `other`."""
    if one.name == other.name or any(f.target == other.name for f in one.fields):
        return Edit(
            spec, f"{one.label_plural} already point at {other.label_plural.lower()}.", done=False
        )
    name = f"{other.name}_id"
    text = label(other.name)
    return add_field(spec, one, FieldDraft(name, "reference", True, text, target=other.name))


def add_entities(spec: AppSpec, what: str) -> Edit | None:
    """Add the kinds of record that a phrase names, or None when it names fields."""
    called = re.sub(
        r"^(?:an?|the|new)\s+(?:new\s+)?|\s+(?:resource|entity|table|section|page|model)s?\b",
        "",
        what,
        flags=re.IGNORECASE,
    )
    is_kind = called != re.sub(r"^(?:an?|the|new)\s+(?:new\s+)?", "", what, flags=re.IGNORECASE)
    noun = read_noun(called)
    if noun is None or not (is_kind or names_kind(called)):
        return None
    app = AppDraft()
    for entity in spec.entities:
        app.entities[entity.name] = EntityDraft(
            entity.name,
            {
                f.name: FieldDraft(f.name, f.type, True, target=f.target, choices=f.choices)
                for f in entity.fields
            },
        )
    Grammar(app).read_chain(
        prepare.rewrite(
            called
            if noun.many
            else re.sub(rf"^{re.escape(noun.phrase)}", plural(noun.name).replace("_", " "), called)
        )
    )
    built = to_spec(app, spec.description)
    known = {e.name: e for e in spec.entities}
    fresh = [e for e in built.entities if e.name not in known]
    if not fresh or len(spec.entities) + len(fresh) > 12:
        text = (
            f"{label(plural(noun.name))} exist already."
            if not fresh
            else "An application has at most twelve kinds of record."
        )
        return Edit(spec, text, done=False)
    made = [
        _grown(known[e.name], e, {x.name for x in fresh}) if e.name in known else e
        for e in built.entities
    ]
    names = " and ".join(e.label_plural.lower() for e in fresh)
    return Edit(_checked(spec, made), f"Added {names}.", entity=fresh[0].name)


def names_kind(phrase: str) -> bool:
    """Whether a phrase names many records of a kind ("comments"), not a field ("notes")."""
    noun = read_noun(phrase)
    if noun is None or not noun.many or "<" in phrase:
        return False
    draft = read_field(noun.phrase)
    return draft is not None and (not draft.sure or noun.name in lexicon.PARTS | {"category"})


def _grown(old: EntitySpec, new: EntitySpec, fresh: set[str]) -> EntitySpec:
    """What was there stays; references to the new kinds are added."""
    extra = tuple(
        f for f in new.fields if f.target in fresh and f.name not in {o.name for o in old.fields}
    )
    return old.model_copy(
        update={"fields": old.fields + extra, "filters": old.filters + tuple(f.name for f in extra)}
    )


def _replaced(spec: AppSpec, entity: EntitySpec) -> AppSpec:
    return _checked(spec, [entity if e.name == entity.name else e for e in spec.entities])


def _checked(spec: AppSpec, entities: list[EntitySpec]) -> AppSpec:
    return AppSpec.model_validate(
        spec.model_dump() | {"entities": [e.model_dump() for e in entities]}
    )
