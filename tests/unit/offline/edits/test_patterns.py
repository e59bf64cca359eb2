import re

import pytest

from stackwright.offline.edits.patterns import number, number_of


@pytest.mark.parametrize(
    ("words", "value"),
    [("2,000", 2000), ("$5.50", 5.5), ("25 years", 25), ("ten", 10), ("-3", -3), ("100%", 100)],
)
def test_numbers_are_read_with_their_units(words: str, value: float) -> None:
    found = re.fullmatch(number("n"), words)
    assert found is not None
    assert number_of(found["n"]) == value
