import pytest

from stackwright.offline.reader import read_app

STAYS = "Stays have an arrival date and a departure date. "


@pytest.mark.parametrize(
    "sentence",
    ["Departure must be after arrival.", "The departure date must be after the arrival date."],
)
def test_a_date_may_be_called_by_its_first_word(sentence: str) -> None:
    (rule,) = read_app(STAYS + sentence).spec.entities[0].rules
    assert rule.model_dump() == {
        "rule": "compare",
        "field": "departure_date",
        "must_be": "more",
        "than": "arrival_date",
    }


def test_a_status_goes_the_way_that_is_told() -> None:
    tickets = "Tickets have a title. Status goes from new to in progress to solved."
    (rule,) = read_app(tickets).spec.entities[0].rules
    assert rule.model_dump()["allowed"] == {"new": ("in progress",), "in progress": ("solved",)}
