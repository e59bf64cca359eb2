"""What the platform knows of the run that asks, for those who work on the platform (ENABLE_DEBUG_TOOLS)."""

import json

from stackwright import __version__
from stackwright.tools.base import Arguments, Tool, ToolContext
from stackwright.tools.budget import cut_middle


class InspectRun(Arguments):
    pass


async def inspect_run(_arguments: InspectRun, context: ToolContext) -> str:
    sandbox = await context.sandbox()
    files = await context.files.list()
    services = await (await context.services()).status()
    facts = {
        "platform": __version__,
        "project_id": context.project_id,
        "run_id": context.run_id,
        "tool_call_id": context.tool_call_id,
        "sandbox_id": sandbox.id,
        "earlier_sandbox": context.earlier_sandbox,
        "services": {status.name: status.state for status in services},
        "files": len(files),
        "files_version": max((file.version for file in files), default=0),
        "files_seen": list(context.seen.paths()),
        "plan": [f"{step.status}: {step.title}" for step in context.plan],
    }
    return cut_middle(json.dumps(facts, indent=2))


TOOLS = (
    Tool(
        "inspect_run",
        "What the platform knows of this run: ids, sandbox, services, files, plan.",
        InspectRun,
        inspect_run,
        is_reading=True,
    ),
)
