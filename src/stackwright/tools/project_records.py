"""What the platform knows of the project, for runs that plan or answer: wishes and last report."""

from stackwright.core.events import VerificationReport
from stackwright.core.wishes import Wish
from stackwright.tools.base import Arguments, Tool, ToolContext
from stackwright.tools.budget import cut_end

MAX_TOLD_CHARS = 16_000


class ReadProject(Arguments):
    pass


async def read_project(_arguments: ReadProject, context: ToolContext) -> str:
    known = await context.wishes.read()
    report = await context.records.last_report() if context.records is not None else None
    parts = [
        "Wishes:\n" + ("\n".join(map(_wish, known.wishes)) or "none yet"),
        "Not understood: " + "; ".join(known.not_understood) if known.not_understood else "",
        "Last report: " + ("nothing was checked yet" if report is None else _report(report)),
    ]
    return cut_end("\n\n".join(filter(None, parts)), MAX_TOLD_CHARS)


def _wish(wish: Wish) -> str:
    reason = f" ({wish.reason})" if wish.reason and wish.state != "proven" else ""
    return f"{wish.id} [{wish.state}] {wish.text}{reason}"


def _report(report: VerificationReport) -> str:
    failed = [
        f"{check.name} failed: {check.detail[:300]}" for check in report.checks if not check.ok
    ]
    return "\n".join((f"{report.status}. {report.sentence}", *failed))


TOOLS = (
    Tool(
        "read_project",
        "Read the project's wishes with their state, and its last report.",
        ReadProject,
        read_project,
        needs_sandbox=False,
        is_reading=True,
    ),
)
