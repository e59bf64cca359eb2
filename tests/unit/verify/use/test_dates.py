import pytest

from stackwright.verify.use.dates import a_day_beside


@pytest.mark.parametrize(
    ("shown", "beside"),
    [
        ("Fix it, due 2026-03-15", ""),
        ("Fix it, due Mar 15, 2026 (made on Mar 14, 2026)", ""),
        ("Fix it", ""),
        ("Fix it, due 2026-04-14", ""),
        ("Fix it, due 2026-03-14", "2026-03-14"),
        ("Fix it, due 14 March 2026", "14 March 2026"),
        ("Fix it, due 3/16/2026", "3/16/2026"),
        ("Fix it, due 14.03.2026", "14.03.2026"),
    ],
)
def test_the_day_before_or_after_is_found_in_usual_forms(shown: str, beside: str) -> None:
    assert a_day_beside("2026-03-15", shown) == beside


def test_what_is_no_date_has_no_day_beside_it() -> None:
    assert a_day_beside("tomorrow", "2026-03-14") == ""
