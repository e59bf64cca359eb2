import pytest

from fixtures.reading_score import Case, cases
from stackwright.core.message_words import left_over, sentences, unsaid
from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.offline.wishes import PlannedWish, wishes_of_app, wishes_of_change


def of_app(message: str) -> list[PlannedWish]:
    return wishes_of_app(message, read_app(message))


def of_change(app: str, message: str) -> list[PlannedWish]:
    before = read_app(app).spec
    change = read_change(message, before)
    return wishes_of_change(message, before, change.spec, change.renames)


def left(message: str, wishes: list[PlannedWish]) -> tuple[str, ...]:
    return left_over([message], [quote for wish in wishes for quote in wish.quotes])


def shown(wishes: list[PlannedWish]) -> list[tuple[str | None, str, str]]:
    return [(wish.shows, wish.entity, wish.field) for wish in wishes]


@pytest.mark.parametrize(
    "message",
    [
        "a library with books, authors and loans with due dates",
        "an issue tracker with priorities low/medium/high",
        "a library with books (title, pages, rating from 1 to 5, format: paper/e-book)",
        "Create a todo app with FastAPI and Next.js",
    ],
)
def test_a_message_that_is_understood_leaves_no_word_over(message: str) -> None:
    wishes = of_app(message)
    assert left(message, wishes) == ()
    assert all(quote in message for wish in wishes for quote in wish.quotes)
    assert all(unsaid(wish.text, wish.quotes) == () for wish in wishes)


def test_each_part_is_a_wish_of_its_own_with_what_a_witness_looks_at() -> None:
    wishes = of_app("a library with books (rating from 1 to 5, format: paper/e-book) and authors")
    assert {
        ("title", "", ""),
        ("records", "book", ""),
        ("records", "author", ""),
        ("records", "book", "rating"),
        ("limits", "book", "rating"),
        ("choices", "book", "format"),
    } <= set(shown(wishes))
    (limits,) = [wish for wish in wishes if wish.shows == "limits"]
    assert (limits.kind, limits.quotes) == ("rule", ("1 to 5",))


def test_at_most_so_many_among_the_fields_is_a_number_within_that_bound() -> None:
    message = "a yoga studio with classes: date, max 12 people"
    (bound,) = [wish for wish in of_app(message) if "max 12 people" in wish.quotes]
    assert (bound.kind, bound.shows, bound.entity, bound.field) == (
        "rule",
        "limits",
        "class",
        "people",
    )


def test_a_quote_does_not_reach_over_words_that_were_not_understood() -> None:
    message = "Customers rent skis, boots and poles. Skis: brand, length in cm."
    said = " ".join(quote for wish in of_app(message) for quote in wish.quotes)
    assert "boots" not in said


def test_what_the_reader_left_out_is_a_wish_that_is_not_built() -> None:
    message = "A booking app: classes with a date, students book classes, send email reminders"
    (left_out,) = [wish for wish in of_app(message) if wish.not_built]
    assert left_out.quotes == ("send email reminders",)
    assert left_out.shows is None


def test_whom_the_app_is_for_is_said_on_its_start_page() -> None:
    wishes = of_app("a booking app for my yoga studio: classes with a date and a teacher")
    assert ("about", "", "yoga studio") in shown(wishes)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "add a rating from 1 to 5 to books",
            {("field", "book", "rating"), ("limits", "book", "rating")},
        ),
        ("rename books to novels", {("records", "novel", "")}),
        ("remove the bio from authors", {("gone", "author", "Bio")}),
        ("call the app Shelf", {("title", "", "")}),
        (
            "add a status to books: wanted, reading, read",
            {("field", "book", "status"), ("choices", "book", "status")},
        ),
    ],
)
def test_a_change_is_wished_for_in_its_own_words(
    message: str, expected: set[tuple[str, str, str]]
) -> None:
    wishes = of_change("a library with books and authors", message)
    assert set(shown(wishes)) == expected
    assert left(message, wishes) == ()


def test_what_was_not_changed_is_left_over() -> None:
    message = "let me filter books by format and export them to CSV"
    assert left(message, of_change("a library with books and authors", message)) != ()


def test_a_rule_about_what_another_sentence_names_is_quoted_alone() -> None:
    message = (
        "Rehearsals with date, start and end, and place. A rehearsal can't end before it starts. "
        "Show me rehearsals in a calendar."
    )
    quotes = [quote for wish in of_app(message) for quote in wish.quotes]
    assert all(len(sentences(quote)) <= 1 for quote in quotes)
    assert "rehearsal can't end before it starts" in quotes
    assert left(message, of_app(message)) == ()


def test_whether_asks_for_nothing_of_its_own() -> None:
    message = "singers with name and whether they paid. I want to filter by paid."
    wishes = of_app(message)
    assert left(message, wishes) == ()
    assert [unsaid(wish.text, wish.quotes) for wish in wishes] == [()] * len(wishes)


@pytest.mark.parametrize("case", [pytest.param(c, id=c.text[:50]) for c in cases("people.txt")])
def test_each_wish_says_all_that_it_quotes(case: Case) -> None:
    """The platform tells what a wish quotes without saying it as not understood."""
    for wish in wishes_of_app(case.text, read_app(case.text)):
        assert wish.not_built or unsaid(wish.text, wish.quotes) == (), wish.text
