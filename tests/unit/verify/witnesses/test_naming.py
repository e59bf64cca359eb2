import pytest

from stackwright.verify.witnesses.shape import read_witness

HEAD = """
import pytest
from witness import expect

LATER = "A reminder later"


def add(app, name):
    app.field("Name").fill(name)
    app.button("Save").click()


@pytest.mark.wish("w1")
def test_it(app):
"""


def words(body: str, *, absent: bool = False) -> set[str]:
    source = HEAD + "".join(f"    {line}\n" for line in body.splitlines())
    (test,) = read_witness("test_it.py", source.encode()).tests
    return set(test.absent_words if absent else test.words)


SEEN = 'expect(app.page.get_by_text("A reminder")).to_be_visible()'


@pytest.mark.parametrize(
    "body",
    [
        f'app.field("Name").fill("A reminder")\n{SEEN}',
        f'name = "A reminder"\napp.field("Name").fill(name)\n{SEEN}',
        f'app.records("rooms").create(name="A reminder for all")\n{SEEN}',
        f'app.api.post("/api/rooms", {{"name": "a reminder"}})\n{SEEN}',
        f'add(app, "A reminder")\n{SEEN}',
        'add(app, LATER)\nexpect(app.page.get_by_text("reminder")).to_be_visible()',
        'expect(app.page.get_by_text("A reminder")).not_to_be_visible()',
        'expect(app.page.get_by_text("A reminder")).to_have_count(0)',
        'assert "A reminder" not in app.page.content()',
        'assert app.page.title() != "A reminder"',
        f"if app.mails():\n    {SEEN}",
        f"while app.mails():\n    {SEEN}",
        f"for mail in app.mails():\n    {SEEN}",
        f"app.mails() and {SEEN}",
        'assert app.page.title() or "A reminder"',
        'assert all("A reminder" in mail.text for mail in app.mails())',
        f"return\n{SEEN}",
        f"def later():\n    {SEEN}",
    ],
)
def test_what_it_typed_or_may_not_look_for_is_no_word_of_the_app(body: str) -> None:
    assert not [one for one in words(body) if "reminder" in one.casefold()]


@pytest.mark.parametrize(
    "body",
    [
        SEEN,
        f'app.field("Name").fill("Green")\n{SEEN}',
        f'app.field("State").select_option("A reminder")\n{SEEN}',
        'assert app.page.title() and "A reminder" in app.page.content()',
        f"for name in ('a', 'b'):\n    {SEEN}",
        f"for _ in range(2):\n    {SEEN}",
        'app.wait_for_mail(lambda mail: "A reminder" in mail.subject)',
    ],
)
def test_what_it_surely_looks_for_is(body: str) -> None:
    assert "A reminder" in words(body)


def test_what_is_sent_has_fields_of_the_app() -> None:
    found = words('app.api.post("/api/rooms", {"seats": 4, "name": "Green"})')
    assert found == {"/api/rooms", "seats", "name"}


def test_what_is_not_there_is_kept_apart() -> None:
    body = 'expect(app.page.get_by_text("Price")).to_have_count(0)'
    assert words(body) == set()
    assert words(body, absent=True) == {"Price"}


def test_who_deletes_by_a_request_names_that() -> None:
    assert "delete" in words('answer = app.api.delete("/api/rooms/1")\nassert answer.status == 403')
    assert "delete" not in words('app.api.post("/api/rooms", {"name": "delete"})')
    assert "delete" not in words('if app.page:\n    app.api.delete("/api/rooms/1")')
