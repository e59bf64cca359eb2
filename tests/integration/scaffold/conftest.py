"""The engine, a browser and the to-do application, shared by the tests of this folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from fixtures.generated_application import Application, application, running_engine


@pytest.fixture(scope="module")
def engine(engine_folder: Path) -> Iterator[dict[str, Any]]:
    with running_engine(engine_folder) as options:
        yield options


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def todo(engine: dict[str, Any]) -> Iterator[Application]:
    with application(engine, "todo") as running:
        yield running
