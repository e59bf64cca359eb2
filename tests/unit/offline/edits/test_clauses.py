import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        (
            "make the author required and the pages optional",
            "book.author: string -> string required",
        ),
        (
            "the pages can't be below 1, and neither can the pages",
            "book.pages: integer 0.. -> integer 1..",
        ),
        ("a bit darker please", "+ kit look style: midnight"),
        ("what do members have?", "nothing"),
        ("thanks, that's lovely!", "nothing"),
    ],
)
def test_a_follow_up_does_each_part_and_names_what_it_left(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
