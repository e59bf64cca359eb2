import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("the title should be mandatory", "nothing"),
        ("the default status is sold", "nothing"),
        ("the status can also be lent", "nothing"),
        ("pages must be from 5 to 2", "nothing"),
    ],
)
def test_a_follow_up_says_when_it_is_so_already(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
