import time

import pytest

from stackwright.offline.asked_lists import asked_things
from stackwright.offline.reader import read_app

BOOKINGS = (
    "Rooms have a name, the number of beds and a price. Bookings have a room, an arrival, a departure, the number of "
    "people and a status (asked, paid). "
)


@pytest.mark.parametrize(
    ("sentence", "things"),
    [
        (
            "I want a board by status, a chart of the earnings per month, and nobody but the boss may delete a booking.",
            ["I want a board by status", "a chart of the earnings per month", "nobody but the boss may delete a booking."],
        ),
        ("a calendar and a chart of bookings per month", ["a calendar", "a chart of bookings per month"]),
        ("A chart of bookings per month and room", ["A chart of bookings per month and room"]),
        ("Show average, total and count per room", ["Show average, total and count per room"]),
        ("books with title, average rating and a total", ["books with title, average rating and a total"]),
        ("a list of rooms (name, total beds) and a calendar", ["a list of rooms (name, total beds)", "a calendar"]),
    ],
)  # fmt: skip
def test_each_thing_that_is_asked_for_is_one_wish(sentence: str, things: list[str]) -> None:
    assert asked_things(sentence) == things


def test_what_stands_beside_a_calendar_is_not_lost() -> None:
    asked = "I want a calendar of the bookings, the number of nights, and a chart of bookings per month."
    reading = read_app(f"{BOOKINGS}There can't be more people than the room has beds. {asked}")
    assert [one.text for one in reading.fulfilled] == [
        "Number of people of bookings is at most the number of beds of the room.",
        "Bookings stand in a calendar.",
        "The number of nights of bookings is calculated.",
        "A chart shows how many bookings per month, by arrival.",
    ]
    assert (reading.unread, reading.unbuilt) == ((), ())


@pytest.mark.parametrize("words", [", a chart ", "and the ", "(total, ", "i want "])
def test_long_sentences_are_taken_apart_in_no_time(words: str) -> None:
    start = time.perf_counter()
    assert asked_things((words * 50_000)[:100_000])
    assert time.perf_counter() - start < 2
