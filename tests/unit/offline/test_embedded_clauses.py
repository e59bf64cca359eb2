import time

import pytest

from stackwright.offline.embedded_clauses import field_of_clause


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the date it came in", "came in on (date)"),
        ("the day she finished it", "day finished"),
        ("the time I took it", "time taken (time)"),
        ("the year the queen was born", "year queen born (year)"),
        ("when the warranty ends", "warranty ends on (date)"),
        ("when it must be ready", "ready on (date)"),
        ("when it was last serviced", "last serviced"),
        ("where taken", "place taken"),
        ("where it hangs", "location"),
        ("whether I had taken my pills", "taken pills (boolean)"),
        ("whether the deposit was paid", "deposit paid (boolean)"),
        ("whether it needs a cover", "needs cover (boolean)"),
        ("a flag whether they need halal food", "need halal food (boolean)"),
        ("if I had to help", "help (boolean)"),
        ("the school they attend", "school"),
        ("the shelf on which it stands", "shelf"),
        ("the volunteer who packed it", "volunteer"),
        ("the person who took it", "who took it"),
        ("the amount we were paid", "amount paid"),
        ("how many frames of brood I saw", "frames of brood (integer)"),
        ("how heavy it is", "weight"),
        ("how much it costs", "price (money)"),
        ("which bench it stands on", "bench"),
        ("what kind of thing it is", "type"),
        ("what it is made of", "material"),
        ("is it rented", "rented (boolean)"),
    ],
)
def test_a_question_or_a_relative_clause_names_one_field(text: str, name: str) -> None:
    assert field_of_clause(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "the species",
        "if known",
        "who repaired it",
        "what for",
        "a list that lives in her father's head",
        "a number that must be unique",
        "Members say whether they come",
    ],
)
def test_what_is_no_such_clause_stays_as_it_is(text: str) -> None:
    assert field_of_clause(text) is None


def test_a_very_long_text_is_not_looked_into() -> None:
    start = time.perf_counter()
    assert field_of_clause("when it " * 25_000) is None
    assert time.perf_counter() - start < 1
