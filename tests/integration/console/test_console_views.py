"""Every view with its states: readable by all, and nothing wider than the screen."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from fixtures.api_twins import PNG
from fixtures.console import Console
from fixtures.console_looks import FITS, faults_of_look
from fixtures.console_story import SHA, begins, ends, reads_wishes, writes
from stackwright.core.events import FormField, PreviewReady, UserInputRequired

pytestmark = pytest.mark.integration

LONG = "a_very_long_name_without_any_place_to_break_it_" * 5


async def told(console: Console) -> dict[str, Any]:
    """Projects in the states that a person meets; each view's address, and what shows that it is there."""
    twin, accept = console.api.twin, console.api.services.runs.accept
    twin.pictures[SHA] = PNG
    working = await accept(user_id="local", project_id="working", message=f"books, authors {LONG}")
    url = f"http://{console.api.preview('working')}"
    await twin.emit(working.run_id, *begins("working"), reads_wishes(working.run_id))
    await twin.emit(working.run_id, *writes(f"backend/{LONG}.py"), PreviewReady(url=url, port=3000))
    asks = await accept(user_id="local", project_id="asks", message="A shop")
    fields = (
        FormField(name="a", label="How?", kind="choice", choices=("Cash", LONG)),
        FormField(name="b", label=LONG),
    )
    await twin.emit(asks.run_id, *begins("asks"), UserInputRequired(question=LONG, fields=fields))
    ended = await accept(user_id="local", project_id="ended", message=LONG)
    await twin.emit(ended.run_id, *begins("ended"), *ends(twin, "ended", ended.run_id, ok=False))
    twin.add_project("local", "fresh", LONG)
    return {
        "/": "Your projects",
        "/projects/working/preview": "Restart the app",
        "/projects/working/chat": "Stop",
        "/projects/asks/chat": "Stop",
        "/projects/ended/wishes": "Your wishes",
        "/projects/ended/chat": "Message",
        "/projects/fresh/preview": "No app yet",
        "/projects/nobody": "There is no such project",
        "/platform": "Keys, and what they turn on",
    }


async def shown(page: Page, text: str) -> None:
    by_name = page.get_by_label(text, exact=True).or_(page.get_by_role("button", name=text))
    heading = page.get_by_role("heading", name=text)
    await expect(heading.or_(by_name).first).to_be_visible()


async def test_what_is_cut_off_or_covered_is_seen(console: Console) -> None:
    page = await console.open()
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.evaluate(
        """() => {
          const root = document.getElementById('root');
          root.innerHTML = `<p>fine</p><div>${'long'.repeat(99)}</div><div>${'wide'.repeat(99)}</div><button>free</button><button>under</button><i></i>`;
          const [, long, wide, , under, over] = root.children;
          Object.assign(long.style, { overflow: 'hidden', textOverflow: 'ellipsis' });
          wide.style.overflow = 'hidden';
          const { left, top } = under.getBoundingClientRect();
          Object.assign(over.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: '99px', height: '99px' });
        }"""
    )
    found = await page.evaluate(FITS)
    assert [fault.split(": ")[0] for fault in found] == ["cut off", "covered"], found
    assert "under" in found[1]


async def test_every_view_can_be_read_by_all_and_fits(console: Console) -> None:
    views = await told(console)
    page = await console.open()
    found: list[str] = []
    for path, sign in views.items():
        await page.goto(console.api.url + path)
        found += await faults_of_look(page, path, lambda sign=sign: shown(page, sign))
    assert found == []
    console.problems[:] = [text for text in console.problems if "404" not in text]


async def test_the_theme_changes_at_once_for_who_wants_no_motion(console: Console) -> None:
    page = await console.open()
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await shown(page, "What do you want to build?")
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    moving = "document.getAnimations().filter(one => one instanceof CSSTransition).length"
    assert await page.evaluate(moving) == 0


async def test_a_project_is_used_without_a_mouse(console: Console) -> None:
    await told(console)
    page = await console.open("/projects/ended/wishes")
    await expect(page.get_by_role("heading", name="Your wishes")).to_be_visible()
    await page.keyboard.press("Alt+1")
    await expect(page.get_by_role("tab", name="Preview")).to_have_attribute("data-state", "active")
    await page.get_by_role("tab", name="Preview").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Wishes")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("tab", name="Wishes")).to_have_attribute("data-state", "active")
    await page.get_by_role("button", name="Step 1: /books").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Step 1: /books")).to_be_focused()
