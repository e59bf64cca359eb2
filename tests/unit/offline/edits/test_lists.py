import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("sort the books by number", "nothing"),
        ("hide the title of books", "nothing"),
        ("filter by pages", "nothing"),
    ],
)
def test_a_follow_up_refuses_an_order_that_makes_no_sense(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
