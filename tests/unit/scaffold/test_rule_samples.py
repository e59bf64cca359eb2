from pathlib import Path

from stackwright.scaffold.rule_samples import beyond, rule_samples
from stackwright.scaffold.spec import AppSpec

DATA = Path(__file__).parents[2] / "data/scaffold"
SPEC = AppSpec.model_validate_json((DATA / "bookings.json").read_text())


def test_samples_keep_the_rules() -> None:
    found = rule_samples(SPEC)
    assert found["booking", "start"] == "2099-03-31T14:30:00Z"
    assert found["booking", "end"] == "2099-03-31T15:30:00Z"
    assert found["booking", "guests"] < found["room", "seats"]
    assert found["sign_up", "born_on"] == "2020-03-31"
    assert found["course", "first_day"] == "2099-03-31"


def test_samples_do_not_fill_a_choice_that_is_limited() -> None:
    spec = AppSpec.model_validate_json((DATA / "kanban.json").read_text())
    assert rule_samples(spec)["task", "status"] == "To do"
    (task,) = spec.entities
    (rule,) = task.rules
    first = rule.model_copy(update={"value": "To do"})
    limited = spec.model_copy(update={"entities": (task.model_copy(update={"rules": (first,)}),)})
    assert rule_samples(limited)["task", "status"] == "Doing"


def test_each_kind_of_value_has_one_beyond_it() -> None:
    assert beyond(3, 1) == 4
    assert beyond("14:30", 1) == "15:30"
    assert beyond("2099-12-31", 1) == "2100-01-01"
