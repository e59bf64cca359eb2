"""`make prove`: does "verified" mean it? Puts faults into sound apps and lets models lie.

Every row that was tried renews its line in docs/proof.md, with the date. Ends with 1 if a sound app was
not verified, or anything else was. `--missing` goes on where an earlier run was ended.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prove import page
from prove.applications import NAMES, ROOT, application
from prove.busy import busy_cores
from prove.faults import FAULTS
from prove.lies import APP as LYING_APP
from prove.lies import LIES, Lie
from prove.rows import Kind, Row, renewed, rows_in, summary
from prove.stage import Attempt, Stage, engine, stage
from stackwright.core.errors import PlatformError
from stackwright.core.events import VerificationReport
from stackwright.core.wishes import Wish
from stackwright.runs.ending import status_of
from stackwright.sandbox.endpoint import Endpoint
from stackwright.tools.base import ToolFailed
from stackwright.verify.gate import BROKEN
from stackwright.verify.report import SKIPPED

PAGE = ROOT / "docs" / "proof.md"
OF_LIES = ("python-parses", "services", "proof-environment", "wishes")
"""The other checks could only refuse more."""

OF_TESTS = ("python-parses", "services", "contract-tests")
OF_APP = ("python-parses", "services", "proof-environment", "people")
SOONEST = (OF_TESTS, (*OF_APP, "api", "pages"), (*OF_APP, "use", "security"))
"""What is tried first with `--soonest`, a step after the other until one sees something: most faults are
seen in a fifth of the time. The app's own tests say nothing of the pages."""

SOUND_RUNS = range(1, 6)
BUSY = "all cores busy"

Key = tuple[Kind, str]
ORDER: Sequence[Key] = (
    *(("sound", f"{name}, run {n}") for name in NAMES for n in SOUND_RUNS),
    *(("sound", f"{name}, {BUSY}, run {n}") for name in NAMES for n in SOUND_RUNS),
    *(("fault", f"{fault.app}, {fault.name}") for fault in FAULTS),
    *(("lie", lie.name) for lie in LIES),
)


class NotTried(Exception):
    """The platform failed, which says nothing about the app."""


def app_of(key: Key) -> str:
    kind, name = key
    return LYING_APP if kind == "lie" else name.partition(",")[0]


class Trial:
    """Tries rows on one stage. The sound application comes first where its wishes are needed."""

    def __init__(self, stage: Stage, *, stops_soonest: bool = False) -> None:
        self._stage = stage
        self._stops_soonest = stops_soonest
        self._proven: Sequence[Wish] = ()
        self.report: VerificationReport | None = None

    async def row(self, key: Key) -> Row:
        began = time.monotonic()
        kind, name = key
        notices = ""
        match kind:
            case "sound":
                with busy_cores() if BUSY in name else nullcontext():
                    result = await self._judged(self._attempt({}))
            case "fault":
                fault = next(one for one in FAULTS if f"{one.app}, {one.name}" == name)
                notices = fault.notices
                text = self._stage.application.text(fault.path).replace(fault.old, fault.new)
                is_of_backend = fault.path.startswith("backend/")
                attempt = self._attempt({fault.path: text})
                result = await self._fault(attempt, is_of_backend=is_of_backend)
            case "lie":
                result = await self._lie(next(one for one in LIES if one.name == name))
        spent = time.monotonic() - began
        return Row(kind, name, notices, result, spent, f"{datetime.now(UTC):%Y-%m-%d}")

    def _attempt(self, changes: dict[str, str | None]) -> Attempt:
        app = self._stage.application
        return Attempt(message=app.message, calls=[app.wishes], changes=changes)

    async def _fault(self, attempt: Attempt, *, is_of_backend: bool) -> str:
        """All checks, or with `--soonest` only the first ones if they see something."""
        soonest = SOONEST if is_of_backend else SOONEST[1:]
        for only in soonest if self._stops_soonest else ():
            told_first = await self._judged(replace(attempt, only=only))
            if self.report is None or failed_checks(self.report):
                return told_first
        return await self._judged(attempt)

    async def _judged(self, attempt: Attempt) -> str:
        try:
            self.report, wishes = await self._stage.judge(attempt)
        except ToolFailed as error:
            return f"refused by a tool: {error}"
        if broken := [one.detail for one in self.report.checks if one.detail.startswith(BROKEN)]:
            raise NotTried(broken[0])
        if any(one.name == "services" and "mongo is" in one.detail for one in self.report.checks):
            raise NotTried("the database did not start, which is no part of the app")
        too_slow = self.report.machine.too_slow if self.report.machine is not None else ()
        if too_slow and set(failed_checks(self.report)) <= set(too_slow):
            raise NotTried(f"the machine was too slow for {', '.join(too_slow)}")
        if self.report.status == "verified":
            is_followup = bool(attempt.earlier)
            if is_followup and not attempt.changes:
                return status_of("verified", "chat", attempt.message, has_changed=False)
            self._proven = wishes if not attempt.changes else self._proven
            return "verified"
        return told(self.report)

    async def _lie(self, lie: Lie) -> str:
        if not lie.is_followup:
            return await self._judged(
                Attempt(message=lie.message, calls=lie.calls, changes=lie.changes, only=OF_LIES)
            )
        if not self._proven:
            first = await self._judged(replace(self._attempt({}), only=OF_LIES))
            if first != "verified":
                raise NotTried(f"the first run was not verified: {first}")
        return await self._judged(
            Attempt(
                message=lie.message,
                calls=lie.calls,
                changes=lie.changes,
                run="run-2",
                earlier=[wish.model_copy(update={"is_pinned": True}) for wish in self._proven],
                only=(*OF_LIES, "contract-tests"),
            )
        )


