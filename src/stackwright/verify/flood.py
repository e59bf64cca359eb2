"""Ends pages that report, ask or open something without end, before they take the platform's time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from stackwright.core.tasks import spawn
from stackwright.verify.playwright import playwright_error

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page

LIMITS = {
    "console": (2000, "writes to the console"),
    "pageerror": (300, "throws errors"),
    "request": (2000, "asks the server"),
    "dialog": (20, "opens dialogs"),
    "popup": (20, "opens windows"),
    "download": (20, "starts downloads"),
}
"""How many events of a kind a page may send since `begin`, and what it does then."""


class FloodGuard:
    """Counts what a page sends. Beyond a limit `reason` says what, and the page is closed; `on_flood` is
    called before, so that nobody else listens any more."""

    def __init__(self, page: Page, on_flood: Callable[[], None]) -> None:
        self._page = page
        self._on_flood = on_flood
        self._seen: Counter[str] = Counter()
        self.reason = ""
        self._listeners = {kind: self._counting(kind) for kind in LIMITS}
        for kind, listener in self._listeners.items():
            page.on(cast(Any, kind), listener)

    @property
    def is_calm(self) -> bool:
        """Whether the page opened nothing by itself, which it may go on with."""
        return not any(self._seen[kind] for kind in ("dialog", "popup", "download"))

    def begin(self) -> None:
        self._seen.clear()

    def detach(self) -> None:
        for kind, listener in self._listeners.items():
            self._page.remove_listener(kind, listener)
        self._listeners.clear()

    def _counting(self, kind: str) -> Callable[[object], None]:
        limit, deed = LIMITS[kind]

        def count(_: object) -> None:
            self._seen[kind] += 1
            if self._seen[kind] > limit and not self.reason:
                self.reason = (
                    f"the page {deed} without end (more than {limit} times); it was closed"
                )
                self.detach()
                self._on_flood()
                spawn(_closed(self._page), name="close flooding page")

        return count


async def _closed(page: Page) -> None:
    try:
        await page.close()
    except playwright_error():
        return


async def dismissed(dialog: Dialog) -> None:
    """Answer a dialog so that the page goes on, and can be left."""
    try:
        await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())
    except playwright_error():
        return
