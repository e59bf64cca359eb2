import pytest

from stackwright.offline.reader import read_app

ROOMS = "rooms with name and seats, bookings with room, start, end, people and contact. "


def test_what_a_rule_is_about_is_required() -> None:
    booking = read_app(ROOMS + "No double bookings.").spec.entity("booking")
    assert [booking.field(name).required for name in ("room_id", "start", "end")] == [True] * 3
    assert booking.field("start").type == "datetime"


@pytest.mark.parametrize(
    "text",
    [
        "Rooms have a name. A booking has a room, a start and takes 60 minutes; bookings may not overlap.",
        "A booking takes 90 minutes and has a start. Bookings must not overlap.",
    ],
)
def test_what_takes_as_long_each_time_has_a_length_so_that_it_cannot_overlap(text: str) -> None:
    reading = read_app(text)
    booking = reading.spec.entity("booking")
    assert booking.field("start").type == "datetime"
    assert booking.field("duration").default in (60, 90)
    (rule,) = booking.rules
    assert (rule.rule, getattr(rule, "minutes", "")) == ("no_overlap", "duration")
    assert reading.unbuilt == ()


def test_a_thing_that_is_rented_twice_says_nothing_of_its_own_dates() -> None:
    boards = "Boards have a number and a date of the last waxing. "
    reading = read_app(boards + "A board can't be rented twice at the same time.")
    assert reading.spec.entities[0].rules == ()
    assert len(reading.unbuilt) == 1


def test_what_nobody_can_do_at_once_is_no_rule_of_a_record_that_is_not_named() -> None:
    reading = read_app(
        "Shows have a title. A puppet has a name and a date and belongs to a show. "
        "We can't be at two schools at the same time."
    )
    assert [e.rules for e in reading.spec.entities] == [(), ()]
    assert len(reading.unbuilt) == 1
