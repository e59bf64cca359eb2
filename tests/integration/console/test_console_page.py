import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from fixtures.api_twins import PNG
from fixtures.console import Console
from fixtures.console_story import SHA, begins, ends, reads_wishes, writes
from stackwright.core.events import (
    AgentThinking,
    FormField,
    PlanStep,
    PlanUpdated,
    PreviewError,
    PreviewReady,
    RunError,
    ServiceLog,
    Usage,
    UserInputRequired,
)

pytestmark = pytest.mark.integration

SENTENCE = "A library with books, authors and loans with due dates"
MAX_FIRST_LOAD = 200_000


def messages(page: Page) -> Locator:
    return page.get_by_role("region", name="Messages")


async def ask(page: Page, text: str = SENTENCE) -> None:
    box = page.get_by_role("textbox").first
    await box.fill(text)
    await box.press("Enter")


async def test_a_newcomer_gets_from_an_empty_instance_to_an_app_that_was_seen_working(
    console: Console,
) -> None:
    page = await console.open()
    await expect(page.get_by_role("heading", name="What do you want to build?")).to_be_visible()
    await expect(page.get_by_text("About $0.28 with claude-sonnet-5-5.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Judge it")).to_be_visible()
    await page.get_by_role("button", name="Library").click()
    await page.get_by_role("button", name="Model: claude-sonnet-5-5").click()
    lacking = page.get_by_role("menuitemradio", name="openai:gpt-5.2")
    await expect(lacking).to_be_disabled()
    await expect(lacking).to_contain_text("Set OPENAI_API_KEY")
    await page.get_by_role("menuitemradio", name="claude-haiku-4-5").click()
    await expect(page.get_by_text("About $0.28 with claude-haiku-4-5.")).to_be_visible()
    await page.get_by_role("button", name="Send").click()
    project, run = await console.new_run()
    twin = console.api.twin
    twin.pictures[SHA] = PNG
    assert (twin.runs[run].input, twin.runs[run].model) == (SENTENCE, "claude-haiku-4-5")
    await expect(page.get_by_role("button", name="Model: claude-haiku-4-5")).to_be_visible()

    plan = (PlanStep(title="Write the records", status="active"), PlanStep(title="Prove it"))
    await twin.emit(run, *begins(project), reads_wishes(run), PlanUpdated(steps=plan))
    wishes = page.get_by_role("region", name="Wishes")
    await expect(wishes.get_by_role("button", name="books, authors: not seen yet")).to_be_visible()
    await expect(wishes).to_contain_text("not understood")
    await expect(wishes).to_contain_text("Apps cannot send e-mail yet.")
    await expect(page.get_by_role("region", name="Plan")).to_contain_text("0 of 2")
    await twin.emit(run, AgentThinking(token="**Three** ki"), AgentThinking(token="nds."))
    await expect(page.locator("strong", has_text="Three")).to_be_visible()
    await twin.emit(run, *writes("backend/models.py"))
    await expect(messages(page).get_by_text("Writing the server")).to_be_visible()
    await page.locator("summary", has_text="backend/models.py").click()
    await expect(page.get_by_text("recorded")).to_be_visible()

    await twin.emit(run, PreviewReady(url=f"http://{console.api.preview(project)}", port=3000))
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("heading", name="Library")).to_be_visible()
    await page.get_by_label("Page of the app").fill("loans")
    await page.keyboard.press("Enter")
    await expect(page.locator("iframe")).to_have_attribute("src", re.compile("/loans$"))
    await frame.get_by_role("link", name="Next").click()
    await expect(page.get_by_label("Page of the app")).to_have_value("/next?page=2")
    await page.get_by_role("button", name="Back", exact=True).click()
    await expect(page.get_by_label("Page of the app")).to_have_value("/loans")
    await puts_a_picture_into_the_message(page)
    await looks_at_it_as_others(console, page)
    await page.get_by_role("radio", name="Phone").click()
    size = "frame => [frame.parentElement.offsetWidth, frame.parentElement.offsetHeight]"
    assert await page.locator("iframe").evaluate(size) == [390, 844]
    await page.get_by_role("button", name="Turn").click()
    assert await page.locator("iframe").evaluate(size) == [844, 390]
    await frame.get_by_role("heading", name="Library").wait_for()

    await twin.emit(
        run, Usage(model="claude-sonnet-5-5", input_tokens=1, output_tokens=1, cost_usd=0.2)
    )
    repair = Usage(
        model="claude-sonnet-5-5", input_tokens=1, output_tokens=1, cost_usd=0.05, purpose="repair"
    )
    await twin.emit(run, repair, *ends(twin, project, run))
    result = page.get_by_label("Result")
    await expect(result).to_contain_text("Verified")
    await expect(result).to_contain_text("1 of 1 wish seen working.")
    await expect(result).to_contain_text("$0.25, of it $0.05 for repairs")
    await expect(page.locator("iframe")).to_have_attribute(
        "src", re.compile("/__stackwright/forget$")
    )

    await page.get_by_role("tab", name="Wishes").click()
    await expect(page).to_have_url(re.compile(f"/projects/{project}/wishes$"))
    await page.get_by_role("button", name="Step 1: /books").click()
    dialog = page.get_by_role("dialog", name="Step 1 of 1")
    await expect(dialog.locator("img")).to_have_js_property("naturalWidth", 1)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Not what I meant").click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value(
        "“Books are listed” is not what I meant: "
    )
    await page.get_by_role("link", name="All projects").click()
    await expect(page.get_by_text("Verified: 1 of 1 seen working")).to_be_visible()


