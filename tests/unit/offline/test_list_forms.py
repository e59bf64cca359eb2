import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app

SALES = (
    "customers with name; sales with date, customer, amount in euros and status (open, won, lost). "
)
BOOKS = "books with title and pages; reviews with book, rating and text. "


@pytest.mark.parametrize(
    ("first", "sentence", "text"),
    [
        (SALES, "Sort the sales by date, newest first.", "Sales are listed by date (the last or highest first)."),
        (BOOKS, "Reviews sorted by rating, highest first.", "Reviews are listed by rating (the last or highest first)."),
        (BOOKS, "Search books by title.", "Books can be searched by title."),
        (SALES, "Hide the amount in the list of sales.", "The list of sales hides amount."),
        (SALES, "Sort sales newest first.", "Sales are listed by date (the last or highest first)."),
    ],
)  # fmt: skip
def test_lists_in_the_words_of_people(first: str, sentence: str, text: str) -> None:
    reading = read_app(first + sentence)
    assert [one.text for one in reading.fulfilled] == [text]
    assert (reading.unbuilt, reading.unread) == ((), ())


def test_an_order_by_what_is_not_there_is_not_built() -> None:
    assert read_app(BOOKS + "Sort the books by weight.").fulfilled == ()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("hide the author in the books list", "The list of books hides author."),
        ("please hide rating in the list of reviews", "The list of reviews hides rating."),
    ],
)
def test_a_column_is_hidden_or_shown(message: str, text: str) -> None:
    spec = read_app("books with title, author and pages; reviews with book, rating and text.").spec
    assert read_change(message, spec).operations == (text,)
