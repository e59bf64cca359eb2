"""What has to happen to stored records when the specification changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from stackwright.scaffold.fields import LISTS, FieldView
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import EntityView, app_view

KINDS = {
    "integer": "integer",
    "number": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "tags": "tags",
    "reference": "reference",
    "references": "references",
}


class Migration(BaseModel):
    """One step; the generated backend applies it once and remembers its id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    action: Literal[
        "rename_entity", "rename_field", "remove_field", "set_default", "convert_field", "map_value"
    ]
    entity: str
    field: str = ""
    to: str = ""
    value: str | int | float | bool | list[str] | None = None


@dataclass(frozen=True)
class Renames:
    """What a person renamed, by the names of the old specification; anything else came or went."""

    entities: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """(old entity, old field) -> new field."""
    choices: Mapping[tuple[str, str, str], str] = field(
        default_factory=dict[tuple[str, str, str], str]
    )
    """(old entity, old field, old choice) -> new choice."""


def diff_specs(
    old: AppSpec, new: AppSpec, renames: Renames | None = None, *, first: int = 1
) -> list[Migration]:
    """The steps from `old` to `new`, numbered from `first`. A removed field's values stay stored."""
    given = renames or Renames()
    before, after = app_view(old), app_view(new)
    newer = {entity.name: entity for entity in after.entities}
    steps: list[Migration] = []
    for entity in before.entities:
        target = newer.get(given.entities.get(entity.name, entity.name))
        if target is not None:
            steps += _entity_steps(entity, target, given)
    return [
        step.model_copy(update={"id": f"{number:04d}_{_label(step)}"})
        for number, step in enumerate(steps, first)
    ]


def _label(step: Migration) -> str:
    return "_".join(part for part in (step.action, step.entity, step.field) if part)


def _entity_steps(old: EntityView, new: EntityView, renames: Renames) -> list[Migration]:
    steps: list[Migration] = []
    if old.slug != new.slug:
        steps.append(Migration(id="", action="rename_entity", entity=old.slug, to=new.slug))
    fields = {one.spec.name: one for one in new.inputs}
    reached: set[str] = set()
    for before in old.inputs:
        name = renames.fields.get((old.name, before.spec.name), before.spec.name)
        after = fields.get(name)
        if after is None:
            steps.append(Migration(id="", action="remove_field", entity=new.slug, field=before.key))
            continue
        reached.add(name)
        steps += _field_steps(new.slug, before, after)
        steps += _choice_steps(old.name, new.slug, before, after, renames)
    fresh = [one for one in new.inputs if one.spec.name not in reached]
    return steps + _defaults(new.slug, fresh)


def _field_steps(slug: str, before: FieldView, after: FieldView) -> list[Migration]:
    steps: list[Migration] = []
    if before.key != after.key:
        steps.append(
            Migration(id="", action="rename_field", entity=slug, field=before.key, to=after.key)
        )
    kind = KINDS.get(after.type, "text")
    if kind not in (KINDS.get(before.type, "text"), "reference"):
        steps.append(
            Migration(id="", action="convert_field", entity=slug, field=after.key, to=kind)
        )
    if before.type != after.type and after.type in ("boolean", "references"):
        steps += _defaults(slug, [after])
    return steps


def _choice_steps(
    old_entity: str, slug: str, before: FieldView, after: FieldView, renames: Renames
) -> list[Migration]:
    return [
        Migration(id="", action="map_value", entity=slug, field=after.key, value=choice, to=renamed)
        for choice in before.spec.choices
        if (renamed := renames.choices.get((old_entity, before.spec.name, choice))) is not None
    ]


def _defaults(slug: str, fields: Sequence[FieldView]) -> list[Migration]:
    """Existing records get what a new record would have, so that filters find them."""
    steps: list[Migration] = []
    for one in fields:
        value: str | int | float | bool | list[str] | None = one.default
        if value is None and one.type == "boolean":
            value = False
        if value is None and one.type in LISTS:
            value = []
        if value is not None:
            steps.append(
                Migration(id="", action="set_default", entity=slug, field=one.key, value=value)
            )
    return steps
