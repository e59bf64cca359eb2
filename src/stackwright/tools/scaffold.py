"""Generating the repetitive part of an app from its specification, and following its changes."""

from collections.abc import Mapping, Sequence

from pydantic import Field, ValidationError

from stackwright.core.errors import FileNotInWorkspace
from stackwright.scaffold.generate import Manifest
from stackwright.scaffold.migrations import Renames
from stackwright.scaffold.plan import ScaffoldPlan, plan_changes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, EntitySpec
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.files import apply


class Rename(Arguments):
    entity_old: str = Field(description="Name of the entity before.")
    entity_new: str = Field(description="Its name now; the same when only a field was renamed.")
    field_old: str | None = Field(default=None, description="Name of a field before.")
    field_new: str | None = Field(default=None, description="Its name now.")


class ScaffoldApp(Arguments):
    spec: AppSpec = Field(description="The whole application: every entity, not only new ones.")
    renames: list[Rename] = Field(
        default_factory=list[Rename],
        max_length=50,
        description="What is a renaming and not a removal: stored records follow it.",
    )


class ScaffoldResource(Arguments):
    entity: EntitySpec = Field(description="One kind of record, added or replaced.")
    app_title: str | None = Field(default=None, max_length=80)


async def scaffold_app(arguments: ScaffoldApp, context: ToolContext) -> str:
    manifest = await _manifest(context)
    return await _scaffold(arguments.spec, _renames(arguments.renames), manifest, context)


async def scaffold_resource(arguments: ScaffoldResource, context: ToolContext) -> str:
    manifest = await _manifest(context)
    entity = arguments.entity
    others = [e for e in manifest.spec.entities if e.name != entity.name] if manifest else []
    title = arguments.app_title or (manifest.spec.title if manifest else entity.label_plural)
    description = manifest.spec.description if manifest else ""
    try:
        spec = AppSpec(title=title, description=description, entities=(*others, entity))
    except ValidationError as error:
        raise ToolFailed(f"That does not fit the application: {error}") from error
    return await _scaffold(spec, Renames(), manifest, context)


async def _manifest(context: ToolContext) -> Manifest | None:
    try:
        stored = await context.files.read(SPEC_PATH)
    except FileNotInWorkspace:
        return None
    try:
        return Manifest.model_validate_json(stored)
    except ValidationError as error:
        raise ToolFailed(f"{SPEC_PATH} is damaged: {error.error_count()} errors.") from error


async def _scaffold(
    spec: AppSpec, renames: Renames, manifest: Manifest | None, context: ToolContext
) -> str:
    current = await _texts(context)
    try:
        plan = plan_changes(manifest, spec, current, renames)
    except ValueError as error:
        raise ToolFailed(f"This specification cannot be built: {error}") from error
    changes: dict[str, bytes | None] = {path: text.encode() for path, text in plan.writes.items()}
    changes |= dict.fromkeys(plan.deletes)
    changed = await apply(context, changes) if changes else ()
    return _told(plan, changed)


async def _texts(context: ToolContext) -> dict[str, str]:
    """The workspace's text files that a specification may generate or replace."""
    texts: dict[str, str] = {}
    for file in await context.files.list():
        if file.path.startswith(("backend/", "frontend/", ".stackwright/")):
            content = await context.files.read(file.path)
            try:
                texts[file.path] = content.decode()
            except UnicodeDecodeError:
                continue
    return texts


def _renames(given: Sequence[Rename]) -> Renames:
    entities: dict[str, str] = {}
    fields: dict[tuple[str, str], str] = {}
    for rename in given:
        if rename.field_old is not None and rename.field_new is not None:
            fields[rename.entity_old, rename.field_old] = rename.field_new
        if rename.entity_old != rename.entity_new:
            entities[rename.entity_old] = rename.entity_new
    return Renames(entities=_named(entities), fields=fields)


def _named(entities: Mapping[str, str]) -> Mapping[str, str]:
    return {old: new for old, new in entities.items() if old and new}


def _told(plan: ScaffoldPlan, changed: Sequence[str]) -> str:
    parts = [
        f"Wrote {len(plan.writes)} files"
        + (f", removed {len(plan.deletes)}" if plan.deletes else "")
        + "."
    ]
    if not changed:
        parts = ["Nothing to change: the files already fit this specification."]
    if plan.conflicts:
        parts.append(
            "Changed by hand and therefore left alone, look at them: "
            + ", ".join(plan.conflicts)
            + "."
        )
    if changed:
        parts.append("Changed: " + ", ".join(changed[:60]) + ".")
    return " ".join(parts)


TOOLS = (
    Tool(
        "scaffold_app",
        "Generate models, routes, tests, pages and the typed client of a record-keeping app from its "
        "specification, or follow a change of it. Files changed by hand are never overwritten.",
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
