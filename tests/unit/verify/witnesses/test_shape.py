import pytest

from stackwright.verify.witnesses.shape import (
    MAX_BYTES,
    TOO_DEEP,
    WitnessFile,
    actors_problems,
    read_witness,
    witnesses_of,
)

SOUND = """
import pytest
from witness import expect


def add(app, name):
    app.field("Name").fill(name)
    app.button("Save").click()


@pytest.mark.wish("w1")
@pytest.mark.wish("w2")
def test_added(app):
    page = app.visit("/rooms")
    add(app, "Green")
    app.reload()
    expect(page.get_by_text("Green")).to_be_visible()
"""


def read_it(body: str, wish: str = '@pytest.mark.wish("w1")', takes: str = "app") -> WitnessFile:
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    source = (
        f"import pytest\nfrom witness import expect\n\n{wish}\ndef test_it({takes}):\n{indented}\n"
    )
    return read_witness("test_it.py", source.encode())


def problems(body: str, *, wish: str = '@pytest.mark.wish("w1")', takes: str = "app") -> str:
    file = read_it(body, wish, takes)
    (test,) = file.tests
    return "; ".join((*file.problems, *test.problems))


def test_a_sound_witness_has_no_problems_and_names_its_wishes() -> None:
    file = read_witness("test_rooms.py", SOUND.encode())
    (test,) = file.tests
    assert (file.problems, test.problems) == ((), ())
    assert set(test.wishes) == {"w1", "w2"}
    assert [found.name for _, found in witnesses_of([file], "w2")] == ["test_added"]
    assert witnesses_of([file], "w3") == []


@pytest.mark.parametrize(
    "body",
    [
        'app.visit("/")\nexpect(app.page.get_by_text("Terms")).to_be_visible()',
        'assert app.api.post("/api/rooms", {}).status == 422',
        'answer = app.api.get("/api/rooms")\nassert answer.json()["total"] == 0',
        'staff = app.as_actor("staff")\nassert staff.api.get("/api/members").status == 200',
        'answer = app.api.post("/a", {})\nassert answer.status >= 400\nassert app.records("a").list() == []',
    ],
)
def test_shapes_that_can_show_something(body: str) -> None:
    assert problems(body) == ""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('app.visit("/")', "asserts nothing"),
        ("assert True", "nothing before"),
        ('assert app is not None\napp.api.post("/api/rooms", {})', "nothing after"),
        ('answer = app.api.post("/a", {})\nassert answer.status >= 400', "some status"),
        ('answer = app.api.post("/a", {})\nassert not answer.ok', "some status"),
    ],
)
def test_shapes_that_show_nothing(body: str, said: str) -> None:
    assert said in problems(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import os", "cannot import os"),
        ("from subprocess import run", "cannot import subprocess"),
        ("import urllib3", "cannot import urllib3"),
        ("from .other import x", "cannot import other"),
        ('open("/home/user/code/backend/main.py", "w")', "cannot use open"),
        ("getattr(app, '_context')", "cannot use getattr"),
        ("app._context.close()", "cannot use the private _context"),
        ("import time\ntime.sleep(5)", "cannot use sleep"),
        ('pytest.skip("later")', "cannot use skip"),
        ("import witness", "cannot import witness"),
        ("import witness.plugin", "cannot import witness.plugin"),
        ("from witness import plugin", "cannot import plugin from witness"),
        ("from witness.plugin import Results", "cannot import witness.plugin"),
        ("import typing\ntyping.sys.exit()", "cannot use sys"),
        ("import uuid\nuuid.os.getpid()", "cannot use os"),
        ("expect.set_options = print", "cannot set set_options"),
        ('pytest.MonkeyPatch().setenv("A", "b")', "cannot use MonkeyPatch"),
        ("def helper(request):\n    return request", "cannot take request"),
        ('app.page.route("**/api/mails", print)', "cannot use route"),
        ('app.page.set_content("Sent")', "cannot use set_content"),
    ],
)
def test_a_witness_reaches_for_nothing_but_the_app(body: str, said: str) -> None:
    assert said in problems(f'{body}\napp.visit("/")\nassert app.page.title() == "x"')


