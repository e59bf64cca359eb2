import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("remove the export", "nothing"),
        ("remove the logo", "nothing"),
        ("stop the reminders", "nothing"),
        ("remove the landing page", "nothing"),
    ],
)
def test_a_follow_up_says_that_there_is_nothing_to_remove(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
