"""Makes the pictures of docs/tour.md: the console in Chromium, over runs whose events are scripted.

Run it with the development packages: `.venv/bin/python scripts/tour.py`.
"""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from playwright.async_api import async_playwright  # noqa: E402

from fixtures import console as fixture  # noqa: E402
from fixtures.api_twins import running  # noqa: E402
from fixtures.console import FLAGS, Console, application  # noqa: E402
from fixtures.console_tour import APP, story  # noqa: E402
from stackwright.sandbox.base import PortAddress  # noqa: E402


async def main() -> None:
    fixture.APP = APP
    executable: Any = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright, application() as app, running() as api:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        api.twin.address_of_all = PortAddress(app, {"E2b-Sandbox-Id": "mine"})
        await story(Console(api, browser), ROOT / "docs" / "pictures")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
