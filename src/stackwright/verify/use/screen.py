"""One page of the app in the hands of a check: what is shown, what was asked of the server, what complained."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from stackwright.verify.browser import BrowserFailed
from stackwright.verify.flood import FloodGuard
from stackwright.verify.playwright import playwright_error
from stackwright.verify.use.elements import Control, Form, Write, form_of
from stackwright.verify.use.values import Field
from stackwright.verify.visit import ASK_LIMIT_S, PageHangs, PageWatch, asked, comes_alive

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page, Request

SCRIPT = Path(__file__).with_name("page.js").read_text()
LOAD_TIMEOUT_MS = 20_000
ALIVE_TIMEOUT_MS = 3_000
"""A page that React never takes over is told by the check of the pages; here it is used as it is."""
ACT_TIMEOUT_MS = 4_000
EFFECT_LIMIT_S = 1.5
SHOWN_LIMIT_S = 4.0
ANSWER_LIMIT_S = 8.0
LOOK_AGAIN_S = 0.05
IDLE_LIMIT_S = 1.0
_COMES_TO_REST = """() => new Promise(done =>
  requestIdleCallback(() => requestIdleCallback(() => done(true))))"""


class Screen:
    """`page` must be new: what it does is watched from the beginning. `patience` stretches all
    limits. A page that cannot be used any more raises BrowserFailed, which says why."""

    def __init__(self, page: Page, origin: str, patience: float = 1.0) -> None:
        self.patience = patience
        self.page = page
        self.origin = origin
        self.path = ""
        self.watch = PageWatch(page)
        self._flood = FloodGuard(page, self.watch.detach)
        self._requests: list[Request] = []
        self._events = 0
        self.has_asked = False
        """Whether the browser asked a question since `remember`."""
        self._url = ""
        self._changes = self._covers = 0
        page.on("request", self._on_request)
        page.on("dialog", self._on_dialog)
        for event in ("popup", "download", "filechooser"):
            page.on(event, self._on_event)  # pyright: ignore[reportCallIssue, reportArgumentType]
        page.set_default_timeout(ACT_TIMEOUT_MS * patience)

    async def open(self, path: str) -> bool:
        """Load a page and wait until React runs it and it is quiet; False when it does not load."""
        self.path = path
        self._flood.begin()
        try:
            await self.page.goto(
                self.origin + path, wait_until="load", timeout=LOAD_TIMEOUT_MS * self.patience
            )
        except playwright_error() as error:
            if "crashed" in error.message:
                raise BrowserFailed(f"{path}: the page crashes the browser's tab.") from error
            if self.page.is_closed():
                self._tell_flood()
                raise
            self.watch.add(f"the page does not load: {error.message.splitlines()[0]}")
            return False
        try:
            await comes_alive(self.page, round(ALIVE_TIMEOUT_MS * self.patience))
        except playwright_error():
            self._tell_flood()
            raise
        await self.watch.settle()
        self._tell_flood()
        return True

    async def ask(self, script: str, argument: Any = None, *, limit_s: float = ASK_LIMIT_S) -> Any:
        """What a script says on the page."""
        try:
            return await asked(self.page, script, argument, limit_s * self.patience)
        except PageHangs as hanging:
            raise BrowserFailed(f"{self.path}: {hanging}.") from hanging
        except playwright_error():
            self._tell_flood()
            raise

    def _tell_flood(self) -> None:
        if self._flood.reason:
            raise BrowserFailed(f"{self.path}: {self._flood.reason}.")

    def address(self) -> str:
        """Where the page is now, below the origin of the app."""
        return self.page.url.removeprefix(self.origin)

    async def covers(self) -> int:
        """How many dialogs and menus lie over the page; none while it is being left."""
        try:
            return await self.ask("window.__proof.covers()")
        except playwright_error():
            return 0

    async def is_still_at(self, path: str) -> bool:
        """Whether the page at this path can be used on, once what covers it was left with Escape."""
        if urlsplit(self.page.url).path != path:
            return False
        if not await self.covers():
            return True
        await self.page.keyboard.press("Escape")

        async def is_left() -> bool:
            return not await self.covers()

        return await self.until(is_left, 0.5)

    def complaints(self) -> tuple[str, ...]:
        """What was complained about since the last call."""
        problems = self.watch.problems()
        self.watch.forget()
        return problems

    async def forms(self) -> list[Form]:
        found: list[dict[str, Any]] = await self.ask("window.__proof.forms()")
        return [form_of(one) for one in found]

    async def buttons(self) -> list[Control]:
        found: list[dict[str, Any]] = await self.ask("window.__proof.buttons()")
        return [
            Control(one["id"], one["name"], is_chosen=one["isChosen"], is_shell=one["isShell"])
            for one in found
        ]

    async def row_of(self, text: str) -> list[Control] | None:
        """The controls beside a shown text; None when it is not shown."""
        found = await self.ask("text => window.__proof.rowOf(text)", text)
        return found and [
            Control(one["id"], one["name"], is_link=one["isLink"], is_text=one["isText"])
            for one in found
        ]

    async def row_text(self, text: str) -> str:
        """All that stands in the row or card of a shown text; "" when it is not shown."""
        return await self.ask("text => window.__proof.rowText(text)", text)

    async def links(self) -> list[str]:
        return await self.ask("window.__proof.links()")

    async def text_links(self) -> list[Control]:
        found: list[dict[str, Any]] = await self.ask("window.__proof.textLinks()")
        return [Control(one["id"], one["name"], is_link=True) for one in found]

    async def lines(self) -> list[str]:
        return await self.ask("window.__proof.lines()")

    async def texts(self) -> str:
        """What a person reads, without the options of selects."""
        return await self.ask("window.__proof.texts()")

    async def number_of_complaints(self) -> int:
        return await self.ask("window.__proof.complaints()")

    async def fill(self, field: Field, value: str) -> None:
        target = self.page.locator(f'[data-proof="{field.id}"]')
        if field.kind == "select":
            await target.select_option(value)
        else:
            await target.fill(value)

    async def give_file(self, field: Field) -> None:
        """A small text; whether the app can use it is another question."""
        target = self.page.locator(f'[data-proof="{field.id}"]')
        await target.set_input_files(
            {"name": "sample.csv", "mimeType": "text/csv", "buffer": b"sample\n"}
        )

    async def press(self, control_id: str) -> None:
        """Raises PlaywrightError when it cannot be pressed."""
        target = self.page.locator(f'[data-proof="{control_id}"]')
        await target.hover()
        await self.remember()
        await target.click()

    async def remember(self) -> None:
        """What happens from now on counts as an effect."""
        self._requests.clear()
        self._events = 0
        self.has_asked = False
        self._url = self.page.url
        self._changes, self._covers = await self.ask(
            "[window.__proof.changes, window.__proof.covers()]"
        )

    async def has_effect(self, limit_s: float = EFFECT_LIMIT_S) -> bool:
        """A request, another address, a question, or a change of what is shown."""

        async def happened() -> bool:
            if self._requests or self._events or self.page.url != self._url:
                return True
            return await self._changes_now() != self._changes

        return await self.until(happened, limit_s)

    async def asks(self, limit_s: float = 0.8) -> bool:
        """Whether the page asks the server for anything."""

        async def asked() -> bool:
            return bool(self._requests) or self.page.url != self._url

        return await self.until(asked, limit_s)

    async def until(self, holds: Callable[[], Any], limit_s: float = 2.0) -> bool:
        """Look again and again. On a busy machine this takes up to `patience` times as long, unless the
        page has nothing to do any more."""
        began = time.monotonic()
        while not await holds():
            waited = time.monotonic() - began
            if waited > limit_s * self.patience or (waited > limit_s and await self._is_idle()):
                return bool(await holds())
            await asyncio.sleep(LOOK_AGAIN_S)
        return True

    async def _is_idle(self) -> bool:
        """Whether every request was answered and the page's own work is done."""
        if self.watch.is_loading:
            return False
        try:
            return await asked(self.page, _COMES_TO_REST, limit_s=IDLE_LIMIT_S)
        except (PageHangs, playwright_error()):
            return False

    async def _changes_now(self) -> int:
        try:
            return await self.ask("window.__proof.changes")
        except playwright_error():
            return -1  # the page is being left: that is a change

    async def write(self, limit_s: float = ANSWER_LIMIT_S) -> Write | None:
        """The first answered request that changes something, since `remember`."""
        request = await self._first_write(limit_s)
        if request is None:
            return None
        try:
            async with asyncio.timeout(limit_s):
                response = await request.response()
                text = await response.text() if response is not None else ""
        except (TimeoutError, playwright_error()):
            response, text = await _answered(request), ""
        status = response.status if response is not None else 0
        return Write(request.method, request.url, request.post_data or "", status, _json(text))

    async def asks_first(self, limit_s: float) -> bool:
        """Whether another question covers the page than when it was remembered, before anything is sent."""
        is_asking = False

        async def is_decided() -> bool:
            nonlocal is_asking
            is_asking = await self.covers() > self._covers
            return is_asking or any(map(_is_write, self._requests))

        await self.until(is_decided, limit_s)
        return is_asking

    async def _first_write(self, limit_s: float) -> Request | None:
        found: list[Request] = []

        async def is_there() -> bool:
            found.extend(filter(_is_write, self._requests))
            return bool(found)

        await self.until(is_there, limit_s)
        return found[0] if found else None

    async def shows(self, text: str, limit_s: float = SHOWN_LIMIT_S) -> bool:
        async def is_shown() -> bool:
            try:
                return await self.ask("text => document.body.innerText.includes(text)", text)
            except playwright_error():
                return False

        return await self.until(is_shown, limit_s)

    async def loses(self, text: str) -> bool:
        async def is_gone() -> bool:
            return await self.row_of(text) is None

        return await self.until(is_gone, SHOWN_LIMIT_S)

    def _on_request(self, request: Request) -> None:
        if request.resource_type not in ("image", "font", "eventsource", "websocket"):
            self._requests.append(request)

    async def _on_dialog(self, dialog: Dialog) -> None:
        self._events += 1
        self.has_asked = True
        with suppress(playwright_error()):
            await dialog.accept("Sample")

    def _on_event(self, _: object) -> None:
        self._events += 1


async def within(holds: Callable[[], Any], limit_s: float) -> bool:
    """Look again and again: what a page shows sends no event."""
    deadline = time.monotonic() + limit_s
    while not await holds():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(LOOK_AGAIN_S)
    return True


async def _answered(request: Request) -> Any:
    try:
        async with asyncio.timeout(1):
            return await request.response()
    except (TimeoutError, playwright_error()):
        return None


def _is_write(request: Request) -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
