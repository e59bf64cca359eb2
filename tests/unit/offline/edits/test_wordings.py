import pytest

from fixtures.follow_ups import changes_of, library


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("could books also have a price? It's usually 25", "+ book.price: money default=25"),
        (
            "each book can repeat: never, daily",
            "+ book.repeat: enum (never|daily); + book filter repeat: yes",
        ),
    ],
)
def test_a_follow_up_understands_turns_of_speech(message: str, changed: str) -> None:
    assert changes_of(message, library()) == changed
