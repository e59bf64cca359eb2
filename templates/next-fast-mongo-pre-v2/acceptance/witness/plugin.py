"""Runs witnesses under pytest: a browser, an empty database, a time limit, and results in a file.

With `WITNESS_FAULTS` every witness runs once per fault that could turn it red; see `faults.py`.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from witness import database, faults, recording, settings
from witness.app import App, World
from witness.chromium import open_browser
from witness.going_on import going_on
from witness.outbox import Outbox
from witness.recording import Recording
from witness.refusals import FORM, PERSON, RULE

MAX_ERROR_CHARS = 4000
TOO_LONG = 70
"""Exit status when a witness was still running at its limit; the witnesses after it did not run."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "wish(id): the wish that a witness tries")
    recording.install()
    if settings.RESULTS:
        config.pluginmanager.register(Results(Path(settings.RESULTS)), "witness-results")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items if settings.GOES_ON else ():
        if isinstance(item, pytest.Function):
            item.obj = going_on(item.obj)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "app" in metafunc.fixturenames and settings.FAULTS:
        metafunc.parametrize("_fault", settings.FAULTS)


@pytest.fixture
def _fault() -> str:
    return faults.NONE


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def _browser(_playwright: Playwright) -> Iterator[Browser]:
    browser = open_browser(_playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def _outbox() -> Iterator[Outbox]:
    outbox = Outbox(settings.SMTP_PORT)
    outbox.start()
    yield outbox
    outbox.stop()


@pytest.fixture
def app(
    _browser: Browser, _outbox: Outbox, _fault: str, request: pytest.FixtureRequest
) -> Iterator[App]:
    """The app with no records, in the browser of a stranger."""
    item: Any = request.node
    faults.skip_if_useless(item, _fault)
    faults.switch_to(faults.NONE)
    database.empty()
    _outbox.clear()
    is_sound = _fault in (faults.NONE, faults.AGAIN)
    patience = settings.PATIENCE_MS if is_sound else faults.patience_ms(item)
    if settings.GOES_ON:
        patience = settings.FAULTY_PATIENCE_MS[0]
    expect.set_options(timeout=patience)
    folder = _folder_of(item) if _fault == faults.NONE else None
    item.recording = Recording(folder)
    world = World(_browser, item.recording, _outbox, patience)
    faults.switch_to(_fault)
    server_reads = faults.server_reads()
    try:
        yield App(world, world.new_context())
    finally:
        item.recording.reads += faults.server_reads() - server_reads
        faults.switch_to(faults.NONE)
        world.close()
    opened = item.recording.stranger
    assert not opened, f"The witness opened a page that is not the app's: {opened}"


def _folder_of(item: pytest.Item) -> Path | None:
    if not settings.RESULTS:
        return None
    folder = Path(settings.RESULTS) / f"witness-{item.session.items.index(item):03d}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Results:
    """Writes a line of JSON per witness and fault into `results.jsonl`, as soon as it ended."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "results.jsonl").open("a", encoding="utf-8")
        self._reports: dict[str, pytest.TestReport] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._write({"id": report.nodeid, "outcome": "broken", "error": _text(report)})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        def end(signal_number: int, frame: FrameType | None) -> None:
            text = f"It did not end within {settings.LIMIT_S:.0f} s."
            self._write({**_known(item), "outcome": "failed", "error": text, "kind": "time"})
            os._exit(TOO_LONG)

        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, settings.LIMIT_S)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        before = self._reports.get(item.nodeid)
        if before is None or (report.failed and not before.failed):
            self._reports[item.nodeid] = report
        elif report.when == "call" and not before.failed:
            self._reports[item.nodeid] = report
        if report.failed and call.excinfo is not None:
            item.failure_kind = _kind(report, call.excinfo)  # type: ignore[attr-defined]
            _picture_of_failure(item)
        if report.when == "teardown":
            self._tell(item, self._reports.pop(item.nodeid))
        return report

    def _tell(self, item: pytest.Item, report: pytest.TestReport) -> None:
        known = _known(item)
        faults.remember(item, known, passed=report.passed)
        if not report.skipped:
            error = _text(report) if report.failed else ""
            outcome = "passed" if report.passed else "failed"
            kind = getattr(item, "failure_kind", "")
            self._write({**known, "outcome": outcome, "error": error, "kind": kind})

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


def _known(item: pytest.Item) -> dict[str, Any]:
    made: Recording | None = getattr(item, "recording", None)
    fault = getattr(item, "callspec", None)
    known: dict[str, Any] = {
        "id": item.nodeid.partition("[")[0],
        "wishes": [str(mark.args[0]) for mark in item.iter_markers("wish") if mark.args],
        "fault": fault.params.get("_fault", faults.NONE) if fault is not None else faults.NONE,
    }
    if made is not None:
        known |= {
            "seconds": made.seconds,
            "steps": made.steps,
            "complaints": made.complaints,
            "visited": made.visited[:40],
            "writes": made.writes,
            "reads": made.reads,
            "queries": made.queries,
            "styles": made.styles,
            "actions": made.actions,
            "setups": made.setups,
            "mails": made.mails,
            "refusals": made.refused,
            **{name: made.refusals[name] for name in (RULE, FORM, PERSON)},
            "folder": made.folder.name if made.folder is not None else None,
        }
        if made.folder is not None and made.frames:
            (made.folder / "frames.json").write_text(json.dumps(made.frames))
    return known


def _picture_of_failure(item: pytest.Item) -> None:
    app: App | None = getattr(item, "funcargs", {}).get("app")
    made: Recording | None = getattr(item, "recording", None)
    if app is not None and made is not None and made.folder is not None:
        made.step("as it was when the witness failed", app.page)


def _kind(report: pytest.TestReport, error: pytest.ExceptionInfo[BaseException]) -> str:
    """`assertion` when something was not as expected, `setup` before the witness began, else `error`:
    an action that could not be done, or a mistake in the witness."""
    if report.when != "call":
        return "setup"
    name = type(error.value).__name__
    if isinstance(error.value, AssertionError):
        return "assertion"
    return "action" if name in ("TimeoutError", "Error") else "error"


def _text(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longreprtext[-MAX_ERROR_CHARS:]
