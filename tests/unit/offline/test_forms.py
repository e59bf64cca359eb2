import pytest

from stackwright.offline.draft import AppDraft
from stackwright.offline.forms import FormReader
from stackwright.offline.naming import Place
from stackwright.offline.reader import read_app


def read(text: str, *, loose: bool = False) -> AppDraft:
    app = AppDraft()
    forms = FormReader(app)
    forms.read_list(text, Place(kinds=not loose, loose=loose))
    forms.kinds.finish()
    return app


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("books (title, pages)", {"book": ["title", "pages"]}),
        ("tasks with title and due date", {"task": ["title", "due_date"]}),
        ("Tasks: title, due date", {"task": ["title", "due_date"]}),
        ("loans belong to a book and a member", {"loan": ["book_id", "member_id"], "book": [], "member": []}),
        ("authors write books", {"author": [], "book": ["author_id"]}),
        ("orders with date and items with product and quantity, note", {"order": ["date", "notes"], "item": ["order_id", "product", "quantity"]}),
    ],
)  # fmt: skip
def test_each_form_makes_its_kinds_and_fields(text: str, made: dict[str, list[str]]) -> None:
    assert {name: list(e.given) for name, e in read(text).entities.items()} == made


@pytest.mark.parametrize(
    "text",
    ["Martha keeps everything in a notebook", "it is a mess", "Love, Ana", "information gets lost"],
)
def test_a_story_makes_nothing_and_is_kept_with_its_words(text: str) -> None:
    app = read(text, loose=True)
    assert app.entities == {}
    assert app.orphans == []
    assert app.unread


def test_a_rule_among_fields_is_named_and_makes_no_field() -> None:
    app = read("bookings with date, no overlap and price")
    assert list(app.entities["booking"].given) == ["date", "price"]
    assert [one.words for one in app.unbuilt] == ["no overlap"]


def test_start_and_end_beside_a_date_are_times() -> None:
    booking = read("bookings with date, start, end").entities["booking"]
    assert [f.type for f in booking.given.values()] == ["date", "time", "time"]
    loan = read("loans with from, until").entities["loan"]
    assert [f.type for f in loan.given.values()] == ["date", "date"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plants have a name; a repotting concerns a pot and has a date, substrate", {"plant": ["name"], "repotting": ["pot_id", "date", "substrate"], "pot": []}),
        ("tasks with title; invoices bundle work and have an issue date", {"task": ["title"], "invoice": ["issue_date"]}),
        ("a tuning is for a piano, happens with date, has a price", {"tuning": ["piano_id", "date", "price"], "piano": []}),
        ("ropes and harnesses: all of it must be checked", {"rope": []}),
    ],
)  # fmt: skip
def test_what_follows_belongs_to_the_subject_of_words_that_were_not_understood(
    text: str, made: dict[str, list[str]]
) -> None:
    assert {name: list(e.given) for name, e in read(text).entities.items()} == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("postcards: place; each letter shows a place, was sent by somebody, has a postmark date", {"postcard": ["place"], "letter": ["postmark_date"]}),
        ("keys with code; members with name, when a key was handed out, when it came back", {"key": ["code"], "member": ["name"]}),
        ("trucks with name and an owner who can be reached by phone", {"truck": ["name", "owner"]}),
        ("repairs on an instrument cost money", {"repair": []}),
    ],
)  # fmt: skip
def test_words_that_were_not_understood_make_no_kind_and_no_field(
    text: str, made: dict[str, list[str]]
) -> None:
    assert {name: list(e.given) for name, e in read(text).entities.items()} == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("an instrument is lent to a player with start date and end date", {"instrument": [], "player": [], "loan": ["player_id", "instrument_id", "start_date", "end_date"]}),
        ("Members: name, a member number that must be unique, a country they collect", {"member": ["name", "member_number", "country"]}),
    ],
)  # fmt: skip
def test_what_is_told_in_a_clause_of_its_own_is_read(text: str, made: dict[str, list[str]]) -> None:
    assert {name: list(e.given) for name, e in read(text).entities.items()} == made


def test_what_is_by_one_in_another_refers_to_both() -> None:
    made = read("guests with name; beds with number; a stay is by a guest in a bed, has a price")
    assert list(made.entities["stay"].given) == ["guest_id", "bed_id", "price"]
    assert list(made.entities["guest"].given) == ["name"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("films with title; a job is for a film, has a due date", {"film": ["title"], "job": ["film_id", "due_date"]}),
        ("plots with number; tenants with name; each plot is rented by one tenant", {"plot": ["number", "tenant_id"], "tenant": ["name"]}),
        ("plots with number, and a waiting list that lives in the chairwoman's head", {"plot": ["number"]}),
    ],
)  # fmt: skip
def test_links_are_made_to_kinds_that_are_told_of(text: str, made: dict[str, list[str]]) -> None:
    assert {name: list(e.given) for name, e in read(text).entities.items()} == made


def test_members_borrow_books_from_a_day_to_a_day() -> None:
    """What is done leaves a loan, whose days they are; the book has none."""
    spec = read_app("Books have a title. Members borrow books from a date to a date.").spec
    assert [f.name for f in spec.entity("book").fields] == ["title"]
    loan = [f.name for f in spec.entity("loan").fields]
    assert loan == ["member_id", "book_id", "start_date", "end_date"]
