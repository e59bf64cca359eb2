"""Each rule in several wordings that no row of a table has, and what only sounds like a rule."""

import time

import pytest

from stackwright.offline.reader import read_app
from stackwright.offline.rule_intents import rule_of
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.words import key_of

APP = (
    "Rooms with name, capacity (number) and floor (number). "
    "Members with name, email and card number. "
    "Bookings have a room, a member, a start (date and time), an end (date and time) and seats (number). "
    "Appointments: dentist, patient name, date, time, duration (min). "
    "Harvests: date, kg (number), humidity (number), price. "
    "Orders: number, status (draft, sent, paid, cancelled), order date, delivery date. "
    "Tickets: number, film, state (reserved, sold, refunded). "
    "Trips: skipper, departure (date and time), return (date and time), passengers (number). "
    "Films: title. Scores of a film: member, points (number). "
)


@pytest.fixture(scope="module")
def spec() -> AppSpec:
    return read_app(APP).spec


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("Nobody may book two appointments for the same dentist at the same time", "Two appointments of the same dentist cannot overlap."),
        ("Appointments of one dentist must never clash", "Two appointments of the same dentist cannot overlap."),
        ("a dentist can't have two appointments at once", "Two appointments of the same dentist cannot overlap."),
        ("Two members can't have the same room at the same time", "Two bookings of the same room cannot overlap."),
        ("It should be impossible to double-book a room", "Two bookings of the same room cannot overlap."),
        ("avoid overlapping bookings of a room", "Two bookings of the same room cannot overlap."),
        ("A member may not be in two rooms simultaneously", "Two bookings of the same member cannot overlap."),
        ("a room can only be booked by one member at a time", "Two bookings of the same room cannot overlap."),
        ("a skipper must not be on two trips at once", "Two trips of the same skipper cannot overlap."),
        ("the same room can't be reserved by two members for the same time", "Two bookings of the same room cannot overlap."),
        ("a refunded ticket can't be sold again", "State of tickets: what is refunded cannot become sold."),
        ("max 6 passengers", "Passengers of trips is at most 6."),
        ("Harvest can't be in the future", "Date of harvests is not in the future."),
        ("The date of a harvest must not be later than today", "Date of harvests is not in the future."),
        ("please don't allow bookings in the past", "Start of bookings is not in the past."),
        ("Nobody can book in the past", "Start of bookings is not in the past."),
        ("appointments before today are not possible", "Date of appointments is not in the past."),
        ("The delivery date may never be before the order date", "Delivery date of orders is not before the order date."),
        ("Delivery date always after order date", "Delivery date of orders is after the order date."),
        ("A delivery date earlier than the order date is not allowed", "Delivery date of orders is not before the order date."),
        ("the seats of a booking can't exceed the capacity of the room", "Seats of bookings is at most the capacity of the room."),
        ("No more seats than the room has capacity", "Seats of bookings is at most the capacity of the room."),
        ("One score per member per film", "No two scores have the same member and film."),
        ("Each member can score a film just once", "No two scores have the same member and film."),
        ("a member must not have more than one score for the same film", "No two scores have the same member and film."),
        ("Card numbers are unique", "No two members have the same card number."),
        ("two members can never have the same card number", "No two members have the same card number."),
        ("duplicate card numbers must be refused", "No two members have the same card number."),
        ("no card number may be given twice", "No two members have the same card number."),
        ("humidity must be 0-100", "Humidity of harvests is from 0 to 100."),
        ("The kg of a harvest can't go below zero", "Kg of harvests is at least 0."),
        ("prices are never negative", "Price of harvests is at least 0."),
        ("not more than 500 kg per harvest", "Kg of harvests is at most 500."),
        ("a room takes no more than 20 bookings", "A room has at most 20 bookings."),
        ("max 20 bookings per room", "A room has at most 20 bookings."),
        ("An order can't be paid before it is sent", "Status of orders: paid comes only after sent."),
        ("orders can only be paid once they have been sent", "Status of orders: paid comes only after sent."),
        ("a paid order can't be cancelled", "Status of orders: what is paid cannot become cancelled."),
        ("an order can't be cancelled once it is paid", "Status of orders: what is paid cannot become cancelled."),
        ("the status only goes forwards", "Status of orders goes forwards only: draft, sent, paid, cancelled."),
        ("The status must never go backwards", "Status of orders goes forwards only: draft, sent, paid, cancelled."),
    ],
)  # fmt: skip
def test_a_few_key_words_in_any_order_ask_for_a_rule(spec: AppSpec, clause: str, text: str) -> None:
    made = rule_of(spec, clause)
    assert made is not None
    assert made[1].text == text
    AppSpec.model_validate(made[0].model_dump())


