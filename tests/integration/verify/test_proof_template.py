"""What the template brings along so that a proof is quick."""

import importlib
from typing import Any

import pytest

from fixtures.engine import ROOT
from fixtures.gate_world import TEMPLATE
from stackwright.sandbox import control
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp

pytestmark = pytest.mark.integration

DRIVE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as driver:
    print("drives", driver.chromium.name)
"""
CACHED = "/home/user/.proof/frontend/.next/cache/turbopack"


async def test_playwright_runs_with_the_nodejs_of_the_sandbox_and_the_cache_of_a_build_is_there(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    sandbox = await control.create(TEMPLATE, {"test": "proof"}, endpoint, http, 120)
    try:
        await sandbox.write({"/tmp/drive.py": DRIVE.encode()})
        run = "/home/user/.acceptance/bin/python /tmp/drive.py"
        driven = await sandbox.run(run, cwd="/home/user", timeout_s=30)
        assert (driven.stdout, driven.stderr) == ("drives chromium\n", "")
        size = await sandbox.run(
            f"du -sm {CACHED} /home/user/.acceptance", cwd="/home/user", timeout_s=30
        )
        cached_mb, tools_mb = (int(line.split()[0]) for line in size.stdout.splitlines())
        assert cached_mb > 10
        assert tools_mb < 60
    finally:
        await control.kill(sandbox.id, endpoint)


@pytest.mark.parametrize(
    ("steps", "seconds", "longest"),
    [
        pytest.param([1.5, 1.8, 2.2], 2.3, 0.4, id="not the first page"),
        pytest.param([1.5, 1.6], 3.0, 1.4, id="what is expected at the end"),
        pytest.param([], 0.6, 0.6, id="no steps at all"),
    ],
)
def test_witnesses_know_how_long_they_waited_at_most(
    monkeypatch: pytest.MonkeyPatch, steps: list[float], seconds: float, longest: float
) -> None:
    monkeypatch.syspath_prepend(ROOT / f"templates/{TEMPLATE}/acceptance")
    faults: Any = importlib.import_module("witness.faults")
    seen = {"steps": [{"at": at} for at in steps], "seconds": seconds}
    assert faults.longest_step_s(seen) == pytest.approx(longest)
