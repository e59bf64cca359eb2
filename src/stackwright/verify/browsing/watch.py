"""Notes what a session's pages do by themselves: dialogs, windows, downloads, errors, failed requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from stackwright.core.tasks import spawn
from stackwright.verify.playwright import playwright_error
from stackwright.verify.visit import PageWatch, is_browsers_own

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Dialog, Download, Page, Response

MAX_NOTES = 12
MAX_NUISANCES = 20
"""Windows and dialogs of one call; a page that opens more is closed."""
MAX_ANSWERS = 5
MAX_REFUSED = 100
ANSWER_CHARS = 400
ANSWER_TIMEOUT_S = 1.0
CLOSE_TIMEOUT_S = 5.0


async def quietly(closing: Awaitable[object]) -> None:
    """Wait for something that may be gone already, and not for long."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await closing
    except (playwright_error(), TimeoutError):
        pass


class SessionWatch(PageWatch):
    """Begins with the page and lasts as long."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._notes: list[str] = []
        self._refused: list[Response] = []
        self.accepts_dialogs = True
        self.nuisances = 0
        self.is_crashed = False
        context.on("page", self._on_window)
        page.on("dialog", self._on_dialog)
        page.on("download", self._on_download)
        page.on("crash", self._on_crash)

    @property
    def is_too_much(self) -> bool:
        return self.nuisances > MAX_NUISANCES

    def begin(self, *, accepts_dialogs: bool) -> None:
        self.accepts_dialogs = accepts_dialogs
        self.nuisances = 0

    def take_notes(self) -> list[str]:
        """What happened since they were last taken."""
        notes, self._notes = self._notes, []
        return notes

    async def take_problems(self, shorten: Callable[[str], str]) -> list[str]:
        """Console errors and failed requests, with what the app answered to these."""
        problems = list(self.problems())
        self.forget()
        refused, self._refused = self._refused, []
        for response in refused[:MAX_ANSWERS]:
            told = f"{response.request.method} {response.url} (HTTP {response.status})"
            problems.append(f"request failed: {told}{await _body_of(response)}")
        if len(refused) > MAX_ANSWERS:
            problems.append(f"… and {len(refused) - MAX_ANSWERS} more failed requests")
        return [shorten(problem) for problem in problems]

    def _note(self, text: str) -> None:
        if len(self._notes) < MAX_NOTES:
            self._notes.append(text)
        elif len(self._notes) == MAX_NOTES:
            self._notes.append("… and more")

    def _nuisance(self, text: str) -> None:
        self.nuisances += 1
        self._note(text)
        if self.nuisances == MAX_NUISANCES + 1:
            spawn(quietly(self._page.close()), name="close page that opens too much")

    async def _on_dialog(self, dialog: Dialog) -> None:
        done = "accepted" if self.accepts_dialogs else "dismissed"
        self._nuisance(f"dialog {dialog.type} {dialog.message[:200]!r} {done}")
        await quietly(dialog.accept() if self.accepts_dialogs else dialog.dismiss())

    async def _on_window(self, window: Page) -> None:
        if window is self._page:
            return
        self._nuisance(f"a window opened ({window.url[:200]}) and was closed; use another session")
        await quietly(window.close())

    def _on_download(self, download: Download) -> None:
        name, address = download.suggested_filename[:100], download.url[:200]
        self._note(f"download of {name!r} refused; fetch it with http_request ({address})")

    def _on_crash(self, page: Page) -> None:
        del page
        self.is_crashed = True

    def _on_response(self, response: Response) -> None:
        request = response.request
        is_page = request.is_navigation_request() and request.frame.parent_frame is None
        is_refused = response.status >= 400 and not is_page and not is_browsers_own(request.url)
        if is_refused and len(self._refused) < MAX_REFUSED:
            self._refused.append(response)


async def _body_of(response: Response) -> str:
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            body = await response.text()
    except (playwright_error(), TimeoutError, UnicodeDecodeError):
        return ""
    plain = " ".join(body[: 4 * ANSWER_CHARS].split())
    return f": {plain[:ANSWER_CHARS]}" if plain and not plain.startswith("<") else ""
