from pathlib import Path

from stackwright.scaffold.rule_trials import Trial, trial_of
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
APP = app_view(AppSpec.model_validate_json((DATA / "bookings.json").read_text()))
KANBAN = app_view(AppSpec.model_validate_json((DATA / "kanban.json").read_text()))
LIMITS = KANBAN.entity("task").spec.rules


def trials(name: str) -> list[Trial]:
    entity = APP.entity(name)
    return [trial_of(APP, entity, rule) for rule in entity.spec.rules]


def test_what_breaks_a_rule_is_sent() -> None:
    overlap, past, compare, steps, _ = trials("booking")
    assert overlap.twice
    assert "15:30" in overlap.right
    assert past.wrong == '{"start": "2020-03-31T14:30:00Z"}'
    assert compare.wrong == '{"guests": 5}'
    assert (steps.before, steps.wrong) == (('{"status": "Confirmed"}',), '{"status": "Asked"}')


def test_a_choice_is_made_full() -> None:
    (full,) = [trial_of(KANBAN, KANBAN.entity("task"), rule) for rule in LIMITS]
    assert (len(full.before), full.wrong) == (3, '{"status": "Doing"}')
    assert full.message == "Column Doing is full: at most 3 tasks."


def test_a_place_is_made_full() -> None:
    assert trials("sign_up")[0].target == "course_id:places:1"
