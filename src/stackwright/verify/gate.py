"""The gate: decides from what it sees, never from what the model says, whether an app is verified."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from stackwright.core.errors import PlatformError
from stackwright.core.events import (
    CheckResult,
    CheckStarted,
    CheckSummary,
    Event,
    Screenshot,
    VerificationReport,
    WishProof,
)
from stackwright.sandbox.base import Sandbox
from stackwright.tools.base import ServiceControl, ToolFailed, Verifier
from stackwright.verify.browser import Browser, BrowserFailed, Browsers
from stackwright.verify.check import (
    Check,
    KeepReplay,
    KeepScreenshot,
    Subject,
    Verdict,
    excused,
    failed,
)
from stackwright.verify.checks import CHECKS, SERVICES
from stackwright.verify.checks.pages import look_at
from stackwright.verify.checks.wishes import told_in_steps, try_witnesses
from stackwright.verify.environment import PREVIEW, EnvironmentFailed, ProofEnvironment
from stackwright.verify.lane import Lane
from stackwright.verify.machine import BUSY, MachineLog, has_timed_out, read_moment, read_pressure
from stackwright.verify.report import SKIPPED, RunFacts, Seen, reported

BROKEN = "This check broke: that is the platform's fault, not the app's. It was logged."
"""How the detail of a check begins that raised instead of judging the app."""

LONGER = 2.0
"""How much more time a check gets that is repeated alone."""

log = logging.getLogger(__name__)


class Gate:
    """Implements the verifier port for one sandbox. `aclose` ends the browser it keeps warm.

    A full verification emits the report; a quick one only its checks, and never says `verified`.
    """

    def __init__(
        self,
        *,
        sandbox: Sandbox,
        services: ServiceControl,
        browsers: Browsers,
        emit: Callable[[Event], None],
        keep: KeepScreenshot,
        keep_replay: KeepReplay,
        facts: RunFacts,
        library: Mapping[str, bytes],
        marks: Mapping[str, str] | None = None,
        checks: Sequence[Check] = CHECKS,
    ) -> None:
        """`marks` are in the environment of what the checks run in the sandbox; `library` is what the
        template's witnesses are written with."""
        browser = Browser(sandbox, browsers)
        proof = ProofEnvironment(sandbox, marks=marks)
        self._subject = Subject(
            sandbox=sandbox,
            services=services,
            browser=browser,
            keep=keep,
            environment=proof,
            app=proof.app,
            wishes=facts.wishes,
            keep_replay=keep_replay,
            library=library,
            marks=marks or {},
        )
        self._emit = emit
        self._checks = checks
        self._facts = facts

    @property
    def browser(self) -> Browser:
        """Of the sandbox; ended with the gate."""
        return self._subject.browser

    async def verify(self, *, full: bool) -> VerificationReport:
        """A check that raises has failed; a dead sandbox fails the checks that needed it. Nothing of the
        proof runs on."""
        try:
            report = await self._judge(full=full)
            if report.status == "verified":
                await self._keep_version()
        finally:
            if full:
                await self._subject.environment.aclose()
        return report

    async def _judge(self, *, full: bool) -> VerificationReport:
        started = time.monotonic()
        chosen = [check for check in self._checks if full or check.is_quick]
        async with asyncio.TaskGroup() as group:
            machine = MachineLog()
            round_ = group.create_task(_Round(self._subject, self._emit, chosen, machine).run())
            if full:
                group.create_task(self._warm_up())
                group.create_task(self._measure(machine, round_))
        ended = round_.result()
        summaries = tuple(one.summary for one in ended)
        if not full:
            return VerificationReport(status="unverified", checks=summaries)
        seen = Seen(
            checks=summaries,
            is_live=any(one.name == SERVICES and one.ok for one in summaries),
            proofs=next((one.wishes for one in ended if one.wishes is not None), None),
            screenshots=tuple(shot for one in ended for shot in one.screenshots),
            seconds=round(time.monotonic() - started, 3),
            machine=machine.state(),
        )
        report = await reported(seen, self._facts)
        self._emit(report)
        return report

    async def look(self, route: str) -> Screenshot:
        try:
            looked = await look_at(self._subject, PREVIEW.origin + route, route)
        except BrowserFailed as error:
            raise ToolFailed(str(error)) from error
        if looked.screenshot is None:
            raise ToolFailed("\n".join(looked.problems))
        return looked.screenshot

    async def try_witness(self, name: str) -> str:
        """The app of the proof goes on running, for the next try, until the gate is closed."""
        try:
            await self._subject.environment.start()
            proven = await try_witnesses(self._subject, name)
        except (EnvironmentFailed, BrowserFailed) as error:
            raise ToolFailed(str(error)) from error
        told = told_in_steps(proven)
        if any(one.state in ("open", "failing") for one in proven.proofs) or proven.remarks:
            raise ToolFailed(told)
        return told

    async def aclose(self) -> None:
        await self._subject.environment.aclose()
        await self._subject.browser.aclose()

    async def _keep_version(self) -> None:
        """Later runs try their new witnesses on it. Without it they are tried under faults only."""
        try:
            await self._subject.environment.keep_version()
        except (EnvironmentFailed, PlatformError) as error:
            log.warning("proven_version_not_kept", extra={"error": str(error)})

    async def _measure(self, machine: MachineLog, round_: asyncio.Task[Any]) -> None:
        """How busy the machine is during the whole round."""
        try:
            began, before = time.monotonic(), await read_moment(self._subject.sandbox)
            await asyncio.wait([round_])
            after = await read_moment(self._subject.sandbox)
        except PlatformError:  # the checks tell of a sandbox that died
            return
        machine.see(after.pressure_since(before, time.monotonic() - began))

    async def _warm_up(self) -> None:
        """Start the browser while the source is checked."""
        try:
            await self._subject.browser.warm_up()
        except (BrowserFailed, PlatformError) as error:  # the check that needs it will say so
            log.info("browser_not_warmed_up", extra={"why": str(error)})
        except Exception:
            log.exception("browser_not_warmed_up")


