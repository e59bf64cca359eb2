from stackwright.offline.reader import read_app

FLATS = "A flat has a name and a number of beds. "
STAY = (
    "A booking is for one flat and has an arrival day, a departure day and the number of guests. "
)
PLAYS = "Performances have a title, a date and a number of seats. "


def test_guests_of_a_stay_are_compared_with_the_beds() -> None:
    (rule,) = read_app(FLATS + STAY + "A flat can't take more guests than beds.").spec.entity("booking").rules  # fmt: skip
    assert rule.model_dump() == {
        "rule": "compare",
        "field": "number_of_guests",
        "must_be": "at_most",
        "than": "flat_id.number_of_beds",
    }


def test_seats_that_are_taken_are_added_up() -> None:
    seats = "Each reservation belongs to a performance and has a name and seats. "
    spec = read_app(PLAYS + seats + "No performance may be overbooked.").spec
    (rule,) = spec.entity("reservation").rules
    told = rule.model_dump()
    assert (told["maximum_field"], told["amount"]) == ("number_of_seats", "seats")
