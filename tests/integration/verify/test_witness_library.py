"""How the library that witnesses use finds things on a page, in a real browser."""

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
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
<div style="width: 400px; overflow-x: auto; display: flex">
  <p id="card" onpointerdown="held = true">Card</p>
  <p id="lane" style="margin-left: 3000px; min-width: 200px" onpointerup="document.title = held ? 'dropped' : ''">Lane</p>
</div>
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


BOAT = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "length": {"anyOf": [{"type": "number", "maximum": 30}, {"type": "null"}]},
        "built": {"type": "string", "format": "date"},
        "owner_id": {"type": "string"},
    },
}
BODY = {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/boat"}}}}}
DESCRIPTION = {
    "paths": {"/api/boats": {"post": BODY}, "/api/boats/{id}": {"patch": BODY, "delete": {}}},
    "boat": BOAT,
}
SOUND = {"name": "Ida", "length": 31, "owner_id": "o1"}


@pytest.mark.parametrize(
    ("status", "method", "path", "sent", "about"),
    [
        (422, "POST", "/api/boats", SOUND, "refused"),
        (409, "POST", "/api/boats", {"name": "Ida", "length": None}, "refused"),
        (404, "DELETE", "/api/boats/b1", None, "refused"),
        (422, "POST", "/api/boats", {"length": 31}, "refused_form"),
        (422, "POST", "/api/boats", {**SOUND, "name": " "}, "refused_form"),
        (422, "POST", "/api/boats", {**SOUND, "shares_berth": True}, "refused_form"),
        (422, "POST", "/api/boats", {**SOUND, "length": "never longer"}, "refused_form"),
        (422, "POST", "/api/boats", {**SOUND, "length": True}, "refused_form"),
        (422, "POST", "/api/boats", {**SOUND, "built": "long ago"}, "refused_form"),
        (422, "POST", "/api/boats", {**SOUND, "owner_id": "o9"}, "refused_form"),
        (422, "PATCH", "/api/boats/b1", {"name": ""}, "refused_form"),
        (404, "DELETE", "/api/boats/b2", None, "refused_form"),
        (401, "POST", "/api/boats", SOUND, "refused_person"),
        (404, "POST", "/api/boats/berth/201", SOUND, ""),
        (405, "PUT", "/api/boats", SOUND, ""),
    ],
)
def test_a_refusal_is_about_a_rule_only_where_the_app_would_take_what_was_sent(
    monkeypatch: pytest.MonkeyPatch, status: int, method: str, path: str, sent: Any, about: str
) -> None:
    monkeypatch.syspath_prepend(ROOT / f"templates/{TEMPLATE}/acceptance")
    refusals: Any = importlib.import_module("witness.refusals")
    monkeypatch.setattr(refusals, "description", lambda: DESCRIPTION)
    known = '{"id": "b1", "owner_id": "o1"}'
    assert refusals.about(status, method, f"http://app{path}", sent, known) == about


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


def test_what_is_out_of_sight_is_scrolled_to_while_it_is_dragged_to(app: Any) -> None:
    card, lane = app.page.locator("[id='card']"), app.page.locator("#lane")
    app.drag(card, lane)
    assert app.page.title() == "dropped"
    assert app._world.recording.steps[-1]["text"] == "drag [id='card'] to #lane"


def test_a_refusal_is_told_by_the_address_that_the_description_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / f"templates/{TEMPLATE}/acceptance")
    refusals: Any = importlib.import_module("witness.refusals")
    monkeypatch.setattr(refusals, "description", lambda: DESCRIPTION)
    assert refusals.address_of("http://app/api/boats/b1?x=1") == "/api/boats/{id}"
    assert refusals.address_of("http://app/boats") == "/boats"


WITNESS = """
def wish(test):
    return test


@wish
def test_boats(app):
    app.append("first")
    assert app == ["another"]
    unknown = nothing
    for number in range(2):
        app.append(number)
"""


def test_a_witness_can_be_run_to_its_end_whatever_fails_on_the_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(ROOT / f"templates/{TEMPLATE}/acceptance")
    library: Any = importlib.import_module("witness.going_on")
    path = tmp_path / "test_boats.py"
    path.write_text(WITNESS)
    names: dict[str, Any] = {}
    exec(compile(WITNESS, str(path), "exec"), names)
    done: list[object] = []
    with pytest.raises(AssertionError):
        library.going_on(names["test_boats"])(app=done)
    assert done == ["first", 0, 1]


def test_what_was_made_before_is_lost_when_the_trying_begins(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: Any = importlib.import_module("witness.faults")
    database: Any = importlib.import_module("witness.database")
    boats: set[tuple[str, int]] = {("members", 1)}
    monkeypatch.setattr(faults, "are_records_lost", lambda: True)
    monkeypatch.setattr(database, "ids", lambda: set(boats))
    monkeypatch.setattr(database, "remove", boats.difference_update)
    with app._world.making():
        boats.add(("boats", 7))
    assert ("boats", 7) in boats
    app.reload()
    assert boats == {("members", 1)}
    assert app._world.recording.setups == 1


def test_other_records_have_other_numbers_and_what_refers_to_one_is_there_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / f"templates/{TEMPLATE}/acceptance")
    library: Any = importlib.import_module("witness.database")
    room = ("rooms", {"_id": 7, "name": "Blue", "seats": 4, "isOpen": True})
    booking = ("bookings", {"_id": 8, "room": "7", "hours": 1.5})
    assert library.other_numbers({"seats": 4, "isOpen": True, "name": "Blue"}) == {"seats": 5}
    assert library.to_copy([room, booking]) == [booking]
    assert library.to_copy([room]) == [room]
    assert library.to_copy([]) == []