async def test_a_project_is_the_same_after_a_reload_in_another_tab_and_after_a_lost_connection(
    console: Console,
) -> None:
    twin = console.api.twin
    twin.pictures[SHA] = PNG
    accept = console.api.services.runs.accept
    first = await accept(user_id="ann", project_id="books", message="First message")
    await twin.emit(first.run_id, *begins("books"), *writes("zero.py"))
    await twin.emit(first.run_id, *ends(twin, "books", first.run_id))
    second = await accept(user_id="ann", project_id="books", message="Second message")
    await twin.emit(second.run_id, *begins("books"), *writes("a.py"))

    page = await console.open("/#/p/books")
    await expect(page).to_have_url(re.compile("/projects/books$"))
    other = await page.context.new_page()
    await other.goto(page.url)
    for tab in (page, other):
        await expect(messages(tab).get_by_text("First message")).to_be_visible()
        await expect(tab.locator("summary", has_text="a.py")).to_be_visible()
    await page.get_by_role("button", name="Show the steps").click()
    await expect(page.locator("summary", has_text="zero.py")).to_be_visible()

    console.api.services.stopping.set()
    await twin.until(lambda: twin.tails == 0)
    console.api.services.stopping.clear()
    await twin.emit(second.run_id, *writes("b.py", "w2"))
    for tab in (page, other):
        await expect(tab.locator("summary", has_text="b.py")).to_have_count(1)
    await page.reload()
    for path in ("a.py", "b.py"):
        await expect(page.locator("summary", has_text=path)).to_have_count(1)

    await ask(page, "Third message")
    waiting = page.get_by_label("Waiting messages")
    await expect(waiting).to_contain_text("Third message")
    await twin.emit(second.run_id, *ends(twin, "books", second.run_id, ok=False))
    await expect(page.get_by_label("Result").last).to_contain_text(
        "It runs, and something is missing"
    )
    _, third = await console.new_run(3)
    assert twin.runs[third].user_id == "ann"
    await twin.emit(third, *begins("books"), *ends(twin, "books", third))
    for tab in (page, other):
        await expect(tab.get_by_label("Result").last).to_contain_text("Verified")


async def puts_a_picture_into_the_message(page: Page) -> None:
    """Of the page, and of an element that is pointed at; the page may not give one unasked."""
    files = page.get_by_role("list", name="Attachments").locator("li")
    frame = page.frame_locator("iframe")
    gift = "parent.postMessage({ from: 'stackwright-preview', kind: 'picture', data: 'data:image/png;base64,AAAA' }, '*')"
    await frame.locator("body").evaluate(f"() => {gift}")
    nothing = '{"hits": [], "is_more": false}'
    await page.route("**/search?*", lambda route: route.fulfill(body=nothing))
    await page.get_by_role("button", name="Put a picture of the page into the message").click()
    await expect(files).to_have_text(["page.png"])
    shown = files.locator("img")
    await expect(shown).to_have_js_property("complete", True)
    width = await page.locator("iframe").evaluate("frame => frame.clientWidth")
    assert await shown.evaluate("image => image.naturalWidth") == width
    await page.get_by_role("button", name="Point at something in the app").click()
    await frame.get_by_role("link", name="Next").click()
    await expect(files).to_have_text(["page.png", "element.png"])
    await expect(page.get_by_label("Message", exact=True)).to_have_value(re.compile("About “Next”"))
    for name in ("element.png", "page.png"):
        await page.get_by_role("button", name=f"Remove {name}").click()
    await page.get_by_label("Message", exact=True).fill("")


