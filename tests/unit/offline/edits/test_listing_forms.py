import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("sort the books by title", "+ book sort: title"),
        ("show the newest books first", "+ book sort: -bought_on"),
        ("list members alphabetically", "+ member sort: name"),
        ("sort by author and then by title", "+ book sort: author"),
        ("hide the phone of the members", "+ member columns: email"),
        ("let the list of books show only author and status", "+ book columns: author status"),
        ("filter books by author", "+ book filter author: yes"),
        ("remove the status filter", "- book filter status: yes"),
        (
            "move the pages before the author",
            "order: book.title book.pages book.author book.status book.bought_on member.name member.email member.phone",
        ),
        ("don't sort the books", "nothing"),
    ],
)
def test_a_follow_up_orders_shows_and_filters_lists(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
