"""The gate, as the agent calls it."""

from pydantic import Field

from stackwright.core.events import Screenshot, VerificationReport
from stackwright.tools.base import (
    Arguments,
    Illustrated,
    Picture,
    Tool,
    ToolContext,
    ToolFailed,
)
from stackwright.tools.budget import cut_end
from stackwright.tools.services import app_runs

NOT_SEEN = "[This model cannot see pictures; `read` of `browser` tells what is on the page.]"
MAX_PICTURES = 3
"""Pictures of a report that one answer shows."""
_HEADLINES = {
    "verified": "{sentence} All {count} checks passed.",
    "partly": "Not verified. {sentence}",
    "incomplete": "All {count} checks that ran passed; only the whole gate verifies the app.",
    "unverified": "Not verified: {failed} of {count} checks failed. {sentence}",
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
        raise ToolFailed(text, pictures_of_failures(report))
    return text


def pictures_of_failures(report: VerificationReport) -> tuple[Picture, ...]:
    """The last step of each wish that fails, and the pages that the failed checks name."""
    shots = [
        wish.pictures[-1] for wish in report.wishes if wish.state == "failing" and wish.pictures
    ]
    details = [check.detail for check in report.checks if not check.ok]
    shots += [
        shot for shot in report.screenshots if any(f"{shot.route}:" in detail for detail in details)
    ]
    chosen = {shot.sha256: shot for shot in shots}
    return tuple(_picture(shot) for shot in list(chosen.values())[:MAX_PICTURES])


def described(report: VerificationReport) -> str:
    """The report in words: a headline, then each wish and each check that failed, with its detail."""
    failed = [check for check in report.checks if not check.ok]
    is_quick = not report.sentence and not failed and report.status != "verified"
    headline = _HEADLINES["incomplete" if is_quick else report.status].format(
        count=len(report.checks), failed=len(failed), sentence=report.sentence
    )
    before = {one.wish_id for one in report.regressions}
    wishes = [
        f"\n== {wish.id} {'is not proven' if wish.state == 'open' else 'fails'}"
        f"{' and worked before this run' if wish.id in before else ''}: {wish.text}\n{wish.details or wish.reason}"
        for wish in report.wishes
        if wish.state in ("failing", "open")
    ]
    weakened = [f"\n== Tests say less than before this run\n{one}" for one in report.weakened]
    too_slow = report.machine.too_slow if report.machine is not None else ()
    checks = [
        f"\n== {check.name} failed\n{check.detail}"
        for check in failed
        if check.name not in too_slow
    ]
    if too_slow:
        checks.append(f"\n== Too slow a machine, not a fault of the app: {', '.join(too_slow)}")
    told = "\n".join([headline.strip(), *checks, *wishes, *weakened])
    return cut_end(told, rest="Fix these first, then check again.")


class RunWitness(Arguments):
    witness: str = Field(
        pattern=r"^(w[1-9]\d{0,4}|acceptance/test_\w{1,100}\.py)$",
        description="A wish's id, e.g. w2, or a file, e.g. acceptance/test_rooms.py.",
    )


async def run_witness(arguments: RunWitness, context: ToolContext) -> str:
    told = await (await context.verifier()).try_witness(arguments.witness)
    return cut_end(told, rest="Run the witnesses of one wish to read more.")


async def screenshot(arguments: TakeScreenshot, context: ToolContext) -> Illustrated:
    await app_runs(context)
    taken = await (await context.verifier()).look(arguments.route)
    text = f"Screenshot of {taken.route} ({taken.width}x{taken.height}) shown to the person."
    return Illustrated(text, (_picture(taken),))


def _picture(taken: Screenshot) -> Picture:
    media_type = "image/jpeg" if taken.url.endswith(".jpg") else "image/png"
    return Picture(taken.sha256, media_type, taken.width, taken.height, NOT_SEEN)


TOOLS = (
    Tool(
        "check_app",
        "Run the checks that decide whether the app is verified, and read what failed.",
        CheckApp,
        check_app,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
    Tool(
        "run_witness",
        "Try the witnesses of one wish or file in a production build of the app: the steps, what the "
        "browser complained about, and whether the witness can fail at all.",
        RunWitness,
        run_witness,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
    Tool(
        "screenshot",
        "Show the person a route of the running app.",
        TakeScreenshot,
        screenshot,
        is_reading=True,
    ),
)
