import pytest

from stackwright.offline.unsupported import needs_model, why_not_built


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("a car cannot be rented twice on the same day", "rules"),
        ("max 12 people", "rules"),
        ("only staff may edit prices", "rights"),
        ("members log in", "logins"),
        ("a chart of sales per month", "Pages"),
        ("show me all overdue loans", "Pages"),
        ("the total of unpaid fees", "Figures"),
        ("send me an email reminder", "e-mail field"),
        ("photos of the animals", "uploaded"),
        ("sort the books by year", "sorted"),
        ("import my contacts from CSV", "imported from CSV"),
    ],
)
def test_each_wish_that_is_not_built_has_its_reason(phrase: str, why: str) -> None:
    assert why in why_not_built(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["price per day", "number of guests", "start date", "deposit paid", "phone number", "notes"],
)
def test_fields_are_no_such_wishes(phrase: str) -> None:
    assert why_not_built(phrase) == ""


def test_a_change_may_set_rules_that_fields_have() -> None:
    assert not needs_model("pages must not be empty")
