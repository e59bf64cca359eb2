"""A terminal under Logs: full-screen programs, colours, keys and sizes, under the page's strict policy."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from fixtures.api_twins import DIAGNOSIS_ONLY, running
from fixtures.console import FLAGS, Console
from fixtures.hostile_texts import TEXTS
from stackwright.runs.app_logs import AppLogs
from stackwright.sandbox.base import CommandResult
from stackwright.verify.checks.look import AXE

pytestmark = pytest.mark.integration

PID = 7
FULL_SCREEN = b"\x1b[?1049h\x1b[2J\x1b[5;11H\x1b[38;2;200;0;0mfull\x1b[0m \x1b[7mscreen\x1b[0m"


class ScriptedShell:
    """A sandbox whose shell says what the test wants, and keeps what it is told."""

    def __init__(self) -> None:
        self.pid = PID
        self.typed = b""
        self.sizes = list[str]()
        self.news = asyncio.Condition()
        self.has_ended = asyncio.Event()
        self.say: Any = None

    async def open_terminal(self, on_data: Any) -> Any:
        self.say = on_data
        await on_data(b"\x1b[32m$\x1b[0m ")
        return SimpleNamespace(pid=PID, wait=self.has_ended.wait, close=self.close)

    async def type_in(self, pid: int, typed: bytes) -> None:
        assert pid == PID
        self.typed += typed
        await self.tell()

    async def run(self, command: str, **_: object) -> CommandResult:
        self.sizes.append(command)
        await self.tell()
        return CommandResult(0, "", "")

    async def close(self) -> None:
        self.has_ended.set()

    async def tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    async def until(self, is_so: Any) -> None:
        async with asyncio.timeout(10), self.news:
            await self.news.wait_for(is_so)


class OneShell:
    """The sandboxes of a platform that has one."""

    def __init__(self, shell: ScriptedShell) -> None:
        self.shell = shell

    async def get(self, user_id: str, project_id: str) -> ScriptedShell:
        return self.shell

    async def find(self, user_id: str, project_id: str) -> None:
        return None

    def with_open_page(self, user_id: str, project_id: str) -> AbstractContextManager[None]:
        return nullcontext()


@pytest.fixture
def shell() -> ScriptedShell:
    return ScriptedShell()


@pytest.fixture
async def console(built_console: Path, shell: ScriptedShell) -> AsyncIterator[Console]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    sandboxes: Any = OneShell(shell)
    workbench = replace(DIAGNOSIS_ONLY, logs=AppLogs(sandboxes, ["backend"]))
    async with (
        async_playwright() as playwright,
        running(sandboxes=sandboxes, workbench=workbench) as api,
    ):
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        opened = Console(api, browser)
        yield opened
        await browser.close()
    assert opened.problems == []


async def test_full_screen_programs_are_drawn_typed_into_and_fitted(
    console: Console, shell: ScriptedShell
) -> None:
    console.api.twin.add_project("local", "shop", "Shop")
    page = await console.open("/projects/shop/logs", viewport={"width": 1440, "height": 900})
    await page.get_by_role("button", name="Terminal").click()
    rows = page.locator(".xterm-rows > div")
    await expect(rows.first).to_contain_text("$")
    await shell.until(lambda: shell.sizes)
    assert shell.sizes[0].startswith(f"stty -F /proc/{PID}/fd/0 rows ")

    await shell.say(FULL_SCREEN)
    await expect(rows.nth(4)).to_contain_text("full screen")
    assert (await rows.nth(4).inner_text()).index("full") == 10
    coloured = rows.nth(4).locator("span", has_text="full").last
    await expect(coloured).to_have_css("color", "rgb(200, 0, 0)")
    turned = rows.nth(4).locator("span", has_text="screen").last
    assert (
        await turned.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    )
    height = await rows.first.evaluate("row => row.offsetHeight")
    assert height >= 13, "rows of a terminal without styles lie over each other"

    await page.keyboard.type("ls")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Control+c")
    await shell.until(lambda: shell.typed == b"ls\x1b[A\x03")
    await page.evaluate(AXE.read_text())
    problems = await page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
        ".filter(one => ['serious', 'critical'].includes(one.impact)).map(one => one.id)"
    )
    assert problems == []

    await shell.say(b" kept")
    await page.set_viewport_size({"width": 390, "height": 844})
    await shell.until(lambda: int(shell.sizes[-1].split()[-1]) < 60)
    await expect(page.locator(".xterm-rows")).to_contain_text("kept")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not shell.has_ended.is_set()
    before = len(shell.sizes)
    await page.set_viewport_size({"width": 1000, "height": 900})
    await shell.until(lambda: len(shell.sizes) > before)
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Terminal")).to_be_focused()

    shell.has_ended.set()
    await page.get_by_role("button", name="Open a new one").click()
    await expect(rows.first).to_contain_text("$")


async def test_what_a_shell_writes_stays_text(console: Console, shell: ScriptedShell) -> None:
    console.api.twin.add_project("local", "shop", "Shop")
    page = await console.open("/projects/shop/logs")
    await page.get_by_role("button", name="Terminal").click()
    rows = page.locator(".xterm-rows")
    await expect(rows).to_contain_text("$")
    await shell.say(b"\r\n".join(f"{text}".encode() for text in TEXTS[:60]))
    await shell.say(
        b"\x1b]8;;javascript:window.__hit=1\x07press\x1b]8;;\x07 \x1b]0;title\x07 the end"
    )
    await expect(rows).to_contain_text("the end")
    await page.get_by_text("press").last.click(force=True)
    assert await page.evaluate("window.__hit") is None
    assert (
        await page.get_by_label("Terminal", exact=True).locator(":is(iframe, script, img)").count()
        == 0
    )
