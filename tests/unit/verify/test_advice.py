from stackwright.core.events import CheckSummary, VerificationReport
from stackwright.verify.advice import HOW, MAX_ADVICE_CHARS, advice
from stackwright.verify.checks import CHECKS


def report(*checks: CheckSummary) -> VerificationReport:
    return VerificationReport(status="unverified", checks=checks)


def test_every_check_says_how_it_looks() -> None:
    assert set(HOW) == {check.name for check in CHECKS}


def test_help_names_the_cure_and_shows_the_checks_own_source() -> None:
    told = advice(
        report(CheckSummary(name="api", ok=False, seconds=1, detail="ECONNREFUSED 127.0.0.1:8000"))
    )
    assert "read that service's log" in told
    assert "async def api_works" in told


def test_help_is_bounded_and_the_same_for_the_same() -> None:
    failed = report(*(CheckSummary(name=n, ok=False, seconds=1, detail="404 " * 900) for n in HOW))
    assert advice(failed) == advice(failed)
    assert len(advice(failed)) < MAX_ADVICE_CHARS + 200
