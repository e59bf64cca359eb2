"""A Chromium inside the app's sandbox, driven from outside over its debugging port.

The pages are untrusted, so the browser that runs them can reach what the sandbox can reach and
nothing else: neither this host nor its network. See docs/decisions/browser-in-the-sandbox.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from stackwright.core.errors import PlatformError
from stackwright.sandbox.base import Sandbox
from stackwright.verify.playwright import new_driver, playwright_error
from stackwright.verify.visit import (
    HEIGHT,
    LOAD_TIMEOUT_MS,
    WIDTH,
    PageHangs,
    Visit,
    asked,
    visit,
)

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Dialog, Page, Playwright

STATE_DIR = "/tmp/.stackwright-browser"  # noqa: S108 (inside the sandbox, its own /tmp)
EXECUTABLES = (
    *("/usr/lib/chromium/chromium", "/usr/lib64/chromium-browser/chromium-browser"),
    *("/opt/tools/chromium/chrome", "/opt/google/chrome/chrome", "/usr/bin/chromium-browser"),
)
"""Real binaries first: wrappers read configuration of the host that a sandbox does not have."""

NO_BROWSER = 44
CONNECT_TIMEOUT_MS = 10_000
DRIVER_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 5.0
_WITHOUT = (
    *("Translate", "MediaRouter", "OptimizationHints", "PaintHolding"),
    "AutofillServerCommunication",
    # each browser context has a window, and each window loads these pages for an address bar that nobody
    # sees: 40 % of the processor's time that opening a page takes
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("PreloadTopChromeWebUI", "InitialWebUI", "WebUIReloadButton"),
)
"""Features of Chromium that no check needs."""
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    # several pages at once, none of them put to sleep
    *("--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding"),
    *("--disable-background-timer-throttling", "--disable-back-forward-cache"),
    *("--disable-ipc-flooding-protection", "--disable-hang-monitor", "--enable-automation"),
    # nothing of its own over the network, no dialogs, the same picture everywhere
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
    *("--disable-field-trial-config", "--disable-breakpad", "--disable-sync", "--mute-audio"),
    *("--disable-default-apps", "--password-store=basic"),
    *("--metrics-recording-only", "--hide-scrollbars", "--force-color-profile=srgb"),
    f"--disable-features={','.join(_WITHOUT)}",
    *("--remote-debugging-port=0", f"--user-data-dir={STATE_DIR}/profile", "about:blank"),
)
_FONTS = (
    '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir>'
    f"<dir>/usr/local/share/fonts</dir><cachedir>{STATE_DIR}/fonts</cachedir></fontconfig>"
)
_LAUNCH = """
cd {dir} 2>/dev/null || {{ mkdir -p {dir} && cd {dir}; }} || exit 1
port() {{
  [ -s profile/DevToolsActivePort ] &&
    (: <"/dev/tcp/127.0.0.1/$(head -n 1 profile/DevToolsActivePort)") 2>/dev/null &&
    cat profile/DevToolsActivePort
}}
port && exit 0
rm -rf profile
for program in {executables}; do [ -x "$program" ] && break; program=; done
: "${{program:=$(command -v chromium chromium-browser google-chrome | head -n 1)}}"
[ -n "$program" ] || exit {no_browser}
printf %s '{fonts}' >fonts.conf
HOME={dir} FONTCONFIG_FILE={dir}/fonts.conf setsid "$program" {flags} >log 2>&1 </dev/null &
echo $! >pid
for _ in $(seq 500); do port && exit 0; kill -0 $! 2>/dev/null || break; sleep 0.02; done
tail -c 2000 log >&2; exit 1
"""
_LAUNCH_COMMAND = _LAUNCH.format(
    dir=STATE_DIR,
    executables=" ".join(EXECUTABLES),
    no_browser=NO_BROWSER,
    fonts=_FONTS,
    flags=" ".join(_FLAGS),
)
_CLOSE = 'pid=$(cat {dir}/pid 2>/dev/null) && kill -KILL -- "-$pid"; rm -rf {dir}; true'

log = logging.getLogger(__name__)


class BrowserFailed(Exception):
    """The browser cannot be used; the text says why."""


class Browsers:
    """The driver that all browsers of the process share; started by the first one."""

    def __init__(self) -> None:
        self._driver: Playwright | None = None
        self._starting = asyncio.Lock()

    async def driver(self) -> Playwright:
        async with self._starting:
            if self._driver is None or not await _answers(self._driver):
                self._driver = await (await asyncio.to_thread(new_driver)).start()
            return self._driver

    async def aclose(self) -> None:
        async with self._starting:
            if self._driver is not None:
                await self._driver.stop()
                self._driver = None


def _leave(_: Dialog) -> None:
    """Pages of witnesses, which use the same Chromium, appear in its own context. Without a listener their
    questions would be answered with no, before they can answer themselves."""


async def _quietly(closing: Awaitable[None]) -> None:
    """Close something that may be gone already."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await closing
    except (playwright_error(), TimeoutError):
        log.info("browser_part_not_closed")


async def _answers(driver: Playwright) -> bool:
    """Whether the driver's process still serves."""
    try:
        async with asyncio.timeout(DRIVER_TIMEOUT_S):
            await (await driver.request.new_context()).dispose()
    except (playwright_error(), TimeoutError):
        log.warning("browser_driver_died")
        return False
    return True


