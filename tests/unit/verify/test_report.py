from stackwright.core.events import CheckSummary, VerificationReport
from stackwright.verify.report import SKIPPED, failure_signature, status_of


def report(*checks: tuple[str, bool, str]) -> VerificationReport:
    return VerificationReport(
        status="unverified",
        checks=tuple(
            CheckSummary(name=name, ok=ok, seconds=1.0, detail=detail)
            for name, ok, detail in checks
        ),
    )


def test_only_a_report_without_any_failure_is_verified() -> None:
    good, bad = report(("a", True, "")).checks, report(("a", True, ""), ("b", False, "")).checks
    assert status_of(good, is_live=True) == "verified"
    assert status_of(bad, is_live=True) == "partly"
    assert status_of(bad, is_live=False) == "unverified"
    assert status_of((), is_live=False) == "unverified"


def test_a_signature_ignores_numbers_ids_and_times() -> None:
    one = report(("api", False, "GET /api/books/65f0c0ffee65f0c0ffee0001 took 12 ms, line 7"))
    other = report(("api", False, "GET /api/books/65f0c0ffee65f0c0ffee0002 took  9 ms, line 81"))
    assert failure_signature(one) == failure_signature(other) != ""


def test_a_signature_tells_messages_checks_and_success_apart() -> None:
    signatures = {
        failure_signature(report(("api", False, "no such table"))),
        failure_signature(report(("api", False, "no such field"))),
        failure_signature(report(("types", False, "no such field"))),
        failure_signature(report(("types", True, "no such field"))),
    }
    assert len(signatures) == 4
    assert failure_signature(report(("types", True, ""))) == ""


def test_checks_that_were_not_run_do_not_change_the_signature() -> None:
    cause = ("python-parses", False, "main.py:1: invalid syntax")
    skipped = ("api", False, f"{SKIPPED} python-parses failed.")
    assert failure_signature(report(cause, skipped)) == failure_signature(report(cause))
