"""The look check over a real application: a sound one passes, and what a person cannot see or read is told."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from fixtures.gate_world import World, application, failures
from stackwright.sandbox.endpoint import Endpoint
from stackwright.verify.checks import ENVIRONMENT, LOOK, PARSES, SERVICES

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
]

LIST = "frontend/components/records/list-page.tsx"
HOME = "frontend/pages/index.tsx"
FRAME = "frontend/pages/_app.tsx"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(endpoint: Endpoint) -> AsyncIterator[World]:
    async with application(endpoint, "todo", only=(PARSES, SERVICES, ENVIRONMENT, LOOK)) as world:
        yield world


async def test_a_sound_app_passes(app: World) -> None:
    assert failures(await app.verify()) == {}


async def test_what_cannot_be_seen_or_read_is_told(app: World) -> None:
    seeded = """<><RecordList resource={resource} onAdd={add} />
      <p style={{ color: "#ddd", background: "#fff" }}>Hardly to be read</p>
      <div style={{ width: 900 }}>A ruler</div>
      <button type="button"><svg width="20" height="20" /></button>
      <input name="nothing" />
      <h2 style={{ width: 60, overflow: "hidden", whiteSpace: "nowrap" }}>A heading that is cut</h2></>"""
    hidden = '<AppShell><style>{"main { opacity: 0 }"}</style>'
    async with AsyncExitStack() as stack:
        line = "<RecordList resource={resource} onAdd={add} />"
        await stack.enter_async_context(app.edited(LIST, line, seeded))
        await stack.enter_async_context(app.edited(HOME, "<AppShell>", hidden))
        detail = failures(await app.verify())[LOOK].detail
    for words in (
        "/tasks Elements must meet minimum color contrast",
        "/tasks at 390 px: the page is ",
        "/tasks Buttons must have discernible text",
        "/tasks Form elements must have labels",
        "/tasks at 1440 px: the text of <h2> “A heading that is cut” is cut off",
        "/ at 1440 px: the main content <main",
    ):
        assert words in detail, detail


async def test_an_app_that_comes_without_its_style_sheet_is_told(app: World) -> None:
    async with app.edited(FRAME, 'import "@/styles/globals.css";\n', ""):
        detail = failures(await app.verify())[LOOK].detail
    assert "/tasks at 1440 px: the page has no style of its own" in detail


async def test_what_cannot_be_read_in_the_dark_is_told(app: World) -> None:
    """Whatever theme the browser itself is set to: others who use it change that."""
    style = "@media (prefers-color-scheme: dark) { html { background: #000 !important } h1 { color: #111 !important; background: #000 !important } }"
    async with app.edited(HOME, "<AppShell>", f"<AppShell><style>{{'{style}'}}</style>"):
        detail = failures(await app.verify())[LOOK].detail
    assert "/ in the dark: Elements must meet minimum color contrast" in detail


async def test_a_keyboard_that_is_nowhere_to_be_seen_is_told(app: World) -> None:
    style = "*, *:focus, *:focus-visible { outline: none !important; box-shadow: none !important; border-color: #888 !important }"
    async with app.edited(HOME, "<AppShell>", f"<AppShell><style>{{'{style}'}}</style>"):
        detail = failures(await app.verify())[LOOK].detail
    assert "/ nothing shows that the keyboard is at <" in detail
