import pytest

from stackwright.db.purses import Unit
from stackwright.runs.purse import shown


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (12.5, "usd", "$12.50"),
        (0.0421, "usd", "$0.0421"),
        (1_200_000, "tokens", "1,200,000 tokens"),
    ],
)
def test_amounts_are_shown_as_people_read_them(amount: float, unit: Unit, text: str) -> None:
    assert shown(amount, unit) == text
