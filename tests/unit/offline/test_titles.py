import pytest

from stackwright.offline.titles import MAX_INTRODUCTION, introduction_of

LONG = "parcels and " * 40


@pytest.mark.parametrize(
    ("message", "introduction"),
    [
        ("Books with title.\nLoans.", "Books with title. Loans."),
        (f"We carry parcels. Ours are big! Please keep {LONG}.", "We carry parcels. Ours are big!"),
        (f"We carry {LONG}", "We carry " + "parcels and " * 15 + "parcels…"),
    ],
)
def test_an_app_is_introduced_by_whole_sentences(message: str, introduction: str) -> None:
    assert introduction_of(message) == introduction
    assert len(introduction) <= MAX_INTRODUCTION
