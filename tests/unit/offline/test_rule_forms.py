import time

import pytest

from stackwright.offline.reader import read_app
from stackwright.offline.rule_forms import FORMS

ROOMS = "rooms with name and seats, bookings with room, start, end, people and contact. "
COURSES = "courses with title, start and places; sign-ups with course, person name and email. "
INVOICES = (
    "invoices with number, customer, due date, amount, paid amount and status (draft, sent, paid). "
)
RIDES = (
    "Drivers have a name and a phone. Rides have a date, a place, a start time, an end time and passengers. "
    "Each ride belongs to a driver. "
)
SAMPLES = (
    "Racks have a number and seats. Samples have a code, a box and a position. "
    "Each sample belongs to a rack. "
)


@pytest.mark.parametrize(
    ("first", "sentence", "text"),
    [
        (ROOMS, "Two bookings of the same room must not overlap.", "Two bookings of the same room cannot overlap."),
        (ROOMS, "No double bookings.", "Two bookings of the same room cannot overlap."),
        (ROOMS, "A room cannot be booked twice at the same time.", "Two bookings of the same room cannot overlap."),
        (ROOMS, "A booking can't be in the past.", "Start of bookings is not in the past."),
        (ROOMS, "Bookings must be in the future.", "Start of bookings is not in the past."),
        (ROOMS, "The end must be after the start.", "End of bookings is after the start."),
        (ROOMS, "A booking can't end before it starts.", "End of bookings is not before the start."),
        (ROOMS, "The room name must be unique.", "No two rooms have the same name."),
        (COURSES, "At most 12 participants per course.", "A course has at most 12 sign ups."),
        (COURSES, "A course can have at most 12 sign-ups.", "A course has at most 12 sign ups."),
        (COURSES, "No more sign-ups than places.", "A course has no more sign ups than its places."),
        (COURSES, "Participants can cancel until 2 days before the start.", "Sign ups can be deleted until 2 days before the start."),
        (INVOICES, "Numbers must be unique.", "No two invoices have the same number."),
        (INVOICES, "No two invoices may have the same number.", "No two invoices have the same number."),
        (INVOICES, "An invoice can only go from draft to sent to paid.", "Status of invoices goes from draft to sent to paid only."),
        (INVOICES, "The paid amount must not be higher than the amount.", "Paid amount of invoices is at most the amount."),
        (RIDES, "A driver can't have two rides at the same date.", "No two rides have the same driver and date."),
        (RIDES, "No driver has more than one ride per day.", "No two rides have the same driver and date."),
        (RIDES, "A driver may have at most one ride per day.", "No two rides have the same driver and date."),
        (RIDES, "A driver can only do one ride at a time.", "Two rides of the same driver cannot overlap."),
        (RIDES, "A ride cannot be planned in the past.", "Date of rides is not in the past."),
        (RIDES, "New rides must lie in the future.", "Date of rides is not in the past."),
        (RIDES, "Rides in the past can't be planned.", "Date of rides is not in the past."),
        (RIDES, "Rides end after they start.", "End time of rides is after the start time."),
        (RIDES, "A ride takes at most 8 passengers.", "Passengers of rides is at most 8."),
        (RIDES, "Never more than 8 passengers in a ride.", "Passengers of rides is at most 8."),
        (RIDES, "The number of passengers must never be negative.", "Passengers of rides is at least 0."),
        (SAMPLES, "Two samples can't be in the same rack, box and position.", "No two samples have the same rack and box and position."),
        (SAMPLES, "The same position in a box can't be used twice.", "No two samples have the same position and box."),
        (SAMPLES, "Every code may be used only once.", "No two samples have the same code."),
        (SAMPLES, "The code must be different for every sample.", "No two samples have the same code."),
        (SAMPLES, "Box and position together may only occur once.", "No two samples have the same box and position."),
        (SAMPLES, "No code twice.", "No two samples have the same code."),
        (SAMPLES, "A rack must not hold more samples than it has seats.", "A rack has no more samples than its seats."),
    ],
)  # fmt: skip
def test_rules_in_the_words_of_people(first: str, sentence: str, text: str) -> None:
    reading = read_app(first + sentence)
    assert [one.text for one in reading.fulfilled] == [text]
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (ROOMS, "A dentist must not have two bookings at the same time."),
        (ROOMS, "At most 12 dogs per room."),
        (COURSES, "The weight must be unique."),
        (COURSES, "A course must not be in the cellar."),
        (INVOICES, "An invoice can only go from draft to lost."),
        (INVOICES, "The customer must be after the due date."),
        (RIDES, "A driver can't have two rides with the same moon."),
        (RIDES, "A driver can't have two dogs on the same day."),
        (SAMPLES, "The same song in a box can't be used twice."),
    ],
)
def test_a_rule_about_what_is_not_there_is_not_built(first: str, sentence: str) -> None:
    reading = read_app(first + sentence)
    assert reading.fulfilled == ()
    assert reading.unbuilt or reading.unread


def test_a_field_that_is_spoken_of_again_stays_where_it_is() -> None:
    spec = read_app(f"{RIDES}{SAMPLES}The phone is required.").spec
    assert spec.entity("driver").field("phone").required
    assert "phone" not in {one.name for one in spec.entity("sample").fields}


@pytest.mark.parametrize(
    "words",
    ["a driver can't have two ", "two samples, ", "the same box in a ", "one ride at a time "],
)
def test_long_messages_are_matched_in_no_time(words: str) -> None:
    text = (words * 20_000)[:60_000]
    start = time.perf_counter()
    assert not any(form.fullmatch(text) for form, _ in FORMS)
    assert time.perf_counter() - start < 2
