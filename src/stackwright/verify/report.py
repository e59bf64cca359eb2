"""What a report says: its status, its sentence, and a signature by which equal failures are recognised."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from stackwright.core.events import (
    CheckStatus,
    CheckSummary,
    MachineState,
    Regression,
    Screenshot,
    VerificationReport,
    WishProof,
)
from stackwright.core.ids import RunId
from stackwright.core.wishes import Wish, WishList
from stackwright.tools.base import WishBook
from stackwright.verify.machine import TOO_SLOW

WISHES = "wishes"
"""Name of the check that tries them: what it found is told wish by wish."""
SKIPPED = "Not run, because"
"""How the detail of a check begins that did not run."""
NOT_TRIED = "It was not tried: what must come before failed."
MAX_NAMED = 4
MAX_NAME_CHARS = 90

_NOISE = (
    (re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b", re.IGNORECASE), "#"),
    (re.compile(r"\d+(\.\d+)?"), "0"),
    (re.compile(r"\s+"), " "),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a report has to know beside what the checks saw."""

    run_id: RunId
    wishes: WishBook
    changed_by: Callable[[], Awaitable[str]]
    """The run that changed the files last: this one, if it changed any."""
    weakened: Callable[[], Awaitable[Sequence[str]]]
    """Tests that this run made say less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one round of checks saw. `proofs` None: no wish was tried."""

    checks: Sequence[CheckSummary]
    is_live: bool
    proofs: Sequence[WishProof] | None = None
    screenshots: tuple[Screenshot, ...] = ()
    seconds: float = 0.0
    machine: MachineState | None = None


async def reported(seen: Seen, facts: RunFacts) -> VerificationReport:
    """The report of a whole round; what was seen of the wishes is stored with them."""
    known = await _stored(seen, facts)
    weakened = await facts.weakened()
    proofs = _proofs(known.wishes, seen.proofs)
    return _report(seen, facts.run_id, known, proofs, tuple(weakened))


async def _stored(seen: Seen, facts: RunFacts) -> WishList:
    """The wishes, with what this round saw of each."""
    known = await facts.wishes.read()
    if seen.proofs is None:
        return known
    by_id = {proof.id: proof for proof in seen.proofs}
    for wish in known.wishes:
        proof = by_id.get(wish.id)
        if proof is not None:
            await facts.wishes.change(await _after(wish, proof, facts))
    return await facts.wishes.read()


async def _after(wish: Wish, proof: WishProof, facts: RunFacts) -> Wish:
    # What the agent gives as its reason for a changed expectation is for the person to read.
    reason = proof.reason or (wish.reason if wish.is_expectation_changed else "")
    update = {"state": proof.state, "reason": reason}
    if proof.state == "proven":
        update["broken_by"] = ""
    elif wish.is_pinned and proof.state == "failing" and not wish.broken_by:
        update["broken_by"] = await facts.changed_by()
    return wish.model_copy(update=update)


def _proofs(wishes: Sequence[Wish], proofs: Sequence[WishProof] | None) -> tuple[WishProof, ...]:
    by_id = {proof.id: proof for proof in proofs or ()}
    return tuple(by_id.get(wish.id) or _untried(wish) for wish in wishes)


def _untried(wish: Wish) -> WishProof:
    """Of a wish that this round did not try: what was seen of it before does not count."""
    is_to_prove = wish.is_to_prove
    return WishProof(
        id=wish.id,
        text=wish.text,
        kind=wish.kind,
        quotes=wish.quotes,
        state="open" if is_to_prove else wish.state,
        reason=NOT_TRIED if is_to_prove else wish.reason,
    )


def _report(
    seen: Seen,
    run_id: RunId,
    known: WishList,
    proofs: tuple[WishProof, ...],
    weakened: tuple[str, ...],
) -> VerificationReport:
    report = VerificationReport(
        status="unverified",
        checks=tuple(seen.checks),
        wishes=proofs,
        not_understood=known.not_understood,
        regressions=tuple(_regressions(known.wishes, proofs)),
        weakened=weakened,
        screenshots=seen.screenshots,
        seconds=seen.seconds,
        machine=seen.machine,
    )
    counting = _counting(known.wishes, proofs, run_id)
    unagreed = [wish for wish in known.wishes if wish.is_expectation_changed]
    gaps = _gaps(report, counting, unagreed)
    is_earned = not gaps and bool(seen.checks) and bool(counting)
    status = "verified" if is_earned else "partly" if seen.is_live else "unverified"
    sentence = _sentence(status, report.checks, counting, gaps)
    return report.model_copy(update={"status": status, "sentence": sentence})


def _counting(
    wishes: Sequence[Wish], proofs: Sequence[WishProof], run_id: RunId
) -> list[WishProof]:
    """All but what earlier messages asked for and was left out: the person was told then."""
    of_run = {wish.id: wish.run_id for wish in wishes}
    return [p for p in proofs if p.state != "not_built" or of_run[p.id] == run_id]


