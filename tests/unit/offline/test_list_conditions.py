from stackwright.offline.list_conditions import dates_of, says
from stackwright.offline.reader import read_app
from stackwright.scaffold.words import Condition

LOAN = read_app("Loans with borrower, due date, returned yes/no, fee").spec.entities[0]


def told(**words: object) -> str:
    return says(LOAN, Condition.model_validate(words))


def test_each_condition_is_said_in_a_sentence() -> None:
    assert [one.name for one in dates_of(LOAN)] == ["due_date"]
    assert told(field="due_date", to_day=-1) == "due date is before today"
    assert told(field="due_date", from_day=0, to_day=7) == "due date is within 7 days from today"
    assert told(field="due_date", from_day=-7, to_day=0) == "due date is within the last 7 days"
    assert told(field="due_date", from_day=1, to_day=1) == "due date is tomorrow"
    assert told(field="due_date", period="month") == "due date is in this month"
    assert told(field="returned", values=(False,)) == "returned is no"
    assert told(field="borrower", empty=True) == "borrower is empty"
    assert told(field="fee", more_than=3) == "fee is more than 3"
