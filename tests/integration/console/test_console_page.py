import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from fixtures.api_twins import PNG
from fixtures.console import Console
from stackwright.core.events import (
    AgentComplete,
    AgentStart,
    AgentThinking,
    CheckResult,
    CheckStarted,
    CheckSummary,
    Event,
    FileChanged,
    PhaseChanged,
    PlanStep,
    PlanUpdated,
    PreviewReady,
    RunError,
    Screenshot,
    ToolComplete,
    ToolStart,
    Usage,
    VerificationReport,
    WishChanged,
    WishesSet,
    WishProof,
)
from stackwright.core.wishes import Wish

pytestmark = pytest.mark.integration

SENTENCE = "A library with books, authors and loans with due dates"
SHA = "a" * 64
EVIL = "<img src=x onerror=alert(1)>"


def now() -> str:
    return datetime.now(UTC).isoformat()


def start(project: str) -> list[Event]:
    return [AgentStart(timestamp=now(), project_id=project), PhaseChanged(phase="backend")]


def wrote(path: str, tool_id: str = "w") -> list[Event]:
    return [
        ToolStart(tool_name="write_file", tool_id=tool_id, tool_args={"path": path}),
        FileChanged(path=path, change="created", added=12),
        ToolComplete(tool_name="write_file", tool_id=tool_id, output_preview="ok", duration_ms=900),
    ]


def proof(project: str, run: str, *, ok: bool = True) -> list[Event]:
    picture = Screenshot(
        route="/books",
        url=f"/api/projects/{project}/runs/{run}/screenshots/{SHA}.png",
        sha256=SHA,
        width=1,
        height=1,
    )
    status: Any = "verified" if ok else "partly"
    detail = "" if ok else "TS2339: no such property"
    return [
        CheckStarted(name="types"),
        CheckResult(name="types", ok=ok, seconds=1.5, detail=detail),
        VerificationReport(
            status=status,
            checks=(CheckSummary(name="types", ok=ok, seconds=1.5, detail=detail),),
            screenshots=(picture,),
        ),
        AgentComplete(timestamp=now(), project_id=project, status=status),
    ]


async def ask(page: Page) -> None:
    await page.get_by_role("button", name="Library").click()
    await page.get_by_role("button", name="Send").click()


async def test_wishes_are_shown_with_their_state_and_what_was_not_understood(
    console: Console,
) -> None:
    page = await console.open()
    await ask(page)
    project, run = await console.new_run()
    twin = console.api.twin
    listed = Wish(id="w1", text="Books are <b>listed</b>", kind="data", quotes=("books",))
    await twin.emit(run, *start(project), WishesSet(wishes=(listed,), not_understood=("a map",)))
    wishes = page.get_by_label("Wishes")
    await expect(wishes).to_contain_text("Books are <b>listed</b>")
    await expect(wishes).to_contain_text("not proven")
    await expect(wishes).to_contain_text("“a map”")
    await expect(wishes).to_contain_text("not understood")
    await twin.emit(run, WishChanged(wish=listed.model_copy(update={"state": "proven"})))
    await expect(wishes).to_contain_text("seen working")
    seen = WishProof(id="w1", text=listed.text, kind="data", state="failing")
    sentence = "0 of 1 wish seen working; not understood: “a map”."
    report = VerificationReport(
        status="partly", sentence=sentence, checks=(), wishes=(seen,), not_understood=("a map",)
    )
    await twin.emit(
        run, report, AgentComplete(timestamp=now(), project_id=project, status="partly")
    )
    await expect(page.get_by_label("Result")).to_contain_text(sentence)
    await expect(wishes).to_contain_text("fails")


