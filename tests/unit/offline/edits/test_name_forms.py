import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        (
            "rename author to writer",
            "renames book.author>book.writer; - book.author: string; + book.writer: string",
        ),
        (
            'call "lent" "out" instead',
            "renames book.status>book.status lent>out; book.status: enum (available|lent|lost) -> enum (available|out|lost)",
        ),
        ("remove the phone of the members", "- member.phone: phone"),
        ("we don't need the pages anymore", "- book.pages: integer 0.."),
        ("the phone isn't needed any more, nobody calls", "- member.phone: phone"),
        ("remove the wheels", "nothing"),
        ("remove the calendar", "nothing"),
        ("remove the login", "nothing"),
        (
            "take lost out of the status",
            "book.status: enum (available|lent|lost) -> enum (available|lent)",
        ),
        ("bring back the shelf", "nothing"),
    ],
)
def test_a_follow_up_calls_removes_and_brings_back_what_it_names(
    message: str, changed: str
) -> None:
    assert changes_of(message, library()) == changed
