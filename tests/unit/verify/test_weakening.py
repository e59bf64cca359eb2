"""A run that makes tests say less is found out, however it does it."""

import json
from pathlib import Path

import pytest

from stackwright.core.wishes import Wish
from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec
from stackwright.verify.weakening import is_watched, weakened

DATA = Path(__file__).parents[2] / "data" / "scaffold"
TEST = """\
import pytest
from witness import expect

@pytest.mark.wish("w1")
def test_booking(app):
    answer = app.api.post("/api/bookings", {})
    assert answer.status == 409
    assert "booked" in answer.text
    expect(app.page.get_by_text("No")).to_be_visible()
"""
PATH = "acceptance/test_booking.py"
UNIT = """\
import pytest

class TestOrders:
    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_orders_count(self, n):
        assert n
        with pytest.raises(ValueError):
            make(n)

def check(value):
    assert value
    assert value > 1

def test_orders_helper():
    check(3)
"""
UNIT_PATH = "backend/tests/test_orders.py"
WISH = Wish(id="w1", text="Bookings that overlap are refused", kind="rule", quotes=("x",),
            run_id="r0", is_pinned=True, state="proven")  # fmt: skip
BEFORE = {PATH: TEST.encode(), UNIT_PATH: UNIT.encode()}


def after(path: str, *replacements: tuple[str, str]) -> dict[str, bytes]:
    text = BEFORE[path].decode()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return {**BEFORE, path: text.encode()}


def said(files: dict[str, bytes], wish: Wish = WISH) -> str:
    return "\n".join(weakened(BEFORE, files, [wish], "r1"))


def test_nothing_is_said_of_unchanged_added_and_strengthened_tests() -> None:
    assert said(BEFORE) == ""
    assert said({**BEFORE, "acceptance/test_new.py": b"def test_a(app): assert app.x\n"}) == ""
    more = (
        '    assert "booked" in answer.text',
        '    assert "booked" in answer.text\n    assert answer.json()',
    )
    assert said(after(PATH, more)) == ""


WEAKER = [
    (PATH, ('    assert "booked" in answer.text\n', ""), "asserts less: 2 instead of 3"),
    (PATH, ("    expect(app.page", "    (app.page"), "asserts less"),
    (PATH, ("def test_booking", "def booking"), "test_booking was deleted"),
    (PATH, ("answer.status == 409", "answer.status in (200, 409)"), "does not assert any more: answer.status == 409"),
    (PATH, (").to_be_visible()", ").not_to_be_visible()"), "does not assert any more"),
    (PATH, ('"booked" in answer.text', "True"), "asserts less"),
    (PATH, ('"booked" in answer.text', "answer.text == answer.text"), "asserts less"),
    (PATH, ('"booked" in answer.text', '"booked" in answer.text or True'), "asserts less"),
    (PATH, ('"booked" in answer.text', '("booked" in answer.text, "message")'), "asserts less"),
    (PATH, ("    answer =", "    return\n    answer ="), "asserts less: 0 instead of 3"),
    (PATH, ("    answer =", "    pytest.skip()\n    answer ="), "asserts less: 0"),
    (PATH, ("    assert answer.status", "    if False:\n        assert answer.status"), "asserts less"),
    (PATH, ("    assert answer.status == 409", "    try:\n        assert answer.status == 409\n    except AssertionError:\n        pass"), "asserts less"),
    (PATH, ("    assert answer.status == 409", "    try:\n        assert answer.status == 409\n    except:\n        pass"), "asserts less"),
    (PATH, ("    assert answer.status == 409", "    with suppress(Exception):\n        assert answer.status == 409"), "asserts less"),
    (PATH, ('@pytest.mark.wish("w1")', '@pytest.mark.wish("w1")\n@pytest.mark.skip'), "is skipped now"),
    (PATH, ('@pytest.mark.wish("w1")', '@pytest.mark.wish("w1")\n@pytest.mark.xfail(reason="x")'), "is skipped now"),
    (PATH, ("import pytest\n", "import pytest\npytestmark = pytest.mark.skip\n"), "is skipped now"),
    (PATH, ("import pytest\n", "import pytest\npytest.skip(allow_module_level=True)\n"), "is skipped now"),
    (PATH, ("import pytest\n", "import pytest\n__test__ = False\n"), "is skipped now"),
    (PATH, ('@pytest.mark.wish("w1")\n', ""), "is not marked for w1 any more"),
    (PATH, ("def test_booking(app):", "def test_booking(app:"), "cannot be read any more"),
    (UNIT_PATH, ("[1, 2, 3]", "[1]"), "TestOrders::test_orders_count asserts less: 2 instead of 6"),
    (UNIT_PATH, ("class TestOrders", "class Orders"), "TestOrders::test_orders_count was deleted"),
    (UNIT_PATH, ("    assert value > 1\n", ""), "test_orders_helper asserts less: 1 instead of 2"),
    (UNIT_PATH, ("    check(3)", "    pass"), "test_orders_helper asserts less: 0 instead of 2"),
    (UNIT_PATH, ("class TestOrders:", "@pytest.mark.skipif(True)\nclass TestOrders:"), "is skipped now"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "change", "sentence"), WEAKER)
