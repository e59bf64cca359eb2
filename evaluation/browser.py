"""The finished app in Chromium, by what a person reads and clicks."""

import re
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Error, Locator, Page, TimeoutError, sync_playwright

from evaluation.app import Window
from evaluation.task import Wrong

PATIENCE_MS = 60_000
"""A page of the preview may have to be compiled first, on a busy machine."""
QUIET_MS = 10_000
"""So long is waited for a page that loaded to end its requests."""
CLICKABLE = ("tab", "button", "link", "radio")
SAVING = re.compile(r"^(add|create|save|submit)", re.IGNORECASE)
OPENING = re.compile(r"^(new|add|create)", re.IGNORECASE)


@dataclass
class BrowserWindow:
    page: Page
    origin: str

    def open(self, path: str) -> str:
        try:
            answer = self.page.goto(self.origin + path)
        except Error as error:
            raise Wrong(f"{path} does not open: {error.message[:200]}") from None
        if answer is not None and answer.status >= 400:
            raise Wrong(f"{path} answers {answer.status}")
        return self._read()

    def follow(self, word: str) -> str:
        for role in CLICKABLE:
            found = self.page.get_by_role(role, name=re.compile(word, re.IGNORECASE)).first
            if found.count():
                found.click()
                break
        return self._read()

    def enter(self, button: str, values: Mapping[str, str]) -> str:
        try:
            self._button(OPENING).click()
            for label, value in values.items():
                self._field(label).fill(value)
            self._button(SAVING, last=True).click()
        except Error as error:
            raise Wrong(f"the form of {button} cannot be used: {error.message[:200]}") from None
        return self._read()

    def _button(self, name: re.Pattern[str], *, last: bool = False) -> Locator:
        found = self.page.get_by_role("button", name=name)
        return found.last if last else found.first

    def _field(self, label: str) -> Locator:
        words = re.compile(rf"^\W*{re.escape(label.replace('_', ' '))}\b", re.IGNORECASE)
        return self.page.get_by_label(words).last

    def _read(self) -> str:
        with suppress(TimeoutError):
            self.page.wait_for_load_state("networkidle", timeout=QUIET_MS)
        return self.page.locator("body").inner_text()


@contextmanager
def browser() -> Generator[Page]:
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE_MS)
        try:
            yield page
        finally:
            chromium.close()


if TYPE_CHECKING:

    def _proof(window: BrowserWindow) -> Window:
        return window
