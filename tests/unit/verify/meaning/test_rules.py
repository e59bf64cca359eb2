from fixtures.small_api import SmallApi, trial_of_bookings, with_a_booking
from stackwright.verify.meaning.rules import try_rules_when_changing


async def test_a_rule_that_holds_for_new_and_for_changed_records_is_no_problem() -> None:
    trial = await with_a_booking(trial_of_bookings(SmallApi()))
    await try_rules_when_changing(trial)
    assert trial.problems == []


async def test_a_rule_that_is_forgotten_when_a_record_is_changed_is_told() -> None:
    trial = await with_a_booking(trial_of_bookings(SmallApi(checks=("POST",))))
    await try_rules_when_changing(trial)
    (problem,) = trial.problems
    assert "changes a record into one that POST /api/bookings refuses" in problem
    assert "The room is taken." in problem


async def test_where_the_same_may_be_there_twice_nothing_is_forbidden() -> None:
    trial = await with_a_booking(trial_of_bookings(SmallApi(checks=())))
    await try_rules_when_changing(trial)
    assert trial.problems == []