def test_a_weaker_test_is_told(path: str, change: tuple[str, str], sentence: str) -> None:
    assert sentence in said(after(path, change))


def test_a_deleted_file_is_told_test_by_test() -> None:
    text = said({PATH: BEFORE[PATH]})
    assert text.splitlines() == [
        f"{UNIT_PATH}::TestOrders::test_orders_count was deleted",
        f"{UNIT_PATH}::test_orders_helper was deleted",
    ]


def test_a_moved_or_renamed_test_is_not_told() -> None:
    moved = {UNIT_PATH: BEFORE[UNIT_PATH], "acceptance/test_other.py": BEFORE[PATH]}
    assert said(moved) == ""
    assert said(after(PATH, ("def test_booking", "def test_better_name"))) == ""
    assert said(after(UNIT_PATH, ("def test_orders_helper", "def test_h"))) == ""


def test_a_witness_may_find_things_otherwise_while_it_asserts_the_same() -> None:
    assert (
        said(
            after(
                PATH,
                ('app.api.post("/api/bookings", {})', 'app.api.post("/api/v2/bookings", {"a": 1})'),
            )
        )
        == ""
    )


def test_settings_that_leave_tests_out_are_told() -> None:
    for path, text in {
        "backend/conftest.py": b"collect_ignore = ['tests/test_orders.py']\n",
        "backend/pytest.ini": b"[pytest]\naddopts = --deselect x\n",
        "backend/tests/conftest.py": b"def pytest_collection_modifyitems(items): items.clear()\n",
    }.items():
        assert is_watched(path)
        assert weakened({path: b""}, {path: text}, [], "r1"), path


def test_what_the_message_asked_to_change_is_not_told() -> None:
    weaker = after(PATH, ("answer.status == 409", "answer.status == 200"))
    asked = WISH.model_copy(update={"run_id": "r1", "is_taken_over": True, "is_pinned": False})
    assert said(weaker) != ""
    assert said(weaker, asked) == ""
    unasked = WISH.model_copy(update={"is_expectation_changed": True})
    assert said(weaker, unasked) != ""
    earlier = WISH.model_copy(update={"is_taken_over": True})
    assert said(weaker, earlier) != ""


def test_a_test_without_a_wish_goes_with_what_the_message_gives_up() -> None:
    gone = {PATH: BEFORE[PATH]}
    orders = Wish(id="w7", text="Orders are listed", kind="data", quotes=("orders",), run_id="r1",
                  is_taken_over=True, state="not_built")  # fmt: skip
    assert said(gone, orders) == ""
    assert said(gone, orders.model_copy(update={"text": "Invoices are listed"})) != ""


def test_what_the_scaffold_regenerates_is_not_told() -> None:
    spec = json.loads((DATA / "todo.json").read_text())

    def files() -> dict[str, bytes]:
        generated = generate(AppSpec.model_validate(spec))
        return {path: text.encode() for path, text in generated.items() if is_watched(path)}

    before = files()
    fields = spec["entities"][0]["fields"]
    spec["entities"][0]["fields"] = [f for f in fields if f["name"] == "title"]
    spec["entities"][0]["filters"] = []
    now = files()
    assert any(path.startswith("backend/tests/") for path in before)
    assert weakened(before, now, [], "r1") == ()
    path = next(p for p in now if p.startswith("backend/tests/test_"))
    emptied = {**now, path: b"def test_nothing(): pass\n"}
    assert weakened(before, emptied, [], "r1") != ()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"(" * 5000, b"x = 1\n" * 100_000, b"\0"])
def test_a_hostile_file_is_one_that_cannot_be_read_any_more(content: bytes) -> None:
    assert "cannot be read any more" in said({**BEFORE, PATH: content})


def test_what_is_told_is_bounded() -> None:
    many = "\n".join(f"def test_{n}(): assert {n}.x" for n in range(100)).replace(".x", " == x")
    told = weakened({UNIT_PATH: many.encode()}, {}, [], "r1")
    assert len(told) == 31
    assert told[-1] == "and 70 more"
