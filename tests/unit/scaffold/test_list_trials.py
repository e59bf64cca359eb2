from pathlib import Path

import pytest

from stackwright.scaffold.list_trials import list_trials
from stackwright.scaffold.spec import AppSpec, EntitySpec
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
SPEC = AppSpec.model_validate_json((DATA / "tool_loans.json").read_text())


def told(spec: AppSpec = SPEC) -> dict[str, dict[str, object]]:
    return {str(one["field"]): one for one in list_trials(app_view(spec).entity("loan"))}


def test_each_condition_keeps_one_record_out() -> None:
    overdue = told()["Overdue loans"]
    assert overdue["inside"] == '{"due": day(-2), "returned": False, "loaned_on": day(-3)}'
    assert overdue["outside"] == [
        '{"due": day(1), "returned": False, "loaned_on": day(0)}',
        '{"due": day(-2), "returned": True, "loaned_on": day(-3)}',
    ]


def test_a_number_is_held_against_another_one() -> None:
    low = told()["Low stock"]
    assert low["inside"] == '{"stock": 1, "minimum_stock": 5}'
    assert low["outside"] == ['{"stock": 1, "minimum_stock": 1}']


def test_what_no_rule_lets_be_entered_is_not_tried() -> None:
    loan = SPEC.entity("loan")
    rules = [*loan.model_dump()["rules"], {"rule": "not_past", "field": "due"}]
    entity = loan.model_dump() | {"rules": rules}
    spec = SPEC.model_dump() | {"entities": [entity, SPEC.entity("tool").model_dump()]}
    titles = told(AppSpec.model_validate(spec))
    assert "Overdue loans" not in titles
    assert "Due within 30 days" in titles


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"field": "gone", "empty": True}, "no field"),
        ({"field": "due"}, "asks for nothing"),
        ({"field": "stock", "to_day": 3}, "is not one of"),
        ({"field": "due", "more_than": 3}, "is not one of"),
        ({"field": "status", "values": ["Lost"]}, "no such value"),
    ],
)
def test_a_list_with_a_name_asks_for_what_its_records_can_have(
    where: dict[str, object], said: str
) -> None:
    loan = SPEC.entity("loan").model_dump(mode="json")
    view = {"view": "list", "title": "Some", "where": [where]}
    with pytest.raises(ValueError, match=said):
        EntitySpec.model_validate(loan | {"views": [view]})
