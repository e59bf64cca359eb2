"""The browser that people of a witness use: one that runs already, or one that is started."""

from __future__ import annotations

from playwright.sync_api import Browser, Dialog, Playwright

from witness import settings


def open_browser(playwright: Playwright) -> Browser:
    if not settings.CDP_URL:
        return playwright.chromium.launch(
            executable_path=settings.find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
    browser = playwright.chromium.connect_over_cdp(settings.CDP_URL)
    for context in browser.contexts:
        context.on("dialog", _leave)
    return browser


def _leave(_: Dialog) -> None:
    """Pages of others who use the same browser appear in its own context. Without a listener their
    questions would be answered with no, before they can answer themselves."""