async def test_a_sentence_is_followed_to_the_verified_app(console: Console) -> None:
    page = await console.open()
    await expect(page.get_by_role("heading", name="What do you want to build?")).to_be_visible()
    await ask(page)
    project, run = await console.new_run()
    twin = console.api.twin
    twin.pictures[SHA] = PNG
    assert twin.runs[run].input == SENTENCE

    plan = (PlanStep(title="Write the records", status="active"), PlanStep(title="Prove it"))
    await twin.emit(run, *start(project), PlanUpdated(steps=plan), AgentThinking(token="Three ki"))
    await twin.emit(run, AgentThinking(token="nds of records."))
    await expect(page.get_by_text("Three kinds of records.")).to_be_visible()
    await expect(page.get_by_label("Plan")).to_contain_text("0/2")
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()

    await twin.emit(run, *wrote("backend/models.py"))
    await expect(page.get_by_role("heading", name="Writing the backend")).to_be_visible()
    await expect(page.get_by_text("Write backend/models.py")).to_be_visible()

    await twin.emit(run, PreviewReady(url=f"http://{console.api.preview(project)}", port=3000))
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("heading", name="Library")).to_be_visible()

    await twin.emit(run, *proof(project, run))
    await expect(page.get_by_label("Result")).to_contain_text("Verified")
    await expect(page.get_by_label("Result")).to_contain_text("1 of 1 checks")
    await expect(page.get_by_label("Checks")).to_contain_text("1/1 passed")
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    link = page.get_by_role("link", name="Open the app in a new tab")
    await expect(link).to_have_attribute("href", f"http://{console.api.preview(project)}/")

    await page.get_by_role("button", name="/books").click()
    await expect(page.get_by_role("dialog", name="Screenshot")).to_be_visible()
    assert await page.evaluate("document.querySelector('dialog img').naturalWidth") == 1


async def test_a_project_is_reopened_by_its_link_and_goes_on(console: Console) -> None:
    twin = console.api.twin
    first = await console.api.services.runs.accept(
        user_id="ann", project_id="books", message="First message"
    )
    await twin.emit(first.run_id, *start("books"), *proof("books", first.run_id))
    second = await console.api.services.runs.accept(
        user_id="ann", project_id="books", message="Second message"
    )
    twin.pictures[SHA] = PNG
    await twin.emit(second.run_id, *start("books"), *wrote("a.py"))

    page = await console.open("/#/p/books")
    await expect(page.get_by_text("First message", exact=True).last).to_be_visible()
    await expect(page.get_by_text("Second message")).to_be_visible()
    await expect(page.get_by_text("Write a.py")).to_be_visible()
    await twin.emit(second.run_id, *wrote("b.py", "w2"))
    await expect(page.get_by_text("Write b.py")).to_be_visible()
    await twin.emit(second.run_id, *proof("books", second.run_id, ok=False))
    await expect(page.get_by_label("Result")).to_contain_text("Runs, but not verified")
    await expect(page.get_by_text("TS2339: no such property")).to_be_visible()

    await page.get_by_label("Message").fill("Repair it")
    await page.keyboard.press("Enter")
    _, third = await console.new_run(3)
    assert twin.runs[third].user_id == "ann"
    await twin.emit(third, *start("books"), *proof("books", third))
    await expect(page.get_by_label("Result").last).to_contain_text("Verified")


async def test_stopping_is_latched_until_the_run_has_ended(console: Console) -> None:
    page = await console.open()
    await ask(page)
    project, run = await console.new_run()
    await console.api.twin.emit(run, *start(project))
    await expect(page.get_by_text("Writing the backend…").first).to_be_visible()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_label("Result")).to_contain_text("Stopped")
    assert console.api.twin.runs[run].status == "cancelled"


async def test_a_lost_connection_is_taken_up_again_where_it_broke(console: Console) -> None:
    page = await console.open()
    await ask(page)
    project, run = await console.new_run()
    console.api.twin.pictures[SHA] = PNG
    await console.api.twin.emit(run, *start(project), *wrote("a.py"))
    await expect(page.get_by_text("Write a.py")).to_be_visible()
    console.api.services.stopping.set()
    await console.api.twin.until(lambda: console.api.twin.tails == 0)
    console.api.services.stopping.clear()
    await console.api.twin.emit(run, *wrote("b.py", "w2"), *proof(project, run))
    await expect(page.get_by_label("Result")).to_contain_text("Verified")
    for path in ("a.py", "b.py"):
        await expect(page.get_by_text(f"Write {path}")).to_have_count(1)


async def test_a_failed_run_says_why_and_can_be_tried_again(console: Console) -> None:
    page = await console.open()
    await ask(page)
    project, run = await console.new_run()
    why = RunError(message="No sandbox is free.", error_type="sandbox_limit", timestamp=now())
    await console.api.twin.emit(run, *start(project), why)
    await expect(page.get_by_label("Result")).to_contain_text("No sandbox is free.")
    await page.get_by_role("button", name="Try again").click()
    _, again = await console.new_run(2)
    assert console.api.twin.runs[again].input == SENTENCE