@pytest.mark.parametrize(
    "clause",
    [
        "Bookings may overlap",
        "warn me if bookings overlap",
        "No two bookings of the same projector at the same time",
        "A dentist can't have two dogs at the same time",
        "we can't be in two places at once",
        "a room can't be booked by more than three members at the same time",
        "show bookings in the past",
        "bookings in the past are grey",
        "Nobody can book more than a year ahead",
        "a new order can't be lower than the one before",
        "an order can't be delivered again until it has come back",
        "the start must be unique within the building",
        "the home team can't be the same as the away team",
        "never more than 24 seats on one night",
        "at most 3 bookings per member per week",
        "harvests with more than 300 kg should be marked",
        "if humidity is above 95 it should go red",
        "orders are paid and sent",
        "an order is draft, sent or paid",
        "at least 5 bookings per room",
        "the film is shown twice",
        "Members score films",
    ],
)
def test_what_only_sounds_like_a_rule_is_left(spec: AppSpec, clause: str) -> None:
    made = rule_of(spec, clause)
    assert made is None, made[1].text


def test_a_second_rule_takes_none_away(spec: AppSpec) -> None:
    first = rule_of(spec, "Bookings of a room must not overlap")
    assert first is not None
    assert rule_of(first[0], "a member can't be in two rooms at the same time") is None
    assert rule_of(first[0], "no double bookings of a room") is not None
    few = rule_of(first[0], "max 20 bookings per room")
    assert few is not None
    many = rule_of(few[0], "max 30 bookings per room")
    assert many is not None
    assert len(many[0].entity("booking").rules) == 2


@pytest.mark.parametrize(
    "words",
    ["a driver can't have two ", "the same room in a ", "not more than 3 ", "paid before sent ", "1,"],
)  # fmt: skip
def test_long_messages_are_matched_in_no_time(spec: AppSpec, words: str) -> None:
    began = time.perf_counter()
    rule_of(spec, (words * 20_000)[:60_000])
    rule_of(spec, words.replace(" ", "") * 2_000)
    assert time.perf_counter() - began < 2


def test_two_rules_of_what_is_not_twice_have_names_of_their_own() -> None:
    reading = read_app(
        "Lessons have a teacher, a date, a start time and a room. "
        "A teacher can't give two lessons at the same time. "
        "A room can't have two lessons at the same time."
    )
    rules = reading.spec.entity("lesson").rules
    assert len({key_of(one) for one in rules}) == len(rules) == 2


def test_a_loan_begins_when_it_was_lent_and_ends_when_it_is_due() -> None:
    reading = read_app(
        "Books: title. Loans: book, lent on, due date, returned on. "
        "A book can't be lent twice at the same time."
    )
    assert [one.text for one in reading.fulfilled] == ["Two loans of the same book cannot overlap."]


@pytest.mark.parametrize("day", ["the day it was lent", "the lent on date", "lent on"])
def test_a_day_is_known_by_what_happened_on_it(day: str) -> None:
    told = f"Books: title. Loans: book, lent on, due date. The due date can't be before {day}."
    texts = [one.text for one in read_app(told).fulfilled]
    assert texts == ["Due date of loans is not before the lent on."]


def test_what_is_lent_twice_says_nothing_of_where_it_is_kept() -> None:
    reading = read_app(
        "Sheds: name. Tools: name, shed, start date, end date. "
        "A tool can't be lent twice at the same time."
    )
    assert reading.fulfilled == ()
    assert [one.words for one in reading.unbuilt] == ["A tool can't be lent twice at the same time"]
