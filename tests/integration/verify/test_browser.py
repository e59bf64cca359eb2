"""The browser in the sandbox: what it notices, what it cannot reach, and that it comes back."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from fixtures.waiting import until
from stackwright.sandbox import control
from stackwright.sandbox.base import Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.verify.browser import Browser, BrowserFailed, Browsers
from stackwright.verify.playwright import new_driver
from stackwright.verify.use.screen import Screen
from stackwright.verify.visit import Visit

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

ALIVE = "<script>document.body.children[0]['__reactFiber$x'] = 1</script>"
PAGES = {
    "good": f"<h1>Hello</h1>{ALIVE}",
    "blank": f"<div></div>{ALIVE}",
    "dead": "<h1>Hello</h1>",
    "console": f"<h1>Hello</h1>{ALIVE}<script>console.error('told', {{a: 1}})</script>",
    "warning": f"<h1>Hello</h1>{ALIVE}<script>console.warn('only a warning')</script>",
    "throws": f"<h1>Hello</h1>{ALIVE}<script>setTimeout(() => {{ throw new Error('thrown') }})</script>",
    "missing": f"<h1>Hello</h1>{ALIVE}<img src='/nope.png'>",
    "aborted": (
        f"<h1>Hello</h1>{ALIVE}<script>const c = new AbortController();"
        "fetch('/good.html', {signal: c.signal}).catch(() => {}); c.abort()</script>"
    ),
}
ASKING = "<button onclick=\"document.title = confirm('Sure?') ? 'yes' : 'no'\">Ask</button>"
NEVER_REST = {
    "logs": f"<h1>Hello</h1>{ALIVE}<script>for (let i = 0; i < 5e3; i++) console.log(i)</script>",
    "throws_on": (
        f"<h1>Hello</h1>{ALIVE}<script>for (let i = 0; i < 1e3; i++) reportError(Error(i))</script>"
    ),
    "asks": f"<h1>Hello</h1>{ALIVE}<script>setInterval(() => alert('x'), 20)</script>",
    "stays": (
        f"<h1>Hello</h1>{ALIVE}<script>onbeforeunload = event => event.preventDefault()</script>"
    ),
}
Open = Callable[[str], Awaitable[Visit]]


@pytest.fixture
async def sandbox(endpoint: Endpoint, http: SandboxHttp) -> AsyncIterator[Sandbox]:
    made = await control.create("base", {"test": "browser"}, endpoint, http, 300)
    pages = {
        f"/home/user/web/{name}.html": text.encode()
        for name, text in {**PAGES, **NEVER_REST}.items()
    }
    await made.write(pages)
    await made.start("python3 -m http.server 3000", cwd="/home/user/web")
    yield made
    await control.kill(made.id, endpoint)


@pytest.fixture
async def browsers() -> AsyncIterator[Browsers]:
    shared = Browsers()
    yield shared
    await shared.aclose()


@pytest.fixture
async def browser(sandbox: Sandbox, browsers: Browsers) -> AsyncIterator[Browser]:
    mine = Browser(sandbox, browsers)
    yield mine
    await mine.aclose()


def address(name: str) -> str:
    return f"http://localhost:3000/{name}.html"


async def test_each_page_is_told_for_what_it_is(browser: Browser) -> None:
    seen = {name: (await browser.visit(address(name))).problems for name in PAGES}
    assert seen["good"] == seen["warning"] == seen["aborted"] == ()
    assert seen["blank"] == ("the page is blank",)
    assert seen["dead"] == ("the page does not become interactive (React did not take it over)",)
    assert seen["console"][0].startswith("console error: told")
    assert "uncaught error: Error: thrown" in seen["throws"][0]
    assert seen["missing"] == ("request failed: GET http://localhost:3000/nope.png (HTTP 404)",)
    not_there = await browser.visit(address("nowhere"))
    assert "the page answers HTTP 404" in not_there.problems


async def test_a_page_that_never_rests_is_ended_and_befalls_no_other(browser: Browser) -> None:
    told: dict[str, str] = {}
    for name in NEVER_REST:
        told[name] = "\n".join((await browser.visit(address(name))).problems)
        assert (await browser.visit(address("good"))).problems == (), name
    assert "the page writes to the console without end" in told["logs"]
    assert "the page throws errors without end" in told["throws_on"]


async def test_a_page_that_cannot_be_used_any_more_is_named(browser: Browser) -> None:
    async with browser.page() as page:
        screen = Screen(page, "http://localhost:3000")
        assert await screen.open("/good.html")
        with pytest.raises(BrowserFailed, match=r"/good\.html: the page does not answer within"):
            await screen.ask("() => { while (true) {} }", limit_s=0.3)
    async with browser.page() as page:
        screen = Screen(page, "http://localhost:3000")
        with pytest.raises(BrowserFailed, match=r"/logs\.html: the page writes to the console"):
            await screen.open("/logs.html")


async def test_pages_side_by_side_and_one_after_another_all_get_a_picture(
    browser: Browser,
) -> None:
    for count in (3, 1, 3, 1):
        seen = await asyncio.gather(*(browser.visit(address("good")) for _ in range(count)))
        assert all(visit.png and not visit.problems for visit in seen)


async def test_a_page_cannot_reach_the_host(browser: Browser, sandbox: Sandbox) -> None:
    asked: list[str] = []

    async def note(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="secret", headers={"access-control-allow-origin": "*"})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", note)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    port = runner.addresses[0][1]
    probes = "".join(
        f"fetch('http://{host}:{port}/stolen').catch(() => {{}});"
        for host in ("127.0.0.1", "localhost", "10.0.2.2", "[::1]")
    )
    page = f"<h1>Hello</h1>{ALIVE}<script>{probes}</script>"
    await sandbox.write({"/home/user/web/thief.html": page.encode()})
    seen = await browser.visit(address("thief"))
    await runner.cleanup()
    assert any("stolen" in problem for problem in seen.problems)
    assert asked == []


async def test_two_who_use_one_chromium_answer_their_own_questions(
    browser: Browser, sandbox: Sandbox
) -> None:
    """Witnesses connect to the Chromium that the other checks use, and run beside them."""
    async with new_driver() as driver, browser.page() as page:
        endpoint = sandbox.address(await browser.debugging_port())
        other = await driver.chromium.connect_over_cdp(endpoint.url, headers=dict(endpoint.headers))
        for context in other.contexts:
            context.on("dialog", lambda _: None)
        theirs = await (await other.new_context()).new_page()
        for one in (page, theirs):
            one.on("dialog", lambda dialog: dialog.accept())
            await one.set_content(ASKING)
            for _ in range(3):
                await one.click("button")
                assert await one.title() == "yes"
        await other.close()


async def test_a_browser_that_was_killed_is_started_again(
    browser: Browser, sandbox: Sandbox
) -> None:
    assert not (await browser.visit(address("good"))).problems
    await sandbox.run("pkill -KILL -f remote-debugging-port", cwd="/")
    assert not (await browser.visit(address("good"))).problems


async def test_a_driver_that_was_killed_is_started_again(
    browser: Browser, browsers: Browsers, sandbox: Sandbox
) -> None:
    await browser.warm_up()
    for pid in driver_processes():
        os.kill(pid, signal.SIGKILL)
    second = Browser(sandbox, browsers)
    assert not (await second.visit(address("good"))).problems
    assert not (await browser.visit(address("good"))).problems
    await second.aclose()


async def test_a_closed_browser_leaves_no_process(browser: Browser, sandbox: Sandbox) -> None:
    await browser.visit(address("good"))
    await browser.aclose()

    async def is_gone() -> bool:
        return not (await sandbox.run("pgrep -f remote-debugging-por[t]", cwd="/")).stdout

    await until(is_gone)


async def test_without_a_browser_the_reason_is_said(
    sandbox: Sandbox, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a sandbox without Chromium cannot be had where the host has one
    monkeypatch.setattr("stackwright.verify.browser._LAUNCH_COMMAND", "exit 44")
    with pytest.raises(BrowserFailed, match="no Chromium in the sandbox"):
        await Browser(sandbox, browsers).warm_up()


def driver_processes() -> list[int]:
    """Children of this process that are Playwright's driver."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == os.getpid() and b"run-driver" in command:
            found.append(int(path.parent.name))
    assert found
    return found