async def test_nothing_that_a_model_says_becomes_part_of_the_page(console: Console) -> None:
    page = await console.open()
    await page.get_by_role("textbox").fill(EVIL)
    await page.keyboard.press("Enter")
    project, run = await console.new_run()
    twin = console.api.twin
    twin.pictures[SHA] = PNG
    command = ToolStart(tool_name="run_command", tool_id="c", tool_args={"command": EVIL})
    failed = ToolComplete(
        tool_name="run_command", tool_id="c", output_preview=EVIL, outcome="failed"
    )
    await twin.emit(run, *start(project), AgentThinking(token=EVIL), command, failed)
    await twin.emit(run, PreviewReady(url="javascript:alert(1)", port=3000), *wrote(EVIL))
    await twin.emit(run, *proof(project, run))
    await expect(page.get_by_label("Result")).to_contain_text("Verified")
    assert await page.locator("img[src=x]").count() == 0
    assert await page.locator("iframe").count() == 0
    assert await page.get_by_text(EVIL).count() >= 3


async def test_my_projects_are_listed_and_lead_to_their_page(console: Console) -> None:
    console.api.twin.add_project("local", "shop", "A small shop")
    page = await console.open()
    await page.get_by_role("link", name=re.compile("A small shop")).click()
    await expect(page.get_by_role("heading", name="A small shop")).to_be_visible()
    await page.get_by_role("link", name="All projects").click()
    await expect(page.get_by_role("heading", name="Your projects")).to_be_visible()


async def test_the_page_fits_a_phone(console: Console) -> None:
    twin = console.api.twin
    run = await console.api.services.runs.accept(
        user_id="local", project_id="books", message=SENTENCE
    )
    twin.pictures[SHA] = PNG
    path = "backend/" + "a_very_long_name_" * 10 + ".py"
    await twin.emit(
        run.run_id, *start("books"), *wrote(path), *proof("books", run.run_id, ok=False)
    )
    phone = {"viewport": {"width": 360, "height": 740}}
    page = await console.open("/#/p/books", **phone)
    await expect(page.get_by_label("Result")).to_be_visible()
    for tab in ("App", "Conversation"):
        await page.get_by_role("button", name=tab, exact=True).click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        assert await page.evaluate("document.querySelector('.thread').scrollWidth") <= 360


@pytest.mark.parametrize(("path", "sign"), [("/docs", ".opblock"), ("/redoc", "[data-section-id]")])
async def test_the_api_documentation_needs_no_internet(
    console: Console, path: str, sign: str
) -> None:
    asked: list[str] = []
    page = await console.open()
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(console.api.url + path)
    await page.locator(sign).first.wait_for()
    elsewhere = [url for url in asked if not url.startswith((console.api.url, "data:", "blob:"))]
    assert [url for url in elsewhere if "logo-mini.svg" not in url] == []
    # ReDoc wants its maker's logo; the page's policy keeps it from asking.
    console.problems[:] = [text for text in console.problems if "logo-mini.svg" not in text]


async def test_files_are_attached_removed_and_shown_with_the_message(console: Console) -> None:
    page = await console.open()
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"x"} for name in "ab"]
    await page.locator("input[type=file]").set_input_files(files)
    await page.get_by_role("button", name="Remove b.txt").click()
    await page.get_by_label("What do you want to build?").evaluate(
        """box => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
          box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )
    await expect(page.get_by_role("list", name="Attachments")).to_have_text("a.txtpasted.txt")
    await page.get_by_label("What do you want to build?").fill(SENTENCE)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".sent .file")).to_have_text(["a.txt", "pasted.txt"])


async def test_too_much_is_refused_before_it_is_sent(console: Console) -> None:
    page = await console.open()
    files = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"x"} for n in range(6)]
    await page.locator("input[type=file]").set_input_files(files)
    await expect(page.get_by_role("alert")).to_have_text("A message may have 5 attachments.")


async def test_the_first_page_says_what_a_run_may_cost_and_a_run_what_it_did(
    console: Console,
) -> None:
    page = await console.open()
    await expect(page.get_by_text("About $0.28 with m.")).to_be_visible()
    accepted = await console.api.services.runs.accept(
        user_id="local", project_id="books", message=SENTENCE
    )
    used = Usage(model="m", input_tokens=1, output_tokens=1, cost_usd=0.2)
    repair = used.model_copy(update={"purpose": "repair", "cost_usd": 0.05})
    run = accepted.run_id
    console.api.twin.pictures[SHA] = PNG
    await console.api.twin.emit(run, *start("books"), used, repair, *proof("books", run))
    page = await console.open("/#/p/books")
    await expect(page.get_by_label("Result")).to_contain_text("$0.25, of it $0.050 for repairs")