@dataclass(frozen=True, slots=True)
class _Ended:
    summary: CheckSummary
    screenshots: tuple[Screenshot, ...] = ()
    wishes: tuple[WishProof, ...] | None = None


class _Round:
    """Runs checks concurrently, each after what it needs."""

    def __init__(
        self,
        subject: Subject,
        emit: Callable[[Event], None],
        checks: Sequence[Check],
        machine: MachineLog,
    ) -> None:
        self._subject = subject
        self._emit = emit
        self._checks = checks
        self._done = {check.name: asyncio.Event() for check in checks}
        self._ok: dict[str, bool] = {}
        self._machine = machine
        self._lane = Lane()

    async def run(self) -> list[_Ended]:
        """In the order of the checks."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._run_one(check)) for check in self._checks]
        return [task.result() for task in tasks]

    async def _run_one(self, check: Check) -> _Ended:
        await self._wait_for(*check.needs, *check.after)
        if self._subject.environment.processors == 1:
            await self._wait_for(*check.alone_after)
        self._emit(CheckStarted(name=check.name))
        started = time.monotonic()
        verdict = await self._verdict(check)
        seconds = round(time.monotonic() - started, 3)
        self._ok[check.name] = verdict.ok
        self._done[check.name].set()
        result = CheckResult(name=check.name, ok=verdict.ok, seconds=seconds, detail=verdict.detail)
        self._emit(result)
        summary = CheckSummary(**result.model_dump(exclude={"type"}))
        return _Ended(summary, verdict.screenshots, verdict.wishes)

    async def _wait_for(self, *names: str) -> None:
        for name in names:
            if name in self._done:  # a quick round leaves the slow checks out
                await self._done[name].wait()

    async def _verdict(self, check: Check) -> Verdict:
        broken = [name for name in check.needs if not self._ok.get(name, True)]
        if broken:
            return failed(f"{SKIPPED} {' and '.join(broken)} failed.")
        async with self._lane.shared():
            verdict = await self._tried(check, check.timeout_s)
        if verdict.ok or not has_timed_out(verdict.detail) or not await self._is_busy():
            return verdict
        async with self._lane.alone():
            self._machine.repeated.append(check.name)
            again = await self._tried(check, check.timeout_s * LONGER)
            if again.ok or not has_timed_out(again.detail) or not await self._is_busy():
                return again
        self._machine.too_slow.append(check.name)
        return excused(again)

    async def _is_busy(self) -> bool:
        """Whether work waits for a processor. A sandbox that died is no excuse."""
        try:
            pressure = await read_pressure(self._subject.sandbox)
        except PlatformError:
            return False
        self._machine.see(pressure)
        return pressure >= BUSY

    async def _tried(self, check: Check, limit_s: float) -> Verdict:
        try:
            async with asyncio.timeout(limit_s):
                verdict = await check.run(self._subject)
            self._machine.repeated += verdict.repeated
            return verdict
        except TimeoutError:
            return failed(f"It did not end within {limit_s:.0f} s.")
        except Exception as error:
            log.exception("check_broke", extra={"check": check.name})
            return failed(f"{BROKEN}\n{_told(_innermost(error))}")


def _told(error: Exception) -> str:
    """An error of the platform is a sentence; any other one needs its kind."""
    return str(error) if isinstance(error, PlatformError) else f"{type(error).__name__}: {error}"


def _innermost(error: Exception) -> Exception:
    """The first error itself, instead of the group of them that a TaskGroup raises."""
    while isinstance(error, ExceptionGroup):
        error = cast(ExceptionGroup[Exception], error).exceptions[0]
    return error


if TYPE_CHECKING:

    def _proof(gate: Gate) -> Verifier:
        return gate
