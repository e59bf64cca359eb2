"""What a person does while work is under way, with its words and links, and with wishes and settings."""

import base64
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, Route, expect

from fixtures.api_twins import PNG
from fixtures.console import Console
from fixtures.console_looks import faults_of_look
from fixtures.console_story import LISTED, SHA, begins, ends, reads_wishes, writes
from stackwright.core.events import (
    AgentThinking,
    CheckSummary,
    ToolArgsDelta,
    VerificationReport,
    WishProof,
)
from stackwright.core.ids import ProjectId
from stackwright.db.restore_points import RestorePointRecord

pytestmark = pytest.mark.integration

CHANGES = re.compile(r"/api/.*/changes(\?.*)?$")
NOTED = """() => {
  window.told = [];
  window.Notification = class { static permission = 'granted'; constructor(title, { body }) { window.told.push([title, body]); } close() {} };
  Object.defineProperty(document, 'hidden', { get: () => window.isAway ?? false });
}"""


def answering(body: str, *, status: int = 200) -> Callable[[Route], Awaitable[None]]:
    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=body)

    return answer


def version(number: int, *, changed: int | None = None) -> RestorePointRecord:
    return RestorePointRecord(
        project_id=ProjectId("books"),
        version=number,
        run_id=None,
        restored_from=None,
        title=f"Message {number}",
        status="verified",
        created_at=datetime.now(UTC),
        changed_files=changed,
    )


async def test_work_is_steered_its_queue_is_worded_anew_and_its_end_is_told_to_who_is_away(
    console: Console,
) -> None:
    twin, accept = console.api.twin, console.api.services.runs.accept
    twin.pictures[SHA] = PNG
    run = (await accept(user_id="local", project_id="books", message="A library")).run_id
    await twin.emit(run, *begins("books"), *writes("a.py"))
    page = await console.open()
    await page.context.add_init_script(f"({NOTED})()")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{console.api.url}/projects/books/wishes")
    box = page.get_by_label("Message", exact=True)
    await box.fill("then loans")
    await page.get_by_role("button", name="After this").click()
    _, later = await console.new_run(2)
    waiting = page.get_by_role("region", name="Waiting messages")
    await waiting.get_by_role("button", name="Change").click()
    await page.get_by_label("Waiting message", exact=True).fill("then loans with due dates")
    await page.keyboard.press("Enter")
    await expect(waiting.get_by_role("listitem")).to_have_text(["then loans with due dates"])
    assert twin.runs[later].input == "then loans with due dates"
    async with page.expect_request("**/chat") as sent:
        await box.fill("in blue")
        await page.get_by_role("button", name="Tell it now").click()
    said = (await sent.value).post_data_json
    assert said is not None
    assert said["on_busy"] == "steer"

    await box.fill("half a sentence")
    await page.set_viewport_size({"width": 500, "height": 800})
    await page.get_by_role("tab", name="Chat").click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("half a sentence")
    await page.get_by_role("tab", name="Wishes").click()
    await page.set_viewport_size({"width": 1280, "height": 800})
    await expect(page.get_by_label("Message", exact=True)).to_have_value("half a sentence")

    for left in (1, 0):
        await waiting.get_by_role("button", name="Take back").last.click()
        await expect(waiting.get_by_role("listitem")).to_have_count(left)
    await page.evaluate("window.isAway = true")
    await twin.emit(run, AgentThinking(token="Books are **there**."), *ends(twin, "books", run))
    await expect(page).to_have_title(re.compile("^✓ "))
    told = await page.evaluate("window.told")
    assert told == [["A library", "Verified: 1 of 1 wish seen working."]]
    await page.get_by_role("button", name="Copy the answer").first.click()
    await expect(page.get_by_role("button", name="Copied").first).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "Books are **there**."
    await page.get_by_role("button", name="Copy a link to this message").first.click()
    await expect(page.get_by_role("button", name="Copied").first).to_be_visible()
    link = await page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/projects/books/wishes#turn-{run}")
    other = await page.context.new_page()
    await other.set_viewport_size({"width": 1280, "height": 300})
    await other.goto(link)
    await expect(other.locator(f"#turn-{run}")).to_be_in_viewport()


async def test_a_wish_is_watched_and_struck_and_a_file_is_dropped(console: Console) -> None:
    twin, accept = console.api.twin, console.api.services.runs.accept
    run = (await accept(user_id="local", project_id="books", message="A library")).run_id
    twin.pictures[SHA] = PNG
    replay = f"/api/projects/books/runs/{run}/screenshots/{SHA}.json"
    seen = WishProof(id="w1", text=LISTED, kind="data", state="proven", replay=replay, seconds=2.0)
    check = CheckSummary(name="wishes", ok=True, seconds=1.0)
    *_, ending = ends(twin, "books", run)
    report = VerificationReport(status="verified", sentence="ok", checks=(check,), wishes=(seen,))
    await twin.emit(run, *begins("books"), reads_wishes(run), report, ending)
    page = await console.open("/projects/books/wishes")
    jpeg = base64.b64encode(PNG).decode()
    frames = json.dumps([{"at": 0, "jpeg": jpeg}, {"at": 0.2, "jpeg": jpeg}])
    await page.route(f"**{replay}", answering(frames))
    await page.get_by_role("button", name="Watch (2 s)").click()
    dialog = page.get_by_role("dialog", name=LISTED)
    await expect(dialog.get_by_label("Time")).to_have_value("0.2")
    await expect(dialog.get_by_role("button", name="Play")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=f"More about “{LISTED}”").click()
    await page.get_by_role("menuitem", name="Strike it").click()
    await expect(page.get_by_role("heading", name="No wishes yet")).to_be_visible()
    assert twin.wishes["books"].wishes == ()

    drop = """box => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      for (const kind of ['dragover', 'drop']) box.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    }"""
    await page.get_by_label("Message", exact=True).evaluate(drop)
    await expect(page.get_by_role("list", name="Attachments")).to_have_text("dropped.txt")