def _regressions(wishes: Sequence[Wish], proofs: Sequence[WishProof]) -> Iterable[Regression]:
    by_id = {proof.id: proof for proof in proofs}
    for wish in wishes:
        if wish.is_pinned and by_id[wish.id].state == "failing":
            yield Regression(
                wish_id=wish.id,
                text=wish.text,
                broken_by=wish.broken_by,
                reason=by_id[wish.id].reason,
            )


def _gaps(
    report: VerificationReport, counting: Sequence[WishProof], unagreed: Sequence[Wish]
) -> list[str]:
    """What keeps the run from being verified, most telling first."""
    broken = {one.wish_id for one in report.regressions}
    states: dict[str, list[str]] = {}
    for proof in counting:
        if proof.id not in broken:
            states.setdefault(proof.state, []).append(_quoted(proof.text))
    is_told = "failing" in states or "open" in states or report.regressions
    failed = [
        check.name
        for check in report.checks
        if not check.ok and not (is_told and check.name == WISHES) and not is_excused(check.detail)
    ]
    too_slow = [check.name for check in report.checks if is_excused(check.detail)]
    parts = [
        _named([_quoted(one.text) for one in report.regressions], "worked before and {fail} now"),
        _named(states.get("failing", []), "{fail}"),
        _named(states.get("not_built", []), "{be} not built"),
        _named(states.get("open", []), "{be} not proven"),
        _told("not understood: {}", [_quoted(part) for part in report.not_understood]),
        _named([_quoted(wish.text) for wish in unagreed], "{be} expected otherwise than asked"),
        _told("tests say less: {}", report.weakened),
        _told("{}", _checks_in_words(failed)),
        _told("this machine is too slow right now for: {}", too_slow),
    ]
    return [part for part in parts if part]


def _checks_in_words(failed: Sequence[str]) -> list[str]:
    if not failed:
        return []
    noun, names = ("check", failed) if len(failed) == 1 else ("checks", failed)
    return [f"the {noun} {' and '.join(_short(names))} failed"]


def _sentence(
    status: CheckStatus,
    checks: Sequence[CheckSummary],
    counting: Sequence[WishProof],
    gaps: Sequence[str],
) -> str:
    """The ending in words. `Verified` stands only where it was earned."""
    proven = sum(proof.state == "proven" for proof in counting)
    judged = [_quoted(proof.text) for proof in counting if proof.state == "yours_to_judge"]
    parts = list(gaps)
    if counting:
        noun = "wish" if len(counting) == 1 else "wishes"
        parts.insert(0, f"{proven} of {len(counting)} {noun} seen working")
    elif not gaps:
        parts.insert(0, f"{sum(c.ok for c in checks)} of {len(checks)} checks passed")
        if status != "verified":
            parts.append("no wish was named that could be seen working")
    if judged:
        parts.append(_named(judged, "{be} yours to judge"))
    text = "; ".join(parts) + "."
    if status == "verified":
        return f"Verified: {text}"
    return text[0].upper() + text[1:] if status == "partly" else f"Not running: {text}"


def _named(names: Sequence[str], verb: str) -> str:
    if not names:
        return ""
    words = {"be": "is", "fail": "fails"} if len(names) == 1 else {"be": "are", "fail": "fail"}
    return f"{' and '.join(_short(names))} {verb.format(**words)}"


def _told(frame: str, parts: Sequence[str]) -> str:
    return frame.format(", ".join(_short(parts))) if parts else ""


def _short(names: Sequence[str]) -> list[str]:
    if len(names) <= MAX_NAMED:
        return list(names)
    return [*names[:MAX_NAMED], f"{len(names) - MAX_NAMED} more"]


def _quoted(text: str) -> str:
    shown = text if len(text) <= MAX_NAME_CHARS else f"{text[: MAX_NAME_CHARS - 1].rstrip()}…"
    return f"“{shown}”"


def failure_signature(report: VerificationReport) -> str:
    """The same for two reports that fail with the same messages; "" when nothing failed.

    Numbers, ids, times and spacing do not count, nor do checks that were not run.
    """
    failures = sorted(
        [
            *(f"{check.name}: {_normalised(check.detail)}" for check in failed_checks(report)),
            *(f"{wish.id}: {_normalised(wish.reason)}" for wish in unproven(report)),
            *(_normalised(test) for test in report.weakened),
        ]
    )
    if not failures:
        return ""
    return hashlib.sha256("\n".join(failures).encode()).hexdigest()[:16]


def unproven(report: VerificationReport) -> list[WishProof]:
    """The wishes that the agent can do something about."""
    return [
        wish
        for wish in report.wishes
        if wish.state in ("failing", "open") and not is_excused(wish.reason)
    ]


def is_excused(told: str) -> bool:
    """Whether the machine is to blame, so that nobody has to mend anything."""
    return told.startswith(TOO_SLOW)


def failed_checks(report: VerificationReport) -> list[CheckSummary]:
    """Those that ran and failed, if the machine is not to blame."""
    return [
        check
        for check in report.checks
        if not check.ok and not check.detail.startswith((SKIPPED, TOO_SLOW))
    ]


def _normalised(text: str) -> str:
    for pattern, replacement in _NOISE:
        text = pattern.sub(replacement, text)
    return text.strip()
