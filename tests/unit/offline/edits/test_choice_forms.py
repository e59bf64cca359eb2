import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        (
            "add damaged and sold to the status",
            "book.status: enum (available|lent|lost) -> enum (available|lent|lost|damaged|sold)",
        ),
        (
            'please also have "sold" as a status',
            "book.status: enum (available|lent|lost) -> enum (available|lent|lost|sold)",
        ),
        (
            "the author can be Anna, Bo or Cy",
            "+ book filter author: yes; book.author: string -> enum (Anna|Bo|Cy)",
        ),
        (
            "change the status to in, out",
            "book.status: enum (available|lent|lost) -> enum (in|out)",
        ),
        ("add blue to the author", "nothing"),
    ],
)
def test_a_follow_up_adds_and_sets_choices(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
