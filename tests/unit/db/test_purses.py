import pytest

from stackwright.db.purses import LimitState


@pytest.mark.parametrize(("spent", "reserved", "is_passed"), [(0.4, 5.0, False), (0.6, 0.0, True)])
def test_only_what_was_spent_passes_a_limit_for_good(
    spent: float, reserved: float, is_passed: bool
) -> None:
    limit = LimitState("user", "usd", "user", spent, reserved, 1.0, 0, 0.5)
    assert limit.is_passed is is_passed