async def test_the_file_that_is_written_is_followed_until_somebody_looks_elsewhere(
    console: Console,
) -> None:
    twin, accept = console.api.twin, console.api.services.runs.accept
    run = (await accept(user_id="local", project_id="books", message="A library")).run_id
    twin.files["books"] = {"backend/main.py": b"x = 1"}
    await twin.emit(run, *begins("books"))
    page = await console.open("/projects/books/code")
    follow = page.get_by_label("Follow the builder")
    await expect(follow).to_be_checked()
    for piece in ('{"path": "backend/loans.py", "content": "class Loan:', "\\n    due = 1"):
        delta = ToolArgsDelta(tool_id="t", tool_name="write_file", delta=piece)
        await twin.emit(run, delta)
    text = page.get_by_label("Text of backend/loans.py")
    await expect(text).to_contain_text("due = 1")
    await expect(page.get_by_text("The builder is writing backend/loans.py")).to_be_visible()
    await page.get_by_role("treeitem", name="main.py").click()
    await expect(page.get_by_label("Text of backend/main.py")).to_contain_text("x = 1")
    await expect(follow).not_to_be_checked()
    rest = ToolArgsDelta(tool_id="t", tool_name="write_file", delta="\\n    book = 2")
    await twin.emit(run, rest)
    await expect(page.get_by_label("Text of backend/main.py")).to_be_visible()
    await follow.check()
    await expect(text).to_contain_text("book = 2")

    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto("about:blank")
    await page.goto(f"{console.api.url}/projects/books/code")
    await page.get_by_role("treeitem", name="loans.py").click()
    await expect(text).to_contain_text("book = 2")
    await expect(follow).to_be_checked()


async def test_what_cannot_be_read_says_so_and_is_tried_again(console: Console) -> None:
    twin = console.api.twin
    twin.add_project("local", "books", "Books")
    twin.points["books"] = [version(2, changed=3), version(1, changed=62)]
    page = await console.open("/")
    same = json.dumps({"before": "2", "after": "now", "files": [], "more": 0})
    views = {"history": "**/versions?*", "settings": "**/state", "changes": CHANGES}
    for tab, address in views.items():
        problem = json.dumps({"detail": f"The {tab} are away.", "code": "away"})
        await page.route(address, answering(problem, status=503))
        await page.goto(f"{console.api.url}/projects/books/{tab}")
        alert = page.get_by_role("alert").filter(has_text=f"The {tab} are away.").first
        await expect(alert).to_be_visible(timeout=15_000)
        async with page.expect_request(address):
            await page.get_by_role("button", name="Try again").first.click()
        await page.unroute(address)
        await page.route(CHANGES, answering(same))
        await expect(alert).to_be_hidden(timeout=15_000)
    await page.goto(f"{console.api.url}/projects/books/history")
    await expect(page.get_by_text(re.compile("62 files"))).to_be_visible()
    await expect(page.get_by_text(re.compile("3 files changed"))).to_be_visible()
    await page.route("**/logs/stream", lambda route: route.abort())
    await page.goto(f"{console.api.url}/projects/books/logs")
    await expect(page.get_by_text("The connection was lost.")).to_be_visible()
    console.problems[:] = [
        text for text in console.problems if "503" not in text and "ERR_FAILED" not in text
    ]


async def test_dialogs_menus_and_the_palette_fit_and_can_be_read_by_all(console: Console) -> None:
    twin = console.api.twin
    twin.pictures[SHA] = PNG
    run = await console.api.services.runs.accept(
        user_id="local", project_id="books", message="A library"
    )
    await twin.emit(run.run_id, *begins("books"), *ends(twin, "books", run.run_id))
    twin.points["books"] = [version(1, changed=62)]
    page = await console.open()
    line = {"path": f"backend/{'long_' * 40}.py", "change": "modified", "before": "a", "after": "b"}
    changes = {"before": "now", "after": "1", "files": [{**line, "added": 3, "removed": 1}]}
    body = json.dumps({**changes, "more": 0})
    await page.route(CHANGES, answering(body))

    async def opened(press: str, sign: str) -> None:
        """Not twice: what is open stays open as the window changes."""
        found = page.get_by_role("dialog", name=sign).or_(page.get_by_role("menuitem", name=sign))
        if not await found.first.is_visible():
            await press_it(page, press)
        await expect(found.first).to_be_visible()

    found: list[str] = []
    for tab, press, sign in (
        ("wishes", "Control+k", "Find"),
        ("wishes", "Step 1: /books", "Step 1 of 1"),
        ("wishes", f"More about “{LISTED}”", "Strike it"),
        ("history", "Look", "Version 1: Message 1"),
        ("history", "Go back", "Go back to version 1?"),
    ):
        await page.goto("about:blank")
        await page.goto(f"{console.api.url}/projects/books/{tab}")
        show = lambda press=press, sign=sign: opened(press, sign)  # noqa: E731
        found += await faults_of_look(page, sign, show)
    assert found == []


async def press_it(page: Page, what: str) -> None:
    if what.startswith("Control+"):
        await page.get_by_role("tab").first.wait_for()
        await page.keyboard.press(what)
    else:
        await page.get_by_role("button", name=what, exact=True).first.click()
