"""What the gate does with a check that breaks, instead of failing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures.gate_world import facts_of
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.events import CheckStarted, Event, MachineState, VerificationReport
from stackwright.sandbox.base import CommandResult
from stackwright.sandbox.services import SandboxServices
from stackwright.testing.memory_sandbox import MemorySandbox
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.verify.browser import NO_BROWSER, Browsers
from stackwright.verify.check import Check, Subject, Verdict, passed
from stackwright.verify.checks import CHECKS
from stackwright.verify.gate import BROKEN, Gate
from stackwright.verify.machine import TOO_SLOW
from stackwright.verify.records import LoginWanted
from stackwright.verify.report import failure_signature


@pytest.fixture
async def browsers() -> AsyncIterator[Browsers]:
    shared = Browsers()
    yield shared
    await shared.aclose()


def gate_over(
    sandbox: MemorySandbox, browsers: Browsers, *checks: Check
) -> tuple[Gate, list[Event]]:
    events: list[Event] = []
    services = SandboxServices(sandbox, [], emit=events.append, preview_url=lambda _: "")
    gate = Gate(
        sandbox=sandbox,
        services=services,
        browsers=browsers,
        emit=events.append,
        keep=_unused,
        keep_replay=_unused,
        facts=facts_of(MemoryWishBook(run_id="r1", emit=events.append)),
        library={},
        checks=checks,
    )
    return gate, events


async def _unused(*_: object) -> Any:
    raise AssertionError("no picture is taken")


def breaking(error: Exception) -> Check:
    async def run(_: Subject) -> Verdict:
        raise error

    return Check("breaks", run, is_quick=True)


async def _passes(_: Subject) -> Verdict:
    return passed("fine")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LoginWanted("GET /notes"), "LoginWanted: GET /notes wants a login"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (SandboxUnavailable("The sandbox is away."), "The sandbox is away."),
        (ExceptionGroup("of tasks", [KeyError("id")]), "KeyError: 'id'"),
        (RecursionError("x" * 100_000), "RecursionError: xxx"),
    ],
)
async def test_a_check_that_breaks_fails_by_the_platforms_fault(
    tmp_path: Path,
    browsers: Browsers,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    told: str,
) -> None:
    other_check = Check("other", _passes, is_quick=True)
    gate, events = gate_over(MemorySandbox(tmp_path), browsers, breaking(error), other_check)
    report = await gate.verify(full=False)
    broken, other = report.checks
    assert (broken.ok, other.ok) == (False, True)
    assert broken.detail.startswith(BROKEN)
    assert told in broken.detail
    assert len(broken.detail) < 5000
    assert [event.type for event in events].count("check_result") == 2
    for event in events:
        event.model_dump_json()
    logged = [record for record in caplog.records if record.message == "check_broke"]
    assert [(one.levelno, one.exc_info is not None) for one in logged] == [(logging.ERROR, True)]


async def test_a_sandbox_that_died_fails_the_checks_and_the_warming_of_the_browser(
    tmp_path: Path, browsers: Browsers
) -> None:
    async def look(subject: Subject) -> Verdict:
        await subject.run("true", timeout_s=1)
        return passed()

    sandbox = MemorySandbox(tmp_path)
    gate, events = gate_over(sandbox, browsers, Check("looks", look))
    await sandbox.end()
    report = await gate.verify(full=True)
    assert report.status == "unverified"
    assert "is not there any more" in report.checks[0].detail
    assert isinstance(events[-1], VerificationReport)


class LoadedSandbox(MemorySandbox):
    """On a machine where work waits for a processor so many percent of the time."""

    pressure = 97.0

    async def run(self, command: str, **_: Any) -> CommandResult:
        if "/proc/pressure" in command:
            return CommandResult(0, f"some avg10={self.pressure} avg60=0\n", "")
        return CommandResult(NO_BROWSER, "", "")


class Hanging:
    """A check that hangs the first so many times."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.check = Check("hangs", self._run, is_quick=True, timeout_s=0.05)

    async def _run(self, _: Subject) -> Verdict:
        if self.left:
            self.left -= 1
            await asyncio.Event().wait()
        return passed("seen")


@pytest.mark.parametrize(
    ("pressure", "times", "told", "repeated", "too_slow"),
    [
        (97.0, 1, "seen", ("hangs",), ()),
        (97.0, 2, f"{TOO_SLOW}; try again later. It did not end within", ("hangs",), ("hangs",)),
        (5.0, 2, "It did not end within", (), ()),
    ],
)
async def test_a_check_that_times_out_on_a_busy_machine_is_repeated_alone(
    tmp_path: Path,
    browsers: Browsers,
    pressure: float,
    times: int,
    told: str,
    repeated: tuple[str, ...],
    too_slow: tuple[str, ...],
) -> None:
    sandbox = await asyncio.to_thread(LoadedSandbox, tmp_path)
    sandbox.pressure = pressure
    gate, _ = gate_over(sandbox, browsers, Hanging(times).check)
    report = await gate.verify(full=True)
    await gate.aclose()
    assert report.checks[0].detail.startswith(told)
    assert report.machine == MachineState(pressure=pressure, repeated=repeated, too_slow=too_slow)
    assert (failure_signature(report) == "") is (pressure > 50)


async def test_the_report_names_what_a_check_tried_again(
    tmp_path: Path, browsers: Browsers
) -> None:
    async def run(_: Subject) -> Verdict:
        return Verdict(ok=True, repeated=("test_oats.py::test_late",))

    gate, _ = gate_over(LoadedSandbox(tmp_path), browsers, Check("wishes", run))
    report = await gate.verify(full=True)
    assert report.machine is not None
    assert report.machine.repeated == ("test_oats.py::test_late",)


@pytest.mark.parametrize("full", [True, False])
async def test_no_check_waits_for_one_that_waits_for_it(
    tmp_path: Path, browsers: Browsers, full: bool
) -> None:
    instant = [replace(check, run=_passes) for check in CHECKS]
    gate, events = gate_over(LoadedSandbox(tmp_path), browsers, *instant)
    async with asyncio.timeout(20):
        report = await gate.verify(full=full)
    assert [one.name for one in report.checks] == [
        one.name for one in CHECKS if full or one.is_quick
    ]
    begun = [event.name for event in events if isinstance(event, CheckStarted)]
    if full:
        ended = {one.name: begun.index(one.name) for one in CHECKS}
        assert all(ended[name] < ended[one.name] for one in CHECKS for name in one.after)
