import pytest

from fixtures.small_api import SmallApi, trial_of_bookings, with_a_booking
from stackwright.verify.meaning.references import try_deleting_what_is_referred_to, try_references


@pytest.mark.parametrize("on_delete", ["cascade", "refuse", "clear", "title"])
async def test_what_becomes_of_records_that_refer_to_a_deleted_one_is_the_apps_choice(
    on_delete: str,
) -> None:
    api = SmallApi(on_delete=on_delete)
    trial = trial_of_bookings(api)
    await try_deleting_what_is_referred_to(trial)
    assert trial.problems == []
    assert api.records == {"rooms": {}, "bookings": {}}


async def test_but_they_may_not_refer_to_what_is_not_there() -> None:
    api = SmallApi(on_delete="keep")
    trial = trial_of_bookings(api)
    await try_deleting_what_is_referred_to(trial)
    (problem,) = trial.problems
    assert "leaves a record of bookings whose room_id is the deleted record" in problem
    assert api.records["bookings"] == {}


async def test_a_reference_to_nothing_is_refused() -> None:
    trial = await with_a_booking(trial_of_bookings(SmallApi()))
    await try_references(trial)
    (problem,) = trial.problems
    assert "POST /api/bookings accepts room_id" in problem
