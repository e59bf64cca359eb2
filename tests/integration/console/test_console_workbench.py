"""A person takes over: edits a file, sees it in the app, looks at the change and takes it back."""

import re
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import async_playwright, expect

from fixtures.api_twins import running
from fixtures.console import FLAGS, Console
from fixtures.console_looks import faults_of_look
from fixtures.console_story import now
from fixtures.database_services import services_over_database
from stackwright.core.events import AgentStart, ToolStart
from stackwright.core.ids import ProjectId, UserId
from stackwright.db.engine import Database
from stackwright.db.file_contents import FileContentRepository
from stackwright.db.notifications import RunNotifications
from stackwright.db.run_events import Batch, NewEvent, RunEventRepository
from stackwright.projects.notes import NoteService
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.service import ProjectService
from stackwright.runs.events.records import encode
from stackwright.runs.service import RunService
from stackwright.sandbox.base import WORKSPACE_ROOT, PortAddress
from stackwright.sandbox.detached import log_file
from stackwright.testing.memory_sandbox import MemorySandbox

pytestmark = pytest.mark.integration

USER, PROJECT = UserId("local"), ProjectId("shop")
PAGE = "frontend/index.html"
FILES: dict[str, bytes | None] = {
    PAGE: b"<h1>Shop</h1>\n",
    "backend/main.py": b"x = 1\n" + b"y = 2\n" * 40 + b"z = 3\n",
}
TABS = {
    f"code#{PAGE}": "Text of frontend/index.html",
    "changes": "What to compare",
    "logs": "Log",
    "history": "Versions",
    "settings": "Name of the project",
}


class ServedSandbox(MemorySandbox):
    """Its app is one page of the workspace."""

    served_at = ""

    def address(self, port: int) -> PortAddress:
        return PortAddress(self.served_at)


@asynccontextmanager
async def app_of(sandbox: ServedSandbox) -> AsyncGenerator[None]:
    async def page(_request: web.Request) -> web.Response:
        text = (await sandbox.read(f"{WORKSPACE_ROOT}/{PAGE}")).decode()
        return web.Response(text=text, content_type="text/html")

    served = web.Application()
    served.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.served_at = "http://{}:{}".format(*runner.addresses[0][:2])
    yield
    await runner.cleanup()


@pytest.fixture
async def shop(
    built_console: Path, database: Database, signals: RunNotifications, tmp_path: Path
) -> AsyncIterator[Console]:
    """A project with one version, whose app runs."""
    sandbox, runs = ServedSandbox(tmp_path), RunService(database, signals)
    await ProjectService(database).create(USER, PROJECT, name="Shop")
    await FileContentRepository(database.fetch).write(USER, PROJECT, FILES)
    accepted = await runs.accept(user_id=USER, project_id=PROJECT, message="A shop")
    await RestorePoints(database).create(
        USER, PROJECT, accepted.run_id, title="A shop", status="verified"
    )
    await runs.cancel(USER, PROJECT, accepted.run_id)
    await sandbox.write({log_file("backend"): b"INFO started\nERROR no shop\n"})
    await sandbox.write({f"{WORKSPACE_ROOT}/{PAGE}": FILES[PAGE] or b""})
    services = services_over_database(database, signals, runs, sandbox)
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    async with (
        app_of(sandbox),
        async_playwright() as playwright,
        running(**services) as api,
    ):
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        opened = Console(api, browser)
        yield opened
        await browser.close()
    await sandbox.end()
    assert opened.problems == []


async def test_a_file_is_edited_by_hand_seen_in_the_app_and_in_the_changes_and_taken_back(
    shop: Console, database: Database
) -> None:
    page = await shop.open(f"/projects/{PROJECT}/code#{PAGE}:1")
    text = page.get_by_label(f"Text of {PAGE}")
    await expect(text).to_contain_text("Shop", timeout=20_000)  # the first page of a new browser
    await text.click()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("<h1>My own shop</h1>")
    await expect(page.get_by_text("not saved")).to_be_attached()
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("button", name="Saved", exact=True)).to_be_visible()

    label = (await ProjectService(database).get(USER, PROJECT)).preview_label
    app = await shop.browser.new_page()
    await app.goto(f"http://3000-{label}.localhost:{shop.api.port}/")
    await expect(app.get_by_role("heading", name="My own shop")).to_be_visible()

    await page.get_by_role("tab", name="Changes").click()
    await page.get_by_role("button", name="Since then").click()
    await expect(page.get_by_text("<h1>My own shop</h1>")).to_be_visible()
    await page.get_by_role("button", name="Bring the whole file back").click()
    await expect(page.get_by_role("heading", name="No differences")).to_be_visible()
    await app.reload()
    await expect(app.get_by_role("heading", name="Shop", exact=True)).to_be_visible()
    await page.get_by_role("tab", name="Code").click()
    await expect(page.get_by_label(f"Text of {PAGE}")).to_contain_text("<h1>Shop</h1>")


