"""Edits of whole kinds of record, and of the application's title. Each keeps the specification valid."""

import re

from stackwright.offline import lexicon, normalise
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.edits.fields import Edit, Rename, add_field, checked, rebuild, refused
from stackwright.offline.field_types import infer
from stackwright.offline.fields import read_field
from stackwright.offline.forms import FormReader
from stackwright.offline.naming import Place
from stackwright.offline.nouns import read_noun
from stackwright.offline.spec_builder import entity_spec, to_spec
from stackwright.offline.words import label, plural, singular, title_case
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.word_edits import with_renamed_child, with_renamed_field


def retitle(spec: AppSpec, title: str) -> Edit:
    """Change the application's title."""
    if not title:
        return refused(spec, "The title cannot be empty.")
    new = title[:80] if title != title.lower() else title_case(title)
    return Edit(spec.model_copy(update={"title": new}), f'The title is now "{new}".')


def rename_entity(spec: AppSpec, entity: EntitySpec, phrase: str) -> Edit:
    """Give a kind of record another name, everywhere."""
    name = singular(re.sub(r"^(?:the|a|an)\s+", "", phrase, flags=re.IGNORECASE))
    if not name or any(e.name == name or e.plural == plural(name) for e in spec.entities):
        return refused(
            spec,
            f'"{phrase}" cannot be the new name of {entity.label_plural.lower()}: it is taken or empty.',
        )
    renames = [Rename(entity.name, name)]
    made: list[EntitySpec] = []
    for old in spec.entities:
        new, changed = _renamed(old, entity.name, name)
        renames += [Rename(old.name, new.name, a, b) for a, b in changed.items() if a != b]
        made.append(new)
    names = {old.name: new.name for old, new in zip(spec.entities, made, strict=True)}
    kits = tuple(kit.following(names) for kit in spec.kits)
    changed_app = spec.model_copy(update={"entities": tuple(made), "kits": kits})
    for one in renames:
        if one.field_old and one.field_new:
            changed_app = with_renamed_field(
                changed_app, one.entity_new, one.field_old, one.field_new
            )
    return Edit(
        checked(changed_app, list(changed_app.entities)),
        f"{entity.label_plural} are now called {label(plural(name)).lower()}.",
        entity=name,
        renames=tuple(renames),
    )


def _renamed(old: EntitySpec, was: str, name: str) -> tuple[EntitySpec, dict[str, str]]:
    """`old` after the kind `was` became `name`, and its field names before and after."""
    taken = {f.name for f in old.fields}
    fields = tuple(_retarget(f, was, name, taken) for f in old.fields)
    changed = {a.name: b.name for a, b in zip(old.fields, fields, strict=True)}
    update: dict[str, object] = {
        "fields": fields,
        "filters": tuple(changed[f] for f in old.filters),
        "title_field": changed[old.title_field],
        "parent": name if old.parent == was else old.parent,
    }
    if old.name == was:
        update |= {"name": name, "plural": plural(name), "label": label(name)}
        update["label_plural"] = label(plural(name))
    return old.model_copy(update=update), changed


def _retarget(attribute: FieldSpec, old: str, new: str, taken: set[str]) -> FieldSpec:
    computed = with_renamed_child(attribute.computed, old, new)
    if computed != attribute.computed:
        return attribute.model_copy(update={"computed": computed})
    if attribute.target != old:
        return attribute
    update: dict[str, str] = {"target": new}
    if attribute.name == f"{old}_id" and f"{new}_id" not in taken:
        update["name"] = f"{new}_id"
        if attribute.label == label(old):
            update["label"] = label(new)
    return attribute.model_copy(update=update)


def remove_entity(spec: AppSpec, entity: EntitySpec) -> Edit:
    """Take a kind of record away with every reference to it."""
    if len(spec.entities) == 1:
        return refused(
            spec, f"{entity.label_plural} are the only records of this application; they stay."
        )
    made: list[EntitySpec] = []
    for other in spec.entities:
        if other.name == entity.name:
            continue
        kept = [f for f in other.fields if f.target != entity.name]
        kept = kept or [entity_spec(EntityDraft(other.name, {"name": infer("name")})).fields[0]]
        made.append(
            rebuild(other, kept, parent=None if other.parent == entity.name else other.parent)
        )
    return Edit(
        checked(spec, made), f"Removed {entity.label_plural.lower()} and every reference to them."
    )


def relate(spec: AppSpec, one: EntitySpec, other: EntitySpec) -> Edit:
    """Let records of `one` point at a record of `other`."""
    if one.name == other.name or any(f.target == other.name for f in one.fields):
        return refused(spec, f"{one.label_plural} already point at {other.label_plural.lower()}.")
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
    named = re.split(r":| with |\(", called)[0]
    noun = read_noun(named)
    lists_fields = noun is not None and noun.many and re.search(r" with (?:an? |the )?\w.*(?:,| and )", what)  # fmt: skip
    if noun is None or not (is_kind or lists_fields or names_kind(named)):
        return None
    if not noun.many:
        many = plural(noun.name).replace("_", " ")
        called = re.sub(rf"^{re.escape(noun.phrase)}", many, called)
    built = _with_kinds(spec, called)
    known = {e.name: e for e in spec.entities}
    fresh = [e for e in built.entities if e.name not in known]
    if not fresh or len(spec.entities) + len(fresh) > 12:
        text = (
            f"{label(plural(noun.name))} exist already."
            if not fresh
            else "An application has at most twelve kinds of record."
        )
        return refused(spec, text)
    made = [
        _grown(known[e.name], e, {x.name for x in fresh}) if e.name in known else e
        for e in built.entities
    ]
    names = " and ".join(e.label_plural.lower() for e in fresh)
    return Edit(checked(spec, made), f"Added {names}.", entity=fresh[0].name)


def _with_kinds(spec: AppSpec, called: str) -> AppSpec:
    """What the whole application would be, had its description also named `called`."""
    app = AppDraft()
    for entity in spec.entities:
        fields = {
            f.name: FieldDraft(f.name, f.type, True, target=f.target, choices=f.choices)
            for f in entity.fields
        }
        app.entities[entity.name] = EntityDraft(entity.name, fields)
    FormReader(app).read_list(normalise.clause_of(called), Place(kinds=True))
    return to_spec(app, spec.description)


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
