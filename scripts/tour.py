"""Makes the pictures of docs/tour.md: the console in Chromium, over runs whose events are scripted.

Run it with the development packages: `.venv/bin/python scripts/tour.py`.
"""

import asyncio
import re
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from playwright.async_api import Page, async_playwright, expect  # noqa: E402

from fixtures import console as fixture  # noqa: E402
from fixtures.api_twins import running  # noqa: E402
from fixtures.console import FLAGS, Console, application  # noqa: E402
from fixtures.console_story import SHA, begins, ends, reads_wishes, writes  # noqa: E402
from stackwright.core.events import (  # noqa: E402
    AgentThinking,
    FileChanged,
    FormField,
    PlanStep,
    PlanUpdated,
    PreviewError,
    PreviewReady,
    ServiceLog,
    ToolComplete,
    ToolStart,
    UserInputRequired,
)
from stackwright.sandbox.base import PortAddress  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
WISH = "A library with books, authors and loans with due dates"
APP = """<!doctype html><html><head><title>Library</title><style>body{font:16px system-ui;margin:0;color:#1c1b19}
header{background:#3f4bc4;color:#fff;padding:14px 28px;font-weight:600}main{padding:28px}table{width:100%;border-collapse:collapse}
td,th{text-align:left;padding:10px;border-bottom:1px solid #e2dfd8}button{background:#3f4bc4;color:#fff;border:0;border-radius:8px;padding:9px 16px}</style></head>
<body><header>Library</header><main><h1>Books</h1><p><button>Add a book</button></p><table><tr><th>Title</th><th>Author</th><th>Due</th></tr>
<tr><td>Dune</td><td>Frank Herbert</td><td>12 May</td></tr><tr><td>Emma</td><td>Jane Austen</td><td>20 May</td></tr></table></main></body></html>"""
EDIT = {
    "path": "backend/models.py",
    "old_text": "class Loan:\n    book: Book\n    reader: str",
    "new_text": "class Loan:\n    book: Book\n    reader: str\n    due: date",
}


async def keep(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready")
    await page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


async def story(console: Console) -> None:  # noqa: PLR0915 (one way through the console)
    twin, accept = console.api.twin, console.api.services.runs.accept
    page = await console.open("/", viewport={"width": 1280, "height": 800})
    await page.get_by_role("heading", name="Judge it").wait_for()
    await keep(page, "tour-home")
    run = (await accept(user_id="local", project_id="library", message=WISH)).run_id
    steps = tuple(PlanStep(title=t) for t in ("Lay out the records", "Write the pages", "Try it"))
    await twin.emit(run, *begins("library"), reads_wishes(run), PlanUpdated(steps=steps))
    await twin.emit(run, *writes("frontend/app/books/page.tsx"))
    await twin.emit(
        run,
        ToolStart(tool_name="edit_file", tool_id="e", tool_args=EDIT),
        FileChanged(path=EDIT["path"], change="modified", added=1, removed=0),
        ToolComplete(tool_name="edit_file", tool_id="e", output_preview="Done.", duration_ms=40),
    )
    await page.goto(f"{console.api.url}/projects/library")
    await page.get_by_role("region", name="Wishes").wait_for()
    await page.get_by_label("Messages").evaluate("box => box.scrollTop = 0")
    await keep(page, "tour-wishes-card")
    await page.locator("summary", has_text="backend/models.py").click()
    await page.get_by_role("figure").wait_for()
    await page.get_by_role("figure").scroll_into_view_if_needed()
    await keep(page, "tour-step")
    address = f"http://{console.api.preview('library')}"
    said = "Books, authors and loans are there."
    await twin.emit(run, AgentThinking(token=said))
    await twin.emit(run, PreviewReady(url=address, port=3000), *ends(twin, "library", run))
    frame = page.frame_locator("iframe")
    await frame.get_by_role("heading", name="Books").wait_for()
    await page.get_by_label("Result").wait_for()
    await keep(page, "tour-verified")
    twin.pictures[SHA] = await page.locator("iframe").screenshot()
    await page.get_by_role("button", name=re.compile("What the page tells")).click()
    await frame.locator("h1").evaluate("() => { console.warn('12 May is soon'); }")
    await page.get_by_text("12 May is soon").wait_for()
    await page.get_by_role("button", name="Point at something").click()
    await frame.get_by_role("button", name="Add a book").click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value(re.compile("Add a book"))
    await page.get_by_text("element.png").wait_for()
    await keep(page, "tour-point")
    await page.get_by_role("tab", name="Wishes").click()
    await page.get_by_role("button", name="Step 1: /books").wait_for()
    await keep(page, "tour-wishes")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Find a project").wait_for()
    await keep(page, "tour-find")
    await page.keyboard.press("Escape")
    asked = (await accept(user_id="local", project_id="shop", message="A small shop")).run_id
    fields = (
        FormField(name="pay", label="How do people pay?", kind="choice", choices=("Cash", "Card")),
        FormField(name="name", label="What is the shop called?"),
    )
    question = UserInputRequired(question="Two things only you can say.", fields=fields)
    await twin.emit(asked, *begins("shop"), question)
    await page.goto(f"{console.api.url}/projects/shop")
    await page.get_by_role("form", name="Question").wait_for()
    await keep(page, "tour-question")
    broken = (await accept(user_id="local", project_id="board", message="Tasks on a board")).run_id
    failing = PreviewError(message="TypeError: tasks is undefined", source="frontend")
    await twin.emit(broken, *begins("board"), ServiceLog(service="frontend", text="GET / 500"))
    await twin.emit(broken, PreviewReady(url=f"http://{console.api.preview('board')}", port=3000))
    await twin.emit(broken, *ends(twin, "board", broken, ok=False)[:-1], failing)
    await twin.emit(broken, ends(twin, "board", broken, ok=False)[-1])
    await page.emulate_media(color_scheme="dark")
    await page.goto(f"{console.api.url}/projects/board")
    await page.get_by_role("button", name="Fix it").wait_for()
    await keep(page, "tour-broken")
    await page.emulate_media(color_scheme="light")
    await page.goto(console.api.url)
    await page.get_by_role("heading", name="Your projects").wait_for()
    await keep(page, "tour-projects")


async def main() -> None:
    fixture.APP = APP
    executable: Any = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright, application() as app, running() as api:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        api.twin.address_of_all = PortAddress(app, {"E2b-Sandbox-Id": "mine"})
        await story(Console(api, browser))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