def test_actors_keep_to_the_rules_of_witnesses() -> None:
    sound = b'from witness import Actor\n\nACTORS = {"ann": Actor(lambda app: app.api.post("/login"))}\n'
    assert actors_problems(sound) == ()
    assert actors_problems(b"") == ()
    (problem,) = actors_problems(b"import witness.plugin as plugin\n")
    assert "cannot import witness.plugin" in problem


def test_marks_and_arguments_are_needed() -> None:
    body = 'app.visit("/")\nassert app.page.title() == "x"'
    assert "no wish" in problems(body, wish="@pytest.mark.slow")
    assert "does not take `app`" in problems(body, takes="")


def test_a_skipped_witness_is_none() -> None:
    mark = '@pytest.mark.wish("w1")\n@pytest.mark.xfail'
    assert "cannot use xfail" in problems('app.visit("/")\nassert app.page.title()', wish=mark)


@pytest.mark.parametrize(
    "content", [b"def test_x(:", b"\xff\xfe\x00", b"x" * (MAX_BYTES + 1), b"(" * 5000]
)
def test_what_cannot_be_read_is_a_problem_and_no_crash(content: bytes) -> None:
    file = read_witness("test_x.py", content)
    assert file.tests == ()
    assert file.problems


NAMING = '''
import pytest
from witness import expect

URL = "/bookings"


def save(app):
    app.button("Save").click()


@pytest.mark.wish("w1")
def test_overlap(app):
    """Nobody reads this sentence."""
    app.step("the reminders are sent")
    app.visit(URL)
    app.field("Room").fill("a chart of everything")
    save(app)
    app.api.post("/api/bookings", {"room_id": 1})
    app.records("rooms").create(seats=3)
    assert app.records("bookings").list() == [], "the mail is missing"
'''


def test_the_words_of_a_witness_are_those_of_the_app() -> None:
    (test,) = read_witness("test_x.py", NAMING.encode()).tests
    assert set(test.words) == {
        *("/bookings", "Room", "Save", "/api/bookings", "room_id", "rooms", "seats", "bookings")
    }


def test_the_same_deeds_under_another_name_are_recognised() -> None:
    renamed = NAMING.replace("test_overlap", "test_reminders").replace("Nobody", "Somebody")
    (one,) = read_witness("test_x.py", NAMING.encode()).tests
    (other,) = read_witness("test_y.py", renamed.encode()).tests
    assert one.body == other.body != ""


TWO = """
import pytest

AMOUNT = "3"

@pytest.mark.wish("w1")
def test_oats(app):
    app.field("Amount").fill(AMOUNT)
    assert app.records("oats").only()

@pytest.mark.wish("w2")
def test_rye(app):
    app.button("Save").click()
    assert app.records("rye").only()
"""


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('"Save"', '"Keep"', {"test_rye"}),
        ("    app.button", "    # a note\n    app.button", set[str]()),
        ("    app.button", "    global AMOUNT\n    app.button", {"test_oats", "test_rye"}),
        ('AMOUNT = "3"', 'AMOUNT = "4"', {"test_oats", "test_rye"}),
        ('"w2"', '"w3"', {"test_rye"}),
    ],
    ids=["its own line", "a comment", "what all share from within", "what all share", "its wish"],
)
def test_a_change_concerns_the_tests_that_it_may_change(
    old: str, new: str, changed: set[str]
) -> None:
    before, after = (
        {test.name: test.digest for test in read_witness("test_x.py", text.encode()).tests}
        for text in (TWO, TWO.replace(old, new))
    )
    assert {name for name in before if before[name] != after[name]} == changed


@pytest.mark.parametrize("deep", ["+".join(["1"] * 900), "a" + ".b" * 900])
def test_an_expression_without_end_is_a_problem_of_the_file(deep: str) -> None:
    file = read_witness("test_x.py", f"def test_a(app):\n    assert {deep}\n".encode())
    assert file.problems == (TOO_DEEP,)
