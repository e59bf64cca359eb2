"""What the template brings along so that a proof is quick."""

import pytest

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