async def looks_at_it_as_others(console: Console, page: Page) -> None:
    """As staff, who is known to the app by a cookie, and as a stranger again."""
    twin, frame = console.api.twin, page.frame_locator("iframe")
    twin.app_says = json.dumps(
        {"roles": ["member", "staff"], "cookie": "session", "token": "t" * 43}
    )
    await page.get_by_role("button", name="Look at it as somebody else").click()
    await expect(page.get_by_text("named “(preview)”")).to_be_visible()
    await page.get_by_role("menuitem", name="Staff").click()
    await expect(page.get_by_role("button", name="You look at it as: Staff")).to_be_visible()
    await expect(frame.get_by_role("heading", name="Library")).to_be_visible()
    kept = [c["value"] for c in await page.context.cookies() if c.get("name") == "session"]
    assert kept == ["t" * 43]
    await page.get_by_role("button", name="You look at it as: Staff").click()
    await page.get_by_role("menuitem", name="A stranger").click()
    await expect(page.get_by_role("button", name="Look at it as somebody else")).to_be_visible()
    await expect(frame.get_by_role("heading", name="Library")).to_be_visible()
    assert not [c for c in await page.context.cookies() if c.get("name") == "session"]


async def orders_waiting_messages(console: Console, page: Page) -> None:
    """Two wait; one is moved by button and back by keyboard; both are taken back."""
    for number, text in ((2, "first"), (3, "second")):
        await page.get_by_label("Message", exact=True).fill(text)
        await page.get_by_role("button", name="After this").click()
        await console.new_run(number)
    waiting = page.get_by_role("region", name="Waiting messages")
    await expect(waiting.get_by_role("listitem")).to_have_text(["first", "second"])
    await waiting.get_by_role("listitem").nth(1).get_by_role("button", name="Earlier").click()
    await expect(waiting.get_by_role("listitem")).to_have_text(["second", "first"])
    await expect(waiting.get_by_role("status")).to_have_text("It is number 1 of 2 now.")
    await expect(waiting.get_by_text("second")).to_be_focused()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(waiting.get_by_role("listitem")).to_have_text(["first", "second"])
    runs = [run.input for run in console.api.twin.runs.values() if run.is_unbegun]
    assert runs == ["first", "second"]
    for text in ("second", "first"):
        await waiting.get_by_role("listitem").last.get_by_role("button", name="Take back").click()
        await expect(page.get_by_text(text, exact=True)).to_have_count(0)


async def test_work_is_stopped_tried_again_asked_about_and_repaired(console: Console) -> None:
    twin = console.api.twin
    page = await console.open()
    await ask(page)
    project, run = await console.new_run()
    await twin.emit(run, *begins(project))
    await orders_waiting_messages(console, page)
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_label("Result")).to_contain_text("Stopped")
    assert twin.runs[run].status == "cancelled"

    await page.get_by_role("button", name="Try again").click()
    _, again = await console.new_run(4)
    assert twin.runs[again].input == SENTENCE
    field = FormField(name="pay", label="How?", kind="choice", choices=("Cash", "Card"))
    await twin.emit(again, *begins(project), UserInputRequired(question="Pay?", fields=(field,)))
    form = page.get_by_role("form", name="Question")
    await form.get_by_label("Card").check()
    await expect(form.get_by_role("button", name="Answer")).to_be_enabled()

    await twin.emit(
        again,
        PreviewReady(url=f"http://{console.api.preview(project)}", port=3000),
        ServiceLog(service="backend", text="Traceback"),
        PreviewError(message="x is undefined", source="pages/index.tsx"),
        RunError(
            message="No place is free.",
            error_type="sandbox_limit",
            timestamp=datetime.now(UTC).isoformat(),
        ),
    )
    await expect(page.get_by_label("Result").last).to_contain_text("No place is free.")
    await page.get_by_role("button", name="Fix it").click()
    _, fix = await console.new_run(5)
    assert "x is undefined" in twin.runs[fix].input


