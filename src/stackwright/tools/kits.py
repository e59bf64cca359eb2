"""Kits: proven building blocks that are added to the app as a whole."""

import asyncio
from typing import Any

from pydantic import Field, ValidationError

from stackwright.scaffold.kit_spec import OPTIONS, KitUse
from stackwright.scaffold.kits import kits, missing_needs
from stackwright.scaffold.migrations import Renames
from stackwright.scaffold.spec import AppSpec
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.scaffold import scaffold, stored_manifest

MAX_PROBLEMS = 5


class AddKit(Arguments):
    name: str = Field(max_length=40)
    options: dict[str, Any] = Field(
        default_factory=dict,
        description="Those of the kit; the answer tells which there are. Left out: its defaults.",
    )
    remove: bool = Field(default=False, description="Take the kit out of the app again.")


async def add_kit(arguments: AddKit, context: ToolContext) -> str:
    """Add a kit; if it is there already, its options are replaced."""
    if arguments.name not in OPTIONS:
        raise ToolFailed(f"There is no kit {arguments.name!r}. There are: {', '.join(OPTIONS)}.")
    usage = (await asyncio.to_thread(kits))[arguments.name].usage.strip()
    manifest = await stored_manifest(context)
    if manifest is None:
        raise ToolFailed("Make the app's records with scaffold_app first; kits are added to them.")
    others = tuple(kit for kit in manifest.spec.kits if kit.name != arguments.name)
    try:
        mine = () if arguments.remove else (KitUse(name=arguments.name, options=arguments.options),)
        spec = AppSpec.model_validate({**dict(manifest.spec), "kits": (*others, *mine)})
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise ToolFailed(
            f"These options do not fit: {'; '.join(told[:MAX_PROBLEMS])}\n\n{usage}"
        ) from error
    if gaps := missing_needs(spec.kits):
        raise ToolFailed(" ".join(f"{kit!r} needs the kit {need!r}." for kit, need in gaps))
    told = await scaffold(spec, Renames(), manifest, context)
    if arguments.remove or arguments.name in context.guides:
        return told
    context.guides.add(arguments.name)
    return f"{told}\n\n{usage}"


TOOLS = (
    Tool(
        "add_kit",
        "Add a kit to the app (the prompt lists them), change its options, or remove it. Files changed by "
        "hand are never overwritten. The answer tells how to use the kit.",
        AddKit,
        add_kit,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
)
