import pytest
from pydantic import ValidationError

from stackwright.core.plans import (
    Plan,
    PlannedPage,
    PlannedRecord,
    PlannedWish,
    as_message,
    is_approved_plan,
)

PLAN = Plan(
    title="Bike Shop",
    wishes=(
        PlannedWish(text="Repairs are listed", kind="data"),
        PlannedWish(text="A message is sent", not_built="There is no mail server."),
    ),
    records=(PlannedRecord(name="Repairs", fields=("problem", "price (money)")),),
    pages=(PlannedPage(route="/repairs", shows="a list"),),
    decisions=("Prices are in euros.",),
)


def test_a_plan_becomes_a_message_that_says_all_of_it() -> None:
    message = as_message(PLAN, ["w3", "w4"])
    assert is_approved_plan(message)
    assert message.splitlines()[0] == "Build the plan that I approved: Bike Shop"
    assert "- w3 (data): Repairs are listed" in message
    assert "- w4 (behaviour): A message is sent Not built: There is no mail server." in message
    assert "- Repairs: problem, price (money)" in message
    assert "- /repairs: a list" in message
    assert "Left open" not in message


def test_a_plan_is_bounded_and_has_wishes() -> None:
    with pytest.raises(ValidationError):
        Plan(title="Empty", wishes=())
    with pytest.raises(ValidationError):
        PlannedWish(text="x" * 301)
    with pytest.raises(ValidationError):
        PlannedWish(text="half \ud800")
