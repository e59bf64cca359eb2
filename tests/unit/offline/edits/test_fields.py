import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("make the pages yes/no", "+ book filter pages: yes; book.pages: integer 0.. -> boolean"),
        ("make the bought date required", "book.bought_on: date -> date required"),
    ],
)
def test_a_follow_up_retypes_without_what_fits_no_more(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