async def test_projects_are_found_renamed_deleted_and_kept_after_all(console: Console) -> None:
    for project, name in (("shop", "A small shop"), ("books", "Books")):
        console.api.twin.add_project("local", project, name)
    page = await console.open()
    await page.get_by_label("Search your projects").fill("shop")
    await expect(page.get_by_role("link", name="Books", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="More about A small shop").click()
    await page.get_by_role("menuitem", name="Rename").click()
    await page.get_by_label("Name of the project").fill("The shop")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="The shop")).to_be_visible()
    await page.get_by_role("button", name="More about The shop").click()
    await page.get_by_role("menuitem", name="Duplicate").click()
    await expect(page.get_by_role("link", name="The shop (copy)")).to_be_visible()
    await page.get_by_role("button", name="More about The shop", exact=True).click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.get_by_role("link", name="The shop", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_role("link", name="The shop", exact=True).click()
    await expect(page.get_by_role("heading", name="The shop")).to_be_visible()
    assert "shop" in console.api.twin.projects

    await page.get_by_role("tab", name="Settings").click()
    limits = page.get_by_role("form", name="Limits of this project")
    save = limits.get_by_role("button", name="Save the limits")
    for typed, told in (("much", "is no amount"), ("51", "50 US dollars at most"), ("2.50", "")):
        await limits.get_by_label("US dollars").fill(typed)
        await save.click()
        if told:
            await expect(limits.get_by_role("alert")).to_contain_text(told)
    await expect(limits.get_by_role("alert")).to_be_hidden()
    await expect(page.get_by_text("of $2.50")).to_be_visible()
    await page.get_by_role("button", name="Model of this project").click()
    await page.get_by_role("menuitemradio", name="claude-haiku-4-5").click()
    await expect(page.get_by_role("button", name="Model: claude-haiku-4-5")).to_be_visible()
    shop = console.api.twin.projects["shop"]
    assert (shop.max_usd, shop.max_tokens, shop.model) == (2.5, None, "claude-haiku-4-5")
    console.problems[:] = [text for text in console.problems if "422" not in text]


async def test_who_has_no_key_is_told_what_a_key_turns_on_and_can_test_it(
    console: Console,
) -> None:
    page = await console.open("/platform")
    offline = '{"default": "offline", "models": []}'
    await page.route("**/api/models", lambda route: route.fulfill(body=offline))
    await page.get_by_role("link", name="Stackwright").first.click()
    await page.get_by_role("link", name="See which key turns on what").click()
    await expect(page.get_by_role("heading", name="Keys, and what they turn on")).to_be_visible()
    await expect(page.get_by_role("button", name="Test").first).to_be_visible()


async def test_files_are_attached_removed_bounded_and_shown_with_the_message(
    console: Console,
) -> None:
    page = await console.open()
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"x"} for name in "abcdef"]
    await page.locator("input[type=file]").set_input_files(files)
    await expect(page.get_by_role("alert")).to_have_text("A message may have 5 attachments.")
    await page.locator("input[type=file]").set_input_files(files[:2])
    await page.get_by_role("button", name="Remove b.txt").click()
    await page.get_by_label("What do you want to build?").evaluate(
        """box => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
          box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )
    await expect(page.get_by_role("list", name="Attachments")).to_have_text("a.txtpasted.txt")
    await ask(page)
    await expect(page.get_by_role("list", name="Attachments").locator("li")).to_have_text(
        ["a.txt", "pasted.txt"]
    )


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


def test_the_first_load_is_small(built_console: Path) -> None:
    page = (built_console / "index.html").read_text()
    first = [built_console / path for path in re.findall(r"/(assets/[^\"]+)", page)]
    first += (built_console / "assets").glob("project-page-*.js")
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in first}
    assert len(sizes) >= 3
    assert sum(sizes.values()) < MAX_FIRST_LOAD, sizes
