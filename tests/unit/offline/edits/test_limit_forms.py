import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("pages must be at least 1", "book.pages: integer 0.. -> integer 1.."),
        ("pages can't be more than 2,000", "book.pages: integer 0.. -> integer 0..2000"),
        ("limit the pages to 500", "book.pages: integer 0.. -> integer 0..500"),
        ("pages between 10 and 20", "book.pages: integer 0.. -> integer 10..20"),
        ("pages must be more than 5", "book.pages: integer 0.. -> integer 6.."),
        (
            "the bought date can't be in the future",
            "+ book rule not_future_bought_on: field=bought_on",
        ),
        ("drop the limits on pages", "book.pages: integer 0.. -> integer"),
        ("the title must be at least 3", "nothing"),
    ],
)
def test_a_follow_up_keeps_a_number_or_a_date_within_limits(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
