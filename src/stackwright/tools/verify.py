"""The gate, as the agent calls it."""

from pydantic import Field

from stackwright.core.events import VerificationReport
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_end

_HEADLINES = {
    "verified": "Verified: all {count} checks passed.",
    "partly": "Not verified: the app runs, but {failed} of {count} checks failed.",
    "incomplete": "All {count} checks that ran passed; only the whole gate verifies the app.",
    "unverified": "Not verified: {failed} of {count} checks failed.",
}


class CheckApp(Arguments):
    full: bool = Field(
        default=True, description="True for the whole gate; false for the quick checks only."
    )


class TakeScreenshot(Arguments):
    route: str = Field(pattern=r"^/", max_length=500, description="Route of the app, e.g. /todos.")


async def check_app(arguments: CheckApp, context: ToolContext) -> str:
    report = await (await context.verifier()).verify(full=arguments.full)
    text = described(report)
    if report.status != "verified" and arguments.full:
        raise ToolFailed(text)
    return text


def described(report: VerificationReport) -> str:
    """The report in words: a headline, then each failed check with its detail."""
    failed = [check for check in report.checks if not check.ok]
    status = report.status if failed or report.status == "verified" else "incomplete"
    headline = _HEADLINES[status].format(count=len(report.checks), failed=len(failed))
    parts = [headline, *(f"\n== {check.name} failed\n{check.detail}" for check in failed)]
    return cut_end("\n".join(parts), rest="Fix these first, then check again.")


async def screenshot(arguments: TakeScreenshot, context: ToolContext) -> str:
    picture = await (await context.verifier()).look(arguments.route)
    return f"Screenshot of {picture.route} ({picture.width}x{picture.height}) shown to the person."


TOOLS = (
    Tool(
        "check_app",
        "Run the checks that decide whether the app is verified, and read what failed.",
        CheckApp,
        check_app,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
    Tool("screenshot", "Show the person a route of the running app.", TakeScreenshot, screenshot),
)