class Browser:
    """The browser of one sandbox: started by the first visit, kept warm until `aclose`."""

    def __init__(self, sandbox: Sandbox, browsers: Browsers) -> None:
        self._sandbox = sandbox
        self._browsers = browsers
        self._chromium: Chromium | None = None
        self._idle_pages: list[Page] = []
        self._state: Mapping[str, Any] | None = None
        self._starting = asyncio.Lock()
        self._port = 0

    async def debugging_port(self) -> int:
        """Of the running Chromium, inside the sandbox. Raises BrowserFailed."""
        try:
            await self._connected()
        except playwright_error() as error:
            raise BrowserFailed(f"The browser failed: {error.message[:1000]}") from error
        return self._port

    async def warm_up(self) -> None:
        """Start it now, so that the first visit is fast. Raises BrowserFailed."""
        try:
            page = await self._take_page()
            self._idle_pages.append(page)
        except playwright_error() as error:
            raise BrowserFailed(f"The browser failed: {error.message[:1000]}") from error

    async def become(self, state: Mapping[str, Any] | None) -> None:
        """Open all windows from now on as the person whose cookies and storage these are."""
        idle, self._idle_pages = self._idle_pages, []
        self._state = state
        for page in idle:
            await _quietly(page.context.close())

    async def visit(self, url: str) -> Visit:
        """Load one page of the app and look at it, once more if the browser fails meanwhile, or if a page
        that was used before may be the reason.

        Raises BrowserFailed."""
        try:
            seen = await self._visit(url)
            return seen or cast(Visit, await self._visit(url, is_new=True))
        except playwright_error() as error:
            log.info("browser_visit_repeated", extra={"why": error.message[:300]})
            await self._disconnect()
        try:
            return cast(Visit, await self._visit(url, is_new=True))
        except playwright_error() as error:
            raise BrowserFailed(f"The browser failed at {url}: {error.message[:1000]}") from error

    async def evaluate(self, url: str, script: str) -> Any:
        """What a script says on a page that has loaded. Raises BrowserFailed."""
        try:
            page = await self._take_page()
            try:
                await page.goto(url, wait_until="load", timeout=LOAD_TIMEOUT_MS)
                return await asked(page, script)
            finally:
                await _quietly(page.context.close())
        except playwright_error() as error:
            await self._disconnect()
            raise BrowserFailed(f"{url} cannot be looked at: {error.message[:1000]}") from error
        except PageHangs as hanging:
            raise BrowserFailed(f"{url}: {hanging}.") from hanging

    @asynccontextmanager
    async def page(self, **options: Any) -> AsyncGenerator[Page]:
        """A new page in a window of its own, for a check that does more than look; `options` as of
        Playwright's `new_context`. Raises BrowserFailed; what Playwright raises inside the block is
        the block's own affair."""
        try:
            usual = {"reduced_motion": "reduce", "accept_downloads": False}
            options = {**usual, "storage_state": self._state, **options}
            context = await (await self._connected()).new_context(**options)
            page = await context.new_page()
        except playwright_error() as error:
            raise BrowserFailed(f"The browser failed: {error.message[:1000]}") from error
        try:
            yield page
        finally:
            await _quietly(context.close())

    async def _visit(self, url: str, *, is_new: bool = False) -> Visit | None:
        """None: nothing was seen in a page that was used before; it is gone."""
        await self._connected()
        used = self._idle_pages.pop() if self._idle_pages and not is_new else None
        page = used or await self._new_page()
        try:
            seen = await visit(page, url)
        except BaseException:
            await _quietly(page.context.close())
            raise
        if seen.png is None or seen.problems or not seen.is_calm:
            await _quietly(page.context.close())  # what it does might befall the next visit
        else:
            self._idle_pages.append(page)
        return None if seen.png is None and used is not None else seen

    async def _take_page(self) -> Page:
        """A page that was used before is three times as fast: its process is warm."""
        await self._connected()
        return self._idle_pages.pop() if self._idle_pages else await self._new_page()

    async def _new_page(self) -> Page:
        """Each has a context, that is a window, of its own: a page behind another is never painted."""
        context = await (await self._connected()).new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            reduced_motion="reduce",
            storage_state=cast(Any, self._state),
            accept_downloads=False,
        )
        return await context.new_page()

    async def aclose(self) -> None:
        """End the Chromium of this sandbox. A sandbox that died took it along."""
        if self._chromium is None:
            return
        self._chromium = None
        try:
            await self._sandbox.run(_CLOSE.format(dir=STATE_DIR), cwd="/", timeout_s=5)
        except PlatformError as error:
            log.info("browser_not_closed", extra={"error": str(error)})

    async def _disconnect(self) -> None:
        """Let the next visit begin with a new connection, or a new Chromium if this one died."""
        chromium, self._chromium = self._chromium, None
        self._idle_pages.clear()
        if chromium is not None:
            await _quietly(chromium.close())

    async def _connected(self) -> Chromium:
        async with self._starting:
            if self._chromium is None or not self._chromium.is_connected():
                self._idle_pages.clear()
                self._chromium = await self._connect()
            return self._chromium

    async def _connect(self) -> Chromium:
        driver, launched = await asyncio.gather(
            self._browsers.driver(),
            self._sandbox.run(_LAUNCH_COMMAND, cwd="/", timeout_s=20, max_output_bytes=10_000),
        )
        if launched.exit_code == NO_BROWSER:
            raise BrowserFailed(
                "There is no Chromium in the sandbox; install Chromium on the host."
            )
        if launched.exit_code != 0:
            raise BrowserFailed(f"Chromium did not start in the sandbox: {launched.stderr[-1500:]}")
        port, path = launched.stdout.split()[:2]
        self._port = int(port)
        address = self._sandbox.address(self._port)
        try:
            browser = await driver.chromium.connect_over_cdp(
                "ws" + address.url.removeprefix("http") + path,
                headers=dict(address.headers),
                timeout=CONNECT_TIMEOUT_MS,
            )
        except playwright_error() as error:
            raise BrowserFailed(f"Chromium cannot be reached: {error.message[:1000]}") from error
        for context in browser.contexts:
            context.on("dialog", _leave)
        return browser
