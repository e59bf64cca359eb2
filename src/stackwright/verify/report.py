"""Words about a report: its status, and a signature by which equal failures are recognised."""

import hashlib
import re
from collections.abc import Sequence

from stackwright.core.events import CheckStatus, CheckSummary, VerificationReport

SKIPPED = "Not run, because"
"""How the detail of a check begins that did not run."""

_NOISE = (
    (re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b", re.IGNORECASE), "#"),
    (re.compile(r"\d+(\.\d+)?"), "0"),
    (re.compile(r"\s+"), " "),
)


def status_of(checks: Sequence[CheckSummary], *, is_live: bool) -> CheckStatus:
    """`verified` when everything passed, `partly` when something failed but the app is live."""
    if checks and all(check.ok for check in checks):
        return "verified"
    return "partly" if is_live else "unverified"


def failure_signature(report: VerificationReport) -> str:
    """The same for two reports whose checks fail with the same messages; "" when none failed.

    Numbers, ids, times and spacing do not count, nor do checks that were not run.
    """
    failures = sorted(
        f"{check.name}: {_normalised(check.detail)}"
        for check in report.checks
        if not check.ok and not check.detail.startswith(SKIPPED)
    )
    if not failures:
        return ""
    return hashlib.sha256("\n".join(failures).encode()).hexdigest()[:16]


def _normalised(text: str) -> str:
    for pattern, replacement in _NOISE:
        text = pattern.sub(replacement, text)
    return text.strip()
