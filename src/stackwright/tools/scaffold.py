"""Generating the repetitive part of an app from its specification, and following its changes."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, ValidationError, WithJsonSchema

from stackwright.core.bounded import TookTooLong, bounded
from stackwright.core.errors import FileNotInWorkspace
from stackwright.scaffold.generate import Manifest, ManifestDamaged, read_manifest
from stackwright.scaffold.kit_spec import KitUse
from stackwright.scaffold.migrations import Renames
from stackwright.scaffold.plan import ScaffoldPlan, plan_changes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, EntitySpec, WishLink
from stackwright.scaffold.word_edits import with_fitting_kits
from stackwright.scaffold.words import key_of
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_end
from stackwright.tools.files import apply
from stackwright.tools.schemas import LIMITS

MAX_NAMED = 60
MAX_MISSED_CHARS = 6000
READ_AT_ONCE_BYTES = 100_000
"""Above this, which no usual application reaches, SPEC_PATH is read by another process: a program in the
sandbox can make it so that it takes seconds, during which nobody else works."""


_UNSAID = LIMITS | {"additionalProperties"}


class Rename(Arguments):
    entity_old: str
    entity_new: str = Field(description="The same when only a field was renamed.")
    field_old: str | None = None
    field_new: str | None = None
    choice_old: str | None = Field(default=None, description="A choice of that enum field.")
    choice_new: str | None = None


class ScaffoldApp(Arguments):
    left_out_of_schema = _UNSAID

    spec: AppSpec = Field(description="The whole application: every entity, not only new ones.")
    renames: list[Rename] = Field(
        default_factory=list[Rename],
        max_length=50,
        description="What is a renaming and not a removal: stored records follow it.",
    )
    wishes: list[WishLink] = Field(
        default_factory=list[WishLink],
        max_length=200,
        description="Which wish is about which part: a witness of each is written into acceptance/.",
    )


_LIKE_THERE = {
    "type": "object",
    "description": "One kind of record, added or replaced: as in entities of scaffold_app's spec.",
}


class ScaffoldResource(Arguments):
    left_out_of_schema = _UNSAID

    entity: Annotated[EntitySpec, WithJsonSchema(_LIKE_THERE)]
    app_title: str | None = Field(default=None, max_length=80)


async def scaffold_app(arguments: ScaffoldApp, context: ToolContext) -> str:
    manifest = await stored_manifest(context)
    renames = _renames(arguments.renames)
    spec = arguments.spec
    if manifest is not None and "kits" not in spec.model_fields_set:
        spec = spec.model_copy(update={"kits": kits_of(manifest.spec, spec, renames)})
        spec = with_fitting_kits(spec, _fields_now(renames))
    return await scaffold(spec, renames, manifest, context, arguments.wishes)


def _fields_now(renames: Renames) -> dict[tuple[str, str], str]:
    """(the entity's name now, the field's old name) -> its name now."""
    return {
        (renames.entities.get(entity, entity), old): new
        for (entity, old), new in renames.fields.items()
    }


def kits_of(before: AppSpec, after: AppSpec, renames: Renames) -> tuple[KitUse, ...]:
    """The kits of `before`, with the names that its entities have in `after`."""
    kept = {entity.name for entity in after.entities}
    names = {
        entity.name: renames.entities.get(entity.name, entity.name) for entity in before.entities
    }
    names = {old: new for old, new in names.items() if new in kept}
    return tuple(kit.following(names) for kit in before.kits)


async def scaffold_resource(arguments: ScaffoldResource, context: ToolContext) -> str:
    manifest = await stored_manifest(context)
    entity = arguments.entity
    before = manifest.spec.entities if manifest else ()
    entities = tuple(entity if known.name == entity.name else known for known in before)
    if entity not in entities:
        entities = (*entities, entity)
    title = arguments.app_title or (manifest.spec.title if manifest else entity.label_plural)
    description = manifest.spec.description if manifest else ""
    try:
        kits = manifest.spec.kits if manifest else ()
        spec = AppSpec(title=title, description=description, entities=entities, kits=kits)
    except ValidationError as error:
        raise ToolFailed(f"That does not fit the application: {error}") from error
    return await scaffold(spec, Renames(), manifest, context)


async def stored_manifest(context: ToolContext) -> Manifest | None:
    try:
        stored = await context.files.read(SPEC_PATH)
    except FileNotInWorkspace:
        return None
    try:
        if len(stored) <= READ_AT_ONCE_BYTES:
            return read_manifest(stored)
        return await bounded(read_manifest, stored)
    except ManifestDamaged as error:
        raise ToolFailed(f"{SPEC_PATH} is damaged: {error}.") from error
    except (TookTooLong, MemoryError) as error:
        raise ToolFailed(f"{SPEC_PATH} is damaged: it cannot be read within bounds.") from error


async def scaffold(
    spec: AppSpec,
    renames: Renames,
    manifest: Manifest | None,
    context: ToolContext,
    wishes: Sequence[WishLink] = (),
) -> str:
    current = await _texts(context)
    try:
        plan = await asyncio.to_thread(plan_changes, manifest, spec, current, renames, wishes)
    except ValueError as error:
        raise ToolFailed(f"This specification cannot be built: {error}") from error
    changes: dict[str, bytes | None] = {path: text.encode() for path, text in plan.writes.items()}
    changes |= dict.fromkeys(plan.deletes)
    changed = await apply(context, changes) if changes else ()
    await context.named(spec.title)
    return _told(plan, changed) + _without_witness(wishes, spec, current | plan.writes)


def _without_witness(links: Sequence[WishLink], spec: AppSpec, files: Mapping[str, str]) -> str:
    """Which wishes of `links` no file of acceptance/ tries: what they name is not there."""
    tried = "\n".join(text for path, text in files.items() if path.startswith("acceptance/test_"))
    left = [one for one in links if f'"{one.wish}"' not in tried]
    if not left:
        return ""
    parts = [" ".join(p for p in (one.shows, one.entity, one.field) if p) for one in left]
    told = "; ".join(f"{one.wish} ({part})" for one, part in zip(left, parts, strict=True))
    rules = [f"{e.name}: {key_of(rule)}" for e in spec.entities for rule in e.rules]
    named = f" Rules are named {', '.join(rules[:MAX_NAMED])}." if rules else ""
    return f" No witness was written for {told}: nothing here is called so (a kit writes its own when it is added). Write it by hand, or name it.{named}"


async def _texts(context: ToolContext) -> dict[str, str]:
    """The files that a specification may generate or replace, as text."""
    texts: dict[str, str] = {}
    for file in await context.files.list():
        if file.path.startswith(("backend/", "frontend/", "acceptance/", ".stackwright/")):
            content = await context.files.read(file.path)
            # Not UTF-8 is surely changed by hand: replaced characters keep its digest different.
            texts[file.path] = content.decode(errors="replace")
    return texts


def _renames(given: Sequence[Rename]) -> Renames:
    entities: dict[str, str] = {}
    fields: dict[tuple[str, str], str] = {}
    choices: dict[tuple[str, str, str], str] = {}
    for rename in given:
        entity, field, choice = rename.entity_old, rename.field_old, rename.choice_old
        if rename.entity_new not in ("", entity):
            entities[entity] = rename.entity_new
        if field and rename.field_new and rename.field_new != field:
            fields[entity, field] = rename.field_new
        if field and choice and rename.choice_new:
            choices[entity, field, choice] = rename.choice_new
    return Renames(entities=entities, fields=fields, choices=choices)


def _told(plan: ScaffoldPlan, changed: Sequence[str]) -> str:
    removed = f", removed {_files(len(plan.deletes))}" if plan.deletes else ""
    parts = [f"Wrote {_files(len(plan.writes))}{removed}."]
    if not changed:
        parts = ["Nothing to change: the files already fit this specification."]
    if plan.conflicts:
        parts.append(
            "Changed by hand and therefore left alone, look at them: "
            + ", ".join(plan.conflicts)
            + "."
        )
    if changed:
        more = f" and {len(changed) - MAX_NAMED} more" if len(changed) > MAX_NAMED else ""
        parts.append("Changed: " + ", ".join(changed[:MAX_NAMED]) + f"{more}.")
    if plan.missed:
        missed = cut_end(
            "\n".join(plan.missed), MAX_MISSED_CHARS, rest="Read the files for the rest."
        )
        parts.append(f"What the specification changes there, for you to bring in:\n{missed}")
    return " ".join(parts)


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


TOOLS = (
    Tool(
        "scaffold_app",
        "Generate models, routes, tests, pages and the typed client of a record-keeping app, or follow a "
        "change of its specification. Files changed by hand are never overwritten.",
        ScaffoldApp,
        scaffold_app,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
    Tool(
        "scaffold_resource",
        "Add one kind of record (or replace its specification) and generate everything for it.",
        ScaffoldResource,
        scaffold_resource,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
)
