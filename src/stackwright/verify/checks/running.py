"""The app's services run with the current code, it can be built for production, and its tests pass."""

import re

from stackwright.verify.check import BACKEND, Subject, Verdict, failed, judged, passed
from stackwright.verify.environment import EnvironmentFailed

STEPS = ("copy", "build", "start")
NO_TESTS = 5
"""pytest's exit status when it found nothing to run."""


async def services_start(subject: Subject) -> Verdict:
    statuses = await subject.services.ensure_all()
    broken = [one for one in statuses if one.state != "running"]
    if broken:
        return failed("\n".join(f"{one.name} is {one.state}. {one.detail}" for one in broken))
    return passed(", ".join(f"{one.name} on port {one.port}" for one in statuses))


async def environment_starts(subject: Subject) -> Verdict:
    """The app can be built as for production, and what was built starts."""
    try:
        await subject.environment.start()
    except EnvironmentFailed as error:
        return failed(str(error))
    seconds = subject.environment.seconds
    return passed(", ".join(f"{step} {seconds.get(step, 0):.1f} s" for step in STEPS))


async def contract_tests(subject: Subject) -> Verdict:
    """The backend's tests, in a database of their own and without a way to the person's records."""
    result = await subject.environment.run_guarded(
        "python -m pytest tests -q --no-header --tb=short --color=no -p no:cacheprovider",
        cwd=BACKEND,
        timeout_s=110,
    )
    if result.exit_code == NO_TESTS:
        return failed("backend/tests has no tests.")
    summary = re.search(r"(\d+ passed.*?)(?: in [\d.]+s)?\s*$", result.stdout)
    return judged(result, summary[1] if summary else "")
