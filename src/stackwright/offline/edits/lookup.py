"""Which entity or field of a specification a phrase means."""

import re

from stackwright.offline.fields import read_field
from stackwright.offline.mentions import Found
from stackwright.offline.nouns import read_noun
from stackwright.offline.words import singular, snake
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec


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
) -> Found | None:
    """The field a phrase names: in `entity`, else in the entity in focus, else in the first that has it."""
    words = re.sub(r"^(?:the|a|an|its|their)\s+", "", phrase.strip(), flags=re.IGNORECASE)
    order = [entity] if entity else sorted(spec.entities, key=lambda e: e.name != focus)
    for candidate in order:
        if found := _field_of(candidate, words):
            return candidate, found
    return None


def _field_of(entity: EntitySpec, words: str) -> FieldSpec | None:
    draft = read_field(words)
    names = {snake(words), singular(words), draft.name if draft else ""} - {""}
    for attribute in entity.fields:
        if {attribute.name, attribute.name.removesuffix("_id"), snake(attribute.label)} & names:
            return attribute
    ends = [f for f in entity.fields if any(f.name.endswith(f"_{n}") for n in names)]
    return ends[0] if len(ends) == 1 else None
