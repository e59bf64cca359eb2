"""One visit to one page: what a person's browser would complain about, and a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from stackwright.verify.flood import FloodGuard, dismissed
from stackwright.verify.playwright import playwright_error

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Page, Request, Response
    from playwright.async_api import Error as PlaywrightError

WIDTH, HEIGHT = 1280, 800
LOAD_TIMEOUT_MS = 30_000
HYDRATION_TIMEOUT_MS = 10_000
BROKEN_TIMEOUT_MS = 2_000
SETTLE_LIMIT_S = 10.0
PICTURE_TIMEOUT_MS = 10_000
ASK_LIMIT_S = 10.0
QUIET_S = 0.1
"""A page is settled when nothing was requested for so long."""
MAX_PROBLEMS = 12
MAX_KEPT_PROBLEMS = 200
"""A page may complain without end."""

_ENDED = ("has been closed", "Connection closed")
_IS_HYDRATED = """() => [...document.querySelectorAll('body *')].some(
  element => Object.keys(element).some(key => key.startsWith('__reactFiber$')))"""
_LOOK = """() => {
  const overlay = document.querySelector('nextjs-portal')?.shadowRoot
    ?.querySelector('[data-nextjs-dialog], [data-nextjs-dialog-overlay]');
  const shown = document.body.innerText.trim();
  const drawn = document.querySelector('img, svg, canvas, video, input, button') !== null;
  return {overlay: overlay ? overlay.innerText.slice(0, 1500) : '', isBlank: !shown && !drawn};
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """`problems` is empty for a page that loaded, came alive, showed something and settled."""

    problems: tuple[str, ...]
    png: bytes | None
    width: int = WIDTH
    height: int = HEIGHT
    is_calm: bool = True
    """Whether the page may be used for the next visit."""


async def visit(page: Page, url: str) -> Visit:
    """Load `url` in the page and look at it. Raises PlaywrightError when the browser died."""
    watch = PageWatch(page)
    flood = FloodGuard(page, watch.detach)
    page.on("dialog", dismissed)
    picture = None
    try:
        if await _load(page, url, watch):
            picture = await _looked_at(page, watch)
    except PageHangs as hanging:
        watch.add(str(hanging))
    except playwright_error() as error:
        if not flood.reason:
            _raise_if_ended(error)
            watch.add(f"the page cannot be looked at: {error.message.splitlines()[0]}")
    finally:
        page.remove_listener("dialog", dismissed)
        flood.detach()
        watch.detach()
    if flood.reason:
        return Visit((flood.reason, *watch.problems()), None)
    return Visit(watch.problems(), picture, is_calm=flood.is_calm)


async def _looked_at(page: Page, watch: PageWatch) -> bytes:
    await watch.settle()
    seen: dict[str, Any] = await asked(page, _LOOK)
    if seen["overlay"]:
        watch.add(f"Next.js shows an error: {seen['overlay']}")
    elif seen["isBlank"]:
        watch.add("the page is blank")
    return await page.screenshot(animations="disabled", caret="hide", timeout=PICTURE_TIMEOUT_MS)


class PageHangs(Exception):
    """A script of the page never ends, so that it answers nothing."""


async def asked(page: Page, script: str, argument: Any = None, limit_s: float = ASK_LIMIT_S) -> Any:
    """What a script says on the page. Raises PageHangs, PlaywrightError."""
    try:
        async with asyncio.timeout(limit_s):
            return await page.evaluate(script, argument)
    except TimeoutError:
        raise PageHangs(
            f"the page does not answer within {limit_s:.0f} s: one of its scripts never ends"
        ) from None


async def _load(page: Page, url: str, watch: PageWatch) -> bool:
    """Whether there is something to look at. What a broken page shows is worth a short wait."""
    try:
        response = await page.goto(url, wait_until="load", timeout=LOAD_TIMEOUT_MS)
    except playwright_error() as error:
        _raise_if_ended(error)
        watch.add(f"the page does not load: {error.message.splitlines()[0]}")
        return False
    if response is not None and response.status >= 400:
        watch.add(f"the page answers HTTP {response.status}")
        await comes_alive(page, BROKEN_TIMEOUT_MS)
    elif not await comes_alive(page, HYDRATION_TIMEOUT_MS):
        watch.add("the page does not become interactive (React did not take it over)")
    return True


async def comes_alive(page: Page, timeout_ms: int) -> bool:
    try:
        await page.wait_for_function(_IS_HYDRATED, timeout=timeout_ms)
    except playwright_error() as error:
        _raise_if_ended(error)
        return False
    return True


def _raise_if_ended(error: PlaywrightError) -> None:
    """Tell a browser that died from a page that is broken."""
    if any(sign in error.message for sign in _ENDED):
        raise error


class PageWatch:
    """Collects what goes wrong on a page until it is detached."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._problems: dict[str, None] = {}
        self._waiting: set[Request] = set()
        self._busy, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._listeners: dict[str, Callable[[Any], None]] = {
            "console": self._on_console,
            "pageerror": self._on_page_error,
            "request": self._on_request,
            "requestfinished": self._on_end,
            "requestfailed": self._on_failure,
            "response": self._on_response,
        }
        for event, listener in self._listeners.items():
            page.on(cast(Any, event), listener)

    def detach(self) -> None:
        for event, listener in self._listeners.items():
            self._page.remove_listener(event, listener)

    def add(self, problem: str) -> None:
        if len(self._problems) < MAX_KEPT_PROBLEMS:
            self._problems[problem] = None

    def problems(self) -> tuple[str, ...]:
        found = list(self._problems)
        rest = len(found) - MAX_PROBLEMS
        return (*found[:MAX_PROBLEMS], *([f"… and {rest} more"] if rest > 0 else []))

    def forget(self) -> None:
        self._problems.clear()

    async def settle(self, limit_s: float = SETTLE_LIMIT_S) -> None:
        """Wait until nothing was requested for a moment."""
        try:
            async with asyncio.timeout(limit_s):
                while await self._is_busy_again():
                    pass
        except TimeoutError:
            waiting = ", ".join(sorted(request.url for request in self._waiting)[:3])
            self.add(f"still loading after {limit_s:.0f} s: {waiting}")

    @property
    def is_loading(self) -> bool:
        """Whether a request waits for its answer."""
        return bool(self._waiting)

    async def _is_busy_again(self) -> bool:
        await self._idle.wait()
        try:
            async with asyncio.timeout(QUIET_S):
                await self._busy.wait()
        except TimeoutError:
            return False
        return True

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or message.text.startswith("Failed to load resource"):
            return  # a failed request is told with its address and status instead
        place = message.location
        where = f" ({place['url']}:{place['lineNumber'] + 1})" if place.get("url") else ""
        self.add(f"console error: {message.text[:1000]}{where}")

    def _on_page_error(self, error: PlaywrightError) -> None:
        stack = (error.stack or error.message)[:1000]
        self.add(f"uncaught error: {stack}")

    def _on_request(self, request: Request) -> None:
        if request.resource_type in ("eventsource", "websocket"):
            return
        self._waiting.add(request)
        self._idle.clear()
        self._busy.set()

    def _on_end(self, request: Request) -> None:
        self._waiting.discard(request)
        if not self._waiting:
            self._busy.clear()
            self._idle.set()

    def _on_failure(self, request: Request) -> None:
        self._on_end(request)
        reason = request.failure or "failed"
        if "ERR_ABORTED" not in reason and not is_browsers_own(request.url):
            self.add(f"request failed: {request.method} {request.url} ({reason})")

    def _on_response(self, response: Response) -> None:
        request = response.request
        is_page = request.is_navigation_request() and request.frame.parent_frame is None
        if response.status >= 400 and not is_page and not is_browsers_own(request.url):
            self.add(f"request failed: {request.method} {request.url} (HTTP {response.status})")


def is_browsers_own(url: str) -> bool:
    """Asked by browsers on their own; no person notices that it is missing."""
    return url.endswith("/favicon.ico")
