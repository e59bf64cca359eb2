"""How the library that witnesses use finds things on a page, in a real browser."""

import importlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from fixtures.engine import ROOT
from fixtures.gate_world import TEMPLATE

pytestmark = pytest.mark.integration

PAGE = """
<dialog><label>Tag <input name="closed"></label></dialog>
<label>Tag<select name="shown"><option>All tags</option><option>wood</option></select></label>
<label>Photo caption<input name="caption"></label>
<label>Photo <input type="file" name="photo" hidden></label>
<label>Price (cents) *<input name="price"></label>
<button onclick="document.title = confirm('Retire it?') ? 'yes' : 'no'">Retire</button>
"""


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The app of a witness, standing before PAGE."""
    monkeypatch.syspath_prepend(ROOT / f"templates/{TEMPLATE}/acceptance")
    library: Any = importlib.import_module("witness.app")
    recordings: Any = importlib.import_module("witness.recording")
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        world = library.World(browser, recordings.Recording(None), None, 2000)
        app = library.App(world, world.new_context())
        app.page.set_content(PAGE)
        yield app
        world.close()
        browser.close()


@pytest.mark.parametrize(
    ("label", "name"),
    [("Tag", "shown"), ("Photo", "photo"), ("Photo caption", "caption"), ("Price", "price")],
)
def test_a_field_is_found_by_what_a_person_reads(app: Any, label: str, name: str) -> None:
    assert app.field(label).get_attribute("name") == name


def test_questions_are_answered_with_yes_or_as_the_witness_says(app: Any) -> None:
    page: Page = app.page
    app.button("Retire").click()
    assert page.title() == "yes"
    page.once("dialog", lambda dialog: dialog.dismiss())
    app.button("Retire").click()
    assert page.title() == "no"