async def test_a_version_is_starred_and_looked_at_and_one_place_of_a_file_is_brought_back(
    shop: Console, database: Database
) -> None:
    old = FILES["backend/main.py"] or b""
    new = old.replace(b"x = 1", b"x = 7").replace(b"z = 3", b"z = 9")
    await FileContentRepository(database.fetch).write(USER, PROJECT, {"backend/main.py": new})
    page = await shop.open(f"/projects/{PROJECT}/history")
    await page.get_by_role("button", name="Star version 1").click()
    await expect(page.get_by_role("button", name="Take the star off version 1")).to_be_visible()
    await page.get_by_role("button", name="Starred only").click()
    await page.get_by_role("button", name="Look", exact=True).click()
    dialog = page.get_by_role("dialog", name="Version 1: A shop")
    await dialog.get_by_role("button", name="Files").click()
    await dialog.get_by_role("button", name="backend/main.py").click()
    await expect(dialog.get_by_label("backend/main.py", exact=True)).to_contain_text("z = 3")
    await page.keyboard.press("Escape")

    await page.get_by_role("tab", name="Changes").click()
    await page.get_by_role("button", name="Since then").click()
    first = page.get_by_role("region", name="Change 1 of 2")
    await first.get_by_role("button", name="Bring this place back").click()
    await expect(page.get_by_role("region", name="Change 1 of 1")).to_contain_text("z = 9")
    kept = await ProjectService(database).read_file(USER, PROJECT, "backend/main.py")
    assert kept == old.replace(b"z = 3", b"z = 9")


async def test_an_old_version_is_used_as_a_running_app_and_the_present_one_stays(
    shop: Console, database: Database, tmp_path: Path
) -> None:
    await FileContentRepository(database.fetch).write(
        USER, PROJECT, {PAGE: b"<h1>Another shop</h1>\n"}
    )
    sandboxes: Any = shop.api.services.sandboxes
    page = await shop.open(f"/projects/{PROJECT}/history")
    old = ServedSandbox(tmp_path / "old")
    await old.write({f"{WORKSPACE_ROOT}/{PAGE}": FILES[PAGE] or b""})
    async with app_of(old):
        sandboxes.sandbox = old
        await page.get_by_role("button", name="Look", exact=True).last.click()
        dialog = page.get_by_role("dialog", name="Version 1: A shop")
        app = dialog.frame_locator("iframe")
        await expect(app.get_by_role("heading", name="Shop", exact=True)).to_be_visible()
        await dialog.get_by_role("button", name="Files").click()
        await dialog.get_by_role("button", name="App", exact=True).click()
        await expect(app.get_by_role("heading", name="Shop", exact=True)).to_be_visible()
        [preview] = shop.api.twin.woken
        assert preview != PROJECT
        async with page.expect_response("**/versions/1/preview") as closed:
            await page.keyboard.press("Escape")
        assert (await closed.value).request.method == "DELETE"
    await expect(dialog).to_be_hidden()
    assert (sandboxes.ended, sandboxes.slept) == ([preview], [])
    await old.end()
    kept = await ProjectService(database).read_file(USER, PROJECT, PAGE)
    assert kept == b"<h1>Another shop</h1>\n"


async def test_going_back_says_first_what_happens_and_is_undone(
    shop: Console, database: Database
) -> None:
    by_hand = b"<h1>By hand</h1>\n"
    await FileContentRepository(database.fetch).write(USER, PROJECT, {PAGE: by_hand})
    read = partial(ProjectService(database).read_file, USER, PROJECT, PAGE)
    page = await shop.open(f"/projects/{PROJECT}/history")
    await page.get_by_role("button", name="Go back", exact=True).last.click()
    dialog = page.get_by_role("dialog", name="Go back to version 1?")
    await expect(dialog.get_by_label("Files that change")).to_contain_text(f"changes{PAGE}")
    await dialog.get_by_role("button", name="Go back to version 1").click()
    told = page.get_by_role("status").filter(has_text="Your app is as in version 1 again.")
    await expect(told).to_contain_text("What you had before is kept as version")
    assert await read() == FILES[PAGE]
    await told.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Undone: your app is as it was before.")).to_be_visible()
    assert await read() == by_hand


