import pytest

from stackwright.offline.reader import read_app

SEATS = (
    "Seats have a code. Students have a name. Reservations have a seat, a student, a date and a time slot "
    "(morning, evening). "
)


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("A seat can be reserved only once.", ("seat_id",)),
        ("Each seat can be reserved once per date.", ("seat_id", "date")),
        ("Each seat can be reserved once per date and slot.", ("seat_id", "date", "time_slot")),
        ("The same seat cannot be used for two reservations on the same day.", ("seat_id", "date")),
        ("One reservation per student, date and slot.", ("student_id", "date", "time_slot")),
    ],
)
def test_what_is_there_once_is_told_with_all_that_counts(
    sentence: str, fields: tuple[str, ...]
) -> None:
    (rule,) = read_app(SEATS + sentence).spec.entity("reservation").rules
    assert rule.model_dump()["fields"] == fields


def test_what_is_once_per_something_unknown_is_not_built() -> None:
    reading = read_app(SEATS + "Each seat can be reserved once per date and moon.")
    assert reading.spec.entity("reservation").rules == ()