def failed_checks(report: VerificationReport) -> list[str]:
    """Names of those that ran."""
    return [c.name for c in report.checks if not c.ok and not c.detail.startswith(SKIPPED)]


def told(report: VerificationReport) -> str:
    """What kept the application from being verified."""
    failed = failed_checks(report)
    open_ = [f"{wish.id} {wish.state}" for wish in report.wishes if wish.state != "proven"]
    parts = [*failed, *(open_ if "wishes" in failed or not failed else [])]
    parts += ["not understood"] * bool(report.not_understood)
    parts += ["tests say less"] * bool(report.weakened)
    return ", ".join(parts) or report.sentence


async def tried(keys: Sequence[Key], *, how: argparse.Namespace) -> AsyncGenerator[Row]:
    """Each in turn; one sandbox per application."""
    folder = Path(tempfile.mkdtemp(prefix="stackwright-prove-"))
    try:
        async with engine(folder) as endpoint:
            for name in NAMES:
                mine = [key for key in keys if app_of(key) == name]
                if not mine:
                    continue
                while mine:  # a sandbox that died is replaced
                    async for row in _in_one_sandbox(name, mine, endpoint, how=how):
                        yield row
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _in_one_sandbox(
    name: str, left: list[Key], endpoint: Endpoint, *, how: argparse.Namespace
) -> AsyncGenerator[Row]:
    """Takes what was tried off the list; what the platform could not try, too."""
    async with stage(application(name), endpoint) as made:
        trial = Trial(made, stops_soonest=how.soonest)
        while left:
            key = left.pop(0)
            try:
                row = await trial.row(key)
            except (PlatformError, NotTried) as error:
                print(f"{key[0]}: {key[1]} was not tried: {error}", flush=True)
                return
            print(row.line(), flush=True)
            if how.details and trial.report is not None:
                print(_details(trial.report), flush=True)
            yield row


def _details(report: VerificationReport) -> str:
    checks = [f"  {c.name} {c.seconds:.1f} s: {c.detail[:700]}" for c in report.checks if not c.ok]
    return "\n".join([f"  {report.sentence}", *checks])


def write(row: Row) -> None:
    """Renew the row's line in the document, and what all lines come to."""
    page.renew(
        PAGE,
        lambda table: renewed(table, row, ORDER),
        lambda table: summary(table, ORDER, page.described()),
    )


def chosen(given: argparse.Namespace) -> list[Key]:
    known = rows_in(PAGE.read_text()) if given.missing else []
    told = {(row.kind, row.name) for row in known}
    keys = [key for key in ORDER if key not in told]
    if given.app:
        keys = [key for key in keys if app_of(key) == given.app]
    if given.only:
        keys = [key for key in keys if any(text in f"{key[0]}: {key[1]}" for text in given.only)]
    return keys[:: given.every]


async def main() -> int:
    given = _arguments()
    rows: list[Row] = []
    async for row in tried(chosen(given), how=given):
        rows.append(row)
        if not given.dry:
            write(row)
    bad = [row for row in rows if not row.is_good]
    print(
        f"{len(rows) - len(bad)} of {len(rows)} as they should be",
        *(r.line() for r in bad),
        sep="\n",
    )
    return 1 if bad else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", help="rows whose name holds one of these texts")
    parser.add_argument("--app", choices=NAMES, help="rows of this application")
    parser.add_argument("--missing", action="store_true", help="rows that have no line yet")
    parser.add_argument("--every", type=int, default=1, help="a sample: each nth row")
    parser.add_argument("--details", action="store_true", help="what the failed checks say")
    parser.add_argument(
        "--soonest",
        action="store_true",
        help="a fault is caught as soon as the first checks see it",
    )
    parser.add_argument("--dry", action="store_true", help="leave the document as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