async def test_a_file_is_edited_by_hand_while_the_agent_writes_another(
    shop: Console, database: Database, signals: RunNotifications
) -> None:
    runs = RunService(database, signals)
    accepted = await runs.accept(user_id=USER, project_id=PROJECT, message="Go on")
    claimed = await runs.claim(accepted.run_id, worker="w")
    assert claimed is not None
    call = ToolStart(tool_name="write_file", tool_id="c", tool_args={"path": "backend/main.py"})
    events = [AgentStart(timestamp=now(), project_id=PROJECT), call]
    made = [NewEvent(event.type, encode(event).data) for event in events]
    batch = Batch.of(claimed.lease, claimed.run.last_seq, made)
    await RunEventRepository(database.fetch).append(batch, durable=True)
    page = await shop.open()
    for path, told in ((PAGE, "Saved"), ("backend/main.py", "The agent is writing")):
        await page.goto(f"{shop.api.url}/projects/{PROJECT}/code#{path}")
        await expect(page.get_by_role("button", name="Stop")).to_be_visible()
        await page.get_by_label(f"Text of {path}").click()
        await page.keyboard.press("Control+End")
        await page.keyboard.type("# mine")
        await page.keyboard.press("Control+s")
        saved = page.get_by_role("button", name=told, exact=True)
        await expect(saved.or_(page.get_by_role("alert").filter(has_text=told))).to_be_visible()
    read = partial(ProjectService(database).read_file, USER, PROJECT)
    assert (await read(PAGE)).endswith(b"# mine")
    assert await read("backend/main.py") == FILES["backend/main.py"]
    await runs.hand_over(claimed.lease)
    await runs.cancel(USER, PROJECT, accepted.run_id)
    shop.problems[:] = [said for said in shop.problems if "409" not in said]


async def test_notes_are_kept_and_a_project_is_copied(shop: Console, database: Database) -> None:
    page = await shop.open(f"/projects/{PROJECT}/settings")
    await page.get_by_label("Notes", exact=True).fill("Prices are in francs.")
    await page.get_by_role("button", name="Save the notes").click()
    await expect(page.get_by_role("button", name="Save the notes")).to_be_disabled()
    assert await NoteService(database).get(USER, PROJECT) == "Prices are in francs."
    await page.get_by_role("button", name="Make a copy").click()
    await expect(page.get_by_role("heading", name="(copy)")).to_be_visible()
    await expect(page).to_have_url(re.compile("/code$"))
    await expect(page.get_by_role("treeitem", name="backend")).to_be_visible()


async def test_what_would_break_a_file_is_refused_and_nobody_elses_work_is_overwritten(
    shop: Console, database: Database
) -> None:
    page = await shop.open(f"/projects/{PROJECT}/code#backend/main.py")
    text = page.get_by_label("Text of backend/main.py")
    await text.click()
    await page.keyboard.type("def (")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("would not parse")
    await FileContentRepository(database.fetch).write(
        USER, PROJECT, {"backend/main.py": b"q = 0\n"}
    )
    await page.keyboard.press("Control+s")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("changed since you opened it")
    await page.get_by_role("button", name="Show the new text").click()
    await expect(text).to_have_text("q = 0")
    shop.problems[:] = [said for said in shop.problems if "422" not in said and "409" not in said]


async def test_the_tabs_can_be_read_by_all_and_fit(shop: Console) -> None:
    page = await shop.open()
    found: list[str] = []
    for tab, sign in TABS.items():
        await page.goto("about:blank")
        await page.goto(f"{shop.api.url}/projects/{PROJECT}/{tab}")
        view = page.get_by_label(sign, exact=True)
        found += await faults_of_look(page, tab, lambda view=view: expect(view).to_be_visible())
        chosen = page.get_by_role("tab", selected=True)
        await page.set_viewport_size({"width": 390, "height": 900})
        await expect(chosen).to_be_in_viewport(ratio=0.98)
    assert found == []
