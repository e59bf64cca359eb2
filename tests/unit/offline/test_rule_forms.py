import pytest

from stackwright.offline.reader import read_app

ROOMS = "rooms with name and seats, bookings with room, start, end, people and contact. "
COURSES = "courses with title, start and places; sign-ups with course, person name and email. "
INVOICES = (
    "invoices with number, customer, due date, amount, paid amount and status (draft, sent, paid). "
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
        (ROOMS, "A booking can't end before it starts.", "End of bookings is after the start."),
        (ROOMS, "The room name must be unique.", "No two rooms have the same name."),
        (COURSES, "At most 12 participants per course.", "A course has at most 12 sign ups."),
        (COURSES, "A course can have at most 12 sign-ups.", "A course has at most 12 sign ups."),
        (COURSES, "No more sign-ups than places.", "A course has no more sign ups than its places."),
        (COURSES, "Participants can cancel until 2 days before the start.", "Sign ups can be deleted until 2 days before the start."),
        (INVOICES, "Numbers must be unique.", "No two invoices have the same number."),
        (INVOICES, "No two invoices may have the same number.", "No two invoices have the same number."),
        (INVOICES, "An invoice can only go from draft to sent to paid.", "Status of invoices goes from draft to sent to paid only."),
        (INVOICES, "The paid amount must not be higher than the amount.", "Paid amount of invoices is at most the amount."),
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
    ],
)
def test_a_rule_about_what_is_not_there_is_not_built(first: str, sentence: str) -> None:
    reading = read_app(first + sentence)
    assert reading.fulfilled == ()
    assert reading.unbuilt or reading.unread
