import pytest

from stackwright.offline.reader import read_app

SALES = (
    "customers with name; sales with date, customer, amount in euros and status (open, won, lost). "
)
BOOKS = "books with title and pages; reviews with book, rating and text. "


@pytest.mark.parametrize(
    ("first", "sentence", "text"),
    [
        (SALES, "Show a chart of sales per month.", "A chart shows how many sales per month."),
        (SALES, "A bar chart of the amount by customer.", "A chart shows the total amount of sales per customer."),
        (SALES, "A line chart of the total amount per week.", "A chart shows the total amount of sales per week."),
        (SALES, "The revenue per month.", "A chart shows the total amount of sales per month."),
        (SALES, "A board by status.", "Sales stand on a board by status and can be moved there."),
        (SALES, "Show sales in a calendar.", "Sales stand in a calendar."),
        (BOOKS, "Show the average rating per book.", "The average rating of books is calculated."),
        (BOOKS, "Show the number of reviews per book.", "The number of reviews of books is calculated."),
    ],
)  # fmt: skip
def test_views_in_the_words_of_people(first: str, sentence: str, text: str) -> None:
    reading = read_app(first + sentence)
    assert [one.text for one in reading.fulfilled] == [text]
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Show a chart of pages per month.",
        "Show a calendar of books.",
        "Show a board by status.",
        "My aunt kept a paper calendar but she retires.",
        "A chart of the weight per book.",
    ],
)
def test_a_view_of_what_is_not_there_is_not_built(sentence: str) -> None:
    assert read_app(BOOKS + sentence).fulfilled == ()


def test_what_stands_on_a_board_begins_in_its_first_column() -> None:
    books = "books with title and shelf (wanted, reading, read). "
    assert read_app(books).spec.entity("book").field("shelf").default is None
    spec = read_app(books + "A board by shelf.").spec
    assert spec.entity("book").field("shelf").default == "wanted"
